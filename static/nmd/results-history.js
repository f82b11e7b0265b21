/* The history by keyboard: y, n, u answer a line and go on; Enter goes to the next field; typing any
   word of a symptom finds its line. The server renders every line: without this file the page is
   filled in by Tab, and lines are looked for by eye. */
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const QUICK = "[data-nt-quick]";
const FIELD = "input:not([type=hidden]), select, textarea";
const MOST = 8; // findings that are offered at once
const form = () => document.querySelector("form[data-nt-draft]:has([data-nt-asked])");
const finder = () => document.getElementById("find-symptom");
const found = () => document.getElementById("find-symptom-list");
const strip = (line) => line.querySelector(".nt-seg");
const answerOf = (seg) => all("input:checked", seg)[0]?.value ?? "";
const shown = (element) => !element.closest("details:not([open])") && !element.closest("[hidden]");
let answered = null; // the line whose side, onset and note "d" opens
let adding = ""; // the table that the server was asked to lengthen
let sought = null; // the line that was found by typing: from it Enter leads back to the search

/* One stop for each field; the buttons of a strip are one, and so are boxes of one name. */
const stops = () => all(FIELD, form()).filter((field) => shown(field) && stopOf(field) === field);
const stopOf = (field) => (field.matches("[type=radio], [type=checkbox]") ? form().elements[field.name]?.[0] ?? field : field);

function focusOn(field) {
  if (!field) return false;
  const target = field.type === "radio" ? (all("input:checked", field.closest(".nt-seg"))[0] ?? field) : field;
  target.focus();
  return true;
}

function go(from, by) {
  const list = stops();
  return focusOn(list[list.indexOf(stopOf(from)) + by]);
}

const goLine = (line) => focusOn(all("input", strip(line))[0]);

/* Up and down, and Enter, go from line to line; after the last one to the field that follows. */
function beside(line, by) {
  const lines = all(QUICK, form()).filter(shown);
  const next = lines[lines.indexOf(line) + by];
  if (next && next.parentElement === line.parentElement) return goLine(next);
  const own = all(FIELD, line).filter(shown);
  return go(by > 0 ? own.at(-1) : own[0], by);
}

function choose(option) {
  option.checked = true;
  ["input", "change"].forEach((name) => option.dispatchEvent(new Event(name, { bubbles: true })));
  return focusOn(option);
}

function answer(field, key) {
  const seg = field.closest(".nt-seg");
  const starts = (option) => seg.querySelector(`label[for="${option.id}"]`).textContent.trim().toLowerCase().startsWith(key);
  const option = all("input", seg).find((one) => one.value && starts(one));
  if (!option) return false;
  choose(option);
  const line = field.closest(QUICK);
  if (!line || seg !== strip(line)) return go(option, 1) || true;
  answered = line;
  if (line !== sought) beside(line, 1); // a line that was found may want its side: Enter goes on
  return true;
}

function seekNew() {
  sought = null;
  finder().focus();
  finder().scrollIntoView({ block: "center" }); // room for what it finds
  return true;
}

/* Side, onset and note of the line at hand, or of the one that was answered last. */
function details(line) {
  const about = answerOf(strip(line)) ? line : answered;
  if (!about) return false;
  const folded = about.querySelector("details");
  if (folded) folded.open = true;
  return focusOn(all(FIELD, about).find((field) => field.type !== "radio"));
}

function press(field, key) {
  const line = field.closest(QUICK);
  const isStrip = field.type === "radio";
  if (key === "Enter") {
    if (!line) return go(field, 1) || true;
    return line === sought ? seekNew() : beside(line, 1) || true;
  }
  if (line && isStrip && /^Arrow(Up|Down)$/.test(key)) return beside(line, key === "ArrowUp" ? -1 : 1) || true;
  if (isStrip && key === "Backspace") return choose(all("input", field.closest(".nt-seg")).at(-1));
  if (!isStrip || key.length !== 1) return false;
  const letter = key.toLowerCase();
  if (line && letter === "d") return details(line);
  if (line && letter === "f") return seekNew();
  return /[a-z]/.test(letter) && answer(field, letter);
}

/* Spelling: "dyspnea" finds dyspnoea, "anaesthetic" anesthetic. */
const plain = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[ao]e/g, "e").replace(/[’']/g, "");

function terms() {
  return all("[data-nt-term]", form()).map((line) => {
    const words = line.dataset.ntTerm.split("|");
    return { line, words, read: words.map(plain) };
  });
}

/* How well a word fits: it begins so, has a part that begins so, holds all that was typed. */
function fit(word, typed) {
  if (word.startsWith(typed)) return 3;
  if (` ${word}`.includes(` ${typed}`)) return 2;
  return typed.split(/\s+/).every((part) => word.includes(part)) ? 1 : 0;
}

function matches(text) {
  const typed = plain(text).trim();
  if (!typed) return [];
  const rated = terms().map((term) => {
    const points = term.read.map((word) => fit(word, typed));
    const best = Math.max(...points);
    return { ...term, best, word: term.words[points.indexOf(best)] };
  });
  return rated.filter((term) => term.best).sort((one, other) => other.best - one.best).slice(0, MOST);
}

let offered = [];

function option(term, at) {
  const item = document.createElement("li");
  item.id = `find-symptom-${at}`;
  item.setAttribute("role", "option");
  const label = document.createElement("b");
  label.textContent = term.words[0];
  item.append(label);
  if (term.word !== term.words[0]) item.append(` ${term.word}`);
  const given = strip(term.line).querySelector("input:checked");
  if (given?.value) item.append(` · ${strip(term.line).querySelector(`label[for="${given.id}"]`).textContent}`);
  item.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    take(term.line);
  });
  return item;
}

function offer() {
  offered = matches(finder().value);
  found().replaceChildren(...offered.map(option));
  const nothing = finder().value.trim() && !offered.length;
  document.getElementById("find-symptom-none").hidden = !nothing;
  found().hidden = !offered.length;
  finder().setAttribute("aria-expanded", String(Boolean(offered.length)));
  point(0);
}

function point(at) {
  const items = [...found().children];
  items.forEach((item, place) => item.setAttribute("aria-selected", String(place === at)));
  if (items[at]) finder().setAttribute("aria-activedescendant", items[at].id);
  else finder().removeAttribute("aria-activedescendant");
  items[at]?.scrollIntoView({ block: "nearest" });
}

function close() {
  finder().value = "";
  offer();
}

/* The line joins those that are asked, or is shown where it stands. */
function take(line) {
  if (line.closest("[data-nt-rest]")) bring(line);
  else for (let fold = line.closest("details:not([open])"); fold; fold = fold.parentElement.closest("details:not([open])")) fold.open = true;
  close();
  sought = line;
  goLine(line);
  line.scrollIntoView({ block: "nearest" });
}

const bring = (line) => document.querySelector("[data-nt-asked] tbody").append(line);

function seek(event) {
  const at = [...found().children].findIndex((item) => item.getAttribute("aria-selected") === "true");
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by) point(Math.min(offered.length - 1, Math.max(0, at + by)));
  else if (event.key === "Enter") {
    if (offered[at]) take(offered[at].line);
    else if (!finder().value.trim()) go(finder(), 1);
  } else if (event.key === "Escape" && finder().value) close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

/* "Somebody in the family is affected": who? */
function askForRelative() {
  const note = form().querySelector("[data-nt-ask-relative]");
  if (!note) return;
  const said = form().querySelector("[name=family_history_nmd][value=yes]")?.checked;
  note.hidden = !said || Boolean(form().querySelector("[name^='rel-'][name$='-affected'][value=yes]:checked"));
}

function begin() {
  if (!form()) return;
  all("[data-nt-history-keys], [data-nt-find]").forEach((part) => (part.hidden = false));
  const blank = all(`[name^="${adding}-new"]`, form()).filter(shown).find((field) => field.type === "text" && !field.value);
  if (adding && blank) return (adding = ""), focusOn(blank);
  const refused = document.querySelector("[data-nt-errors]");
  if (!refused && !matchMedia("(pointer: coarse)").matches) form().querySelector("[name=complaint]")?.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !form()?.contains(field)) return;
  if (field === finder()) return seek(event);
  if (!field.matches(FIELD) || field.matches("textarea, [type=file]") || event.key === "Tab") return;
  if (press(field, event.key)) event.preventDefault();
});
document.addEventListener("input", (event) => {
  if (event.target === finder()) offer();
});
document.addEventListener("click", (event) => {
  if (form()?.contains(event.target)) adding = event.target.closest("[name=add-line]")?.value ?? "";
});
document.addEventListener("change", (event) => form()?.contains(event.target) && askForRelative());
document.addEventListener("focusout", (event) => event.target === finder() && finder().value && close());
document.addEventListener("htmx:load", (event) => event.detail.elt.querySelector?.("[data-nt-asked]") && begin());
begin();
