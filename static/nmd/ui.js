/* Keys and small behaviours of every page. Without script each page can still be read and saved. */
const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [data-nt-grid]");

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-nt-theme]")) {
    const root = document.documentElement;
    root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    localStorage.setItem("nmd-theme", root.dataset.bsTheme);
  }
});

/* Lists: one row carries data-on; J and K move it, X ticks, Space peeks, Enter opens. */
const list = () => $("[data-nt-list]");
const rows = () => $$("[data-nt-list] tbody tr:not(.nt-group), ul[data-nt-list] > li");
const current = () => Math.max(0, rows().findIndex((row) => "on" in row.dataset));

function move(to) {
  const all = rows();
  if (!all.length) return;
  const row = all[Math.min(all.length - 1, Math.max(0, to))];
  all.forEach((each) => delete each.dataset.on);
  row.dataset.on = "";
  row.scrollIntoView({ block: "nearest" });
  const peek = $(".nt-peek");
  if (peek && !peek.hidden && !$("form", peek)) $("[data-nt-peek]", row)?.click();
}

function tick() {
  const boxes = $$("[data-nt-list] tbody input[type=checkbox]");
  boxes.forEach((box) => box.closest("tr").setAttribute("aria-selected", box.checked));
  const chosen = boxes.filter((box) => box.checked).length;
  const bulk = $(".nt-bulk");
  if (!bulk) return;
  bulk.hidden = chosen === 0;
  $("[data-nt-n]", bulk).textContent = chosen;
}

/* Ticks a row, or with `range` all from the row that was ticked last. */
let from = null;
function tickRow(row, on, range) {
  const all = rows();
  const start = range ? all.findIndex((each) => each.dataset.key === from) : -1;
  const ends = [start < 0 ? all.indexOf(row) : start, all.indexOf(row)].sort((a, b) => a - b);
  all.slice(ends[0], ends[1] + 1).forEach((each) => ($("input[type=checkbox]", each).checked = on));
  from = row.dataset.key;
  tick();
}

document.addEventListener("nt:ticks", tick);
if (list()) tick();

/* Closes the panel; who was in it goes on at her row. False: it was closed already. */
function closePeek() {
  const peek = $(".nt-peek");
  if (!peek || peek.hidden) return false;
  const within = peek.contains(document.activeElement);
  peek.hidden = true;
  peek.replaceChildren();
  if (within) rows()[current()]?.focus({ preventScroll: true });
  return true;
}
function untick() {
  $$("[data-nt-list] input[type=checkbox]:checked").forEach((box) => (box.checked = false));
  tick();
}
/* Escape takes one thing away at a time, the uppermost first. */
function closeFloating() {
  hideWhy();
  const dialog = $("dialog[open]");
  if (dialog) dialog.close();
  else if (!closePeek()) untick();
}

document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-nt-all]");
  const within = all?.closest("[data-nt-list], form");
  within?.querySelectorAll("input[type=checkbox]").forEach((box) => (box.checked = all.checked));
  if (event.target.closest("[data-nt-list]")) tick();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-nt-close]")) closePeek();
  if (event.target.closest("[data-nt-clear]")) untick();
  const row = event.target.closest("[data-nt-list] tbody tr, ul[data-nt-list] > li");
  if (row && !event.target.closest("a, input")) {
    rows().forEach((each) => delete each.dataset.on);
    row.dataset.on = "";
  }
  const box = event.target.closest("[data-nt-list] tbody input[type=checkbox]");
  if (box) tickRow(box.closest("tr"), box.checked, event.shiftKey);
  const dialog = event.target.closest("[data-nt-dialog]");
  if (dialog) document.getElementById(dialog.dataset.ntDialog)?.showModal();
  if (event.target.closest("[data-nt-dismiss]")) event.target.closest("dialog")?.close();
});
document.addEventListener("mousedown", (event) => {
  if (event.shiftKey && event.target.closest("[data-nt-list] input")) event.preventDefault(); // ticks, selects no text
});
document.body.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.matches(".nt-peek")) event.detail.target.hidden = false;
});

const GO = { d: "/", w: "/worklist/", c: "/caseload/", p: "/patients/" };
let went = 0;
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest("form") ?? $("#record");
    if (!form?.matches("[data-nt-bulk]")) form?.requestSubmit(); // a list has no one act of its own
    return;
  }
  if (event.key === "Escape") closeFloating();
  if (document.body.dataset.ntKeys === "off") return;
  if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if (Date.now() - went < 1000 && GO[key]) {
    location.assign(GO[key]);
    return;
  }
  went = key === "g" ? Date.now() : 0;
  if (key === "/") {
    event.preventDefault();
    ($("[data-nt-find]") ?? $(".nt-search input"))?.focus();
  }
  if (key === "?") $("#keys")?.showModal();
  if (list()) listKey(event, key);
  const go = $$(`[data-nt-go="${CSS.escape(key)}"]`); // of the current row, or the first there is
  (go.find((link) => link.closest("[data-on]")) ?? go[0])?.click();
});

function listKey(event, key) {
  const row = rows()[current()];
  if (!row) return;
  if (key === "j") move(current() + 1);
  if (key === "k") move(current() - 1);
  if (key === "x") {
    const box = $("input[type=checkbox]", row);
    if (box) tickRow(row, event.shiftKey || !box.checked, event.shiftKey);
  }
  if (event.target.closest("button, a, input, summary")) return;
  if (key === " " && $(".nt-peek")) {
    event.preventDefault();
    if (!closePeek()) $("[data-nt-peek]", row)?.click();
  }
  if (key === "enter") $("a", row)?.click();
}

/* The path: why a step stands where it stands, on hover, focus or tap. */
function hideWhy() {
  const why = $("#why");
  if (why) why.hidden = true;
}
function showWhy(station) {
  const why = $("#why");
  const text = $("template", station);
  if (!why || !text) return;
  why.replaceChildren(text.content.cloneNode(true));
  why.hidden = false;
  const at = station.getBoundingClientRect();
  const box = why.offsetParent.getBoundingClientRect();
  const left = at.left - box.left + at.width / 2 - why.offsetWidth / 2;
  why.style.left = `${Math.min(Math.max(8, left), box.width - why.offsetWidth - 8)}px`;
  why.style.top = `${at.bottom - box.top + 6}px`;
}
function explain(station) {
  ["mouseenter", "focus"].forEach((name) => station.addEventListener(name, () => showWhy(station)));
  ["mouseleave", "blur"].forEach((name) => station.addEventListener(name, hideWhy));
}

/* Confirm before leaving a form with typed, unsaved words. */
function guard(form) {
  let dirty = false;
  form.addEventListener("input", () => (dirty = true));
  ["submit", "nt:kept"].forEach((name) => form.addEventListener(name, () => (dirty = false)));
  addEventListener("beforeunload", (event) => {
    if (dirty && form.isConnected) event.preventDefault();
  });
}

/* A refused form: focus goes to the summary, where the links to the fields are. */
function attend(root) {
  const found = (selector) => [...(root.matches?.(selector) ? [root] : []), ...$$(selector, root)];
  found(".nt-stn").forEach(explain);
  found("form[data-nt-guard]").forEach(guard);
  found("[data-nt-errors]")[0]?.focus();
}
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) attend(event.detail.elt);
});
attend(document);

/* A whole page that came without a reload: reading goes on at its beginning. */
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== document.body) return;
  const main = $("#main");
  main.tabIndex = -1;
  main.focus();
});
/* A choice in a filter applies itself; without script the form has its own button. */
document.addEventListener("change", (event) => {
  if (event.target.closest("[data-nt-submit]")) event.target.form.requestSubmit();
});
