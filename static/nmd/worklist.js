/* The worklist: keys that act on the ticked rows or the current one, acts in the panel beside the
   list, and a list that keeps itself up to date without taking away what somebody does in it. */
const EVERY_MS = 20000;
const CONTROLS = "a, button, input, select";
const place = document.getElementById("worklist");
const peek = document.getElementById("peek");
const said = document.getElementById("said");
const all = (selector, root = place) => [...root.querySelectorAll(selector)];
const one = (selector, root = place) => root.querySelector(selector);

const VERBS = { a: "assign", b: "book", c: "chase", e: "next", h: "hold", n: "note", o: "offer" };
let went = 0; // G begins a way to another page

document.addEventListener("keydown", (event) => {
  const field = event.target.closest("input:not([type=checkbox]), textarea, select, dialog");
  if (document.body.dataset.ntKeys === "off" || field || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  const going = Date.now() - went < 1000;
  went = key === "g" ? Date.now() : 0;
  if (going) return;
  if (/^[1-9]$/.test(key)) all(".nt-tabs a")[key - 1]?.click();
  if (key === "u") one("[data-nt-undo]", said)?.click();
  const verb = VERBS[key];
  if (!verb) return;
  const row = one("tr[data-on]");
  const many = one("input[name=step]:checked") && one(`[data-nt-verb=${verb}]`);
  if (many) many.click();
  else if (row) ask(row, verb);
});

/* The form of an act in the panel. The row says which version it shows: what others did since then
   is told before anything is sent. */
let peeking = false; // the panel showed the row before the act: it does so again after it
function ask(row, verb) {
  const [key, version] = one("input[name=step]", row).value.split(":");
  peeking = !peek.hidden;
  window.htmx.ajax("GET", `/steps/${key}/${verb}/?seen=${version}`, { target: peek, swap: "innerHTML" });
}
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const form = detail.target === peek && one("form", peek);
  if (!form) peeking ||= detail.target === peek;
  else (one(".is-invalid, [data-nt-errors]", form) ?? one("input:not([type=hidden]), select, textarea, button", form)).focus();
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!event.detail.xhr.responseURL.includes("/accounts/login/")) return;
  event.detail.shouldSwap = false; // signed out meanwhile
  location.assign(`/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`);
});
document.addEventListener("nt:changed", () => refresh(true).catch(() => {}));
document.addEventListener("nt:acted", async ({ detail }) => {
  peek.hidden = true;
  await refresh(true).catch(() => {});
  const row = one(`tr[data-key="${detail.key}"]`) ?? one("tr[data-on]");
  all("tr[data-on]").forEach((each) => each.toggleAttribute("data-on", each === row));
  row?.toggleAttribute("data-on", true);
  row?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
  if (peeking) one("[data-nt-peek]", row ?? place)?.click();
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-nt-unsay]")) said.replaceChildren();
  if (event.target.closest("[data-nt-close]")) peeking = false;
});

/* What a new list gives back: ticked rows, the current row, where the focus was. */
function remember() {
  const active = place.contains(document.activeElement) ? document.activeElement : null;
  const around = active?.closest("tr[data-key], nav, footer, form");
  return {
    ticked: new Map(all("input[name=step]:checked").map((box) => [box.value.split(":")[0], box.value])),
    on: one("tr[data-on]")?.dataset.key,
    expected: new Map(all(".nt-expected").map((mark) => [mark.id, mark])), // they come after the rows
    index: all("tr[data-key]").findIndex((row) => "on" in row.dataset),
    around: around && (around.dataset.key ? `tr[data-key="${around.dataset.key}"]` : around.localName),
    at: around && all(CONTROLS, around).indexOf(active),
  };
}

function restore(was) {
  all(".nt-expected").forEach((mark) => was.expected.has(mark.id) && mark.replaceWith(was.expected.get(mark.id)));
  for (const row of all("tr[data-key]")) {
    const box = one("input[name=step]", row);
    const ticked = was.ticked.get(row.dataset.key);
    box.checked = ticked !== undefined;
    if (ticked) box.value = ticked; // as it was when she ticked it: a change meanwhile is said
    row.toggleAttribute("data-on", row.dataset.key === was.on);
  }
  const rows = all("tr[data-key]"); // a row that has left: the one that took its place
  if (!one("tr[data-on]")) rows[Math.min(Math.max(0, was.index), rows.length - 1)]?.toggleAttribute("data-on", true);
  document.dispatchEvent(new CustomEvent("nt:ticks"));
  const around = was.around && one(was.around);
  if (around) (all(CONTROLS, around)[was.at] ?? around).focus({ preventScroll: true });
}

const busy = () =>
  document.hidden ||
  document.querySelector("dialog[open]") ||
  document.activeElement?.matches("#worklist select, #worklist input:not([type=checkbox])");

let last = null;
/* `now`: she has just done something to it, so the rows are asked for whatever she is at. */
async function refresh(now = false) {
  const asked = location.href;
  if (!now && busy()) return;
  const answer = await fetch(asked, { headers: { "HX-Request": "true" } });
  if (!answer.ok || answer.redirected || (!now && busy())) return;
  const text = await answer.text();
  const shown = text.replace(/csrfmiddlewaretoken" value="[^"]*"/g, "");
  const changed = last !== null && shown !== last;
  last = shown;
  if (!changed && !now) return;
  const was = remember();
  place.innerHTML = text;
  window.htmx?.process(place);
  restore(was);
}
const quietly = () => refresh().catch(() => {}); // no network: the list stays as it is
quietly(); // remembers what stands there, so that the next one can tell a change
setInterval(quietly, EVERY_MS);
document.addEventListener("visibilitychange", quietly);
