/* Strength and reflexes by one key each: it moves on by itself; sum, change and body map follow.
   The server renders plain fields: without this file they are typed into and saved all the same. */
const MINUS = "−";
const SUMMED = ["shoulder_abduction", "elbow_flexion", "wrist_extension", "hip_flexion", "knee_extension", "ankle_dorsiflexion"];
const ORDER = ["0", "1", "2", "3", "4" + MINUS, "4", "4+", "5"];
const TAKEN = "nrtus"; // keys of the grid: no answer may have them
const STOP = ".nt-mrc, [data-nt-answer]";
let refinable = null; // the 4 that a following + or - refines
let filled = []; // what the last "all others" filled
let untested = null; // the last cell set to NT

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const stops = () => all(STOP).filter((stop) => stop.closest("form[data-nt-draft]") && (stop.closest("details")?.open ?? true));
const cells = () => all(".nt-mrc[data-m]");
const isAnswer = (stop) => stop.matches("[data-nt-answer]");
const radios = (stop) => all("input", stop);
const shade = (text) => (/^[0-5]/.test(text) ? text[0] : "nt");
const value = (stop) => (isAnswer(stop) ? (radios(stop).find((one) => one.checked)?.value ?? "") : stop.value);
const nameOf = (stop) => (isAnswer(stop) ? stop.dataset.name : stop.name);
const zone = (stop) => (stop.matches("[data-m]") ? "strength" : "reflex");

function focusOn(stop) {
  if (!stop) return;
  const target = isAnswer(stop) ? (radios(stop).find((one) => one.checked) ?? radios(stop)[0]) : stop;
  target.focus();
}

function go(from, by) {
  const list = stops();
  focusOn(list[Math.min(list.length - 1, Math.max(0, list.indexOf(from) + by))]);
}

/* Up and down keep the column; a movement of the midline has one. */
function goRow(from, by) {
  const row = from.closest("tr");
  if (!row) return go(from, by);
  const column = all(STOP, row).indexOf(from);
  const rows = [...new Set(stops().map((stop) => stop.closest("tr") ?? stop))];
  const next = rows[rows.indexOf(row) + by];
  if (!next) return;
  const found = next.matches("tr") ? all(STOP, next) : [next];
  focusOn(found[Math.min(column, found.length - 1)]);
}

function write(stop, text) {
  if (isAnswer(stop)) {
    const option = radios(stop).find((one) => one.value === text);
    if (option) option.checked = true;
  } else {
    stop.value = text;
    stop.classList.remove("is-invalid");
  }
  delete stop.dataset.filled;
}

function set(stop, text) {
  write(stop, text);
  told(stop);
}

function told(stop) {
  const target = isAnswer(stop) ? radios(stop)[0] : stop;
  target.dispatchEvent(new Event("input", { bubbles: true }));
}

/* "All others normal": what was tested and what was assumed stay apart. */
function fill(zones, from) {
  const open = stops().filter((stop) => zones.includes(zone(stop)) && !value(stop) && stop.dataset.normal);
  open.forEach((stop) => {
    write(stop, stop.dataset.normal);
    stop.dataset.filled = "";
  });
  filled = open;
  if (open.length) told(open[0]);
  const list = stops();
  const last = list.indexOf(open.at(-1) ?? from);
  focusOn(list.slice(last + 1).find((stop) => !value(stop)) ?? list[last]);
}

function undo() {
  filled.forEach((stop) => "filled" in stop.dataset && write(stop, ""));
  if (!filled.length) return;
  told(filled[0]);
  focusOn(filled[0]);
  filled = [];
}

function press(stop, event) {
  const key = event.key.toLowerCase();
  if (key === "n") fill(event.shiftKey ? ["strength", "reflex"] : [zone(stop)], stop);
  else if (key === "u") undo();
  else if (key === "enter") go(stop, 1);
  else if (key === "backspace") erase(stop);
  else if (key === "arrowup" || key === "arrowdown") goRow(stop, key === "arrowup" ? -1 : 1);
  else if (isAnswer(stop)) return answer(stop, key);
  else if (key === "arrowleft" || key === "arrowright") go(stop, key === "arrowleft" ? -1 : 1);
  else if (key.length !== 1) return false;
  else if ("beats" in stop.dataset) beat(stop, key);
  else if ("reflex" in stop.dataset) /^[0-4]$/.test(key) && setAndGo(stop, key);
  else grade(stop, key);
  return true; // other letters have no place in a cell
}

function setAndGo(stop, text) {
  set(stop, text);
  go(stop, 1);
}

function erase(stop) {
  if (value(stop)) set(stop, "");
  else go(stop, -1);
}

function grade(cell, key) {
  if (/^[0-5]$/.test(key)) {
    setAndGo(cell, key);
    refinable = key === "4" ? cell : null;
  } else if (/^[-+−]$/.test(key) && refinable) {
    set(refinable, key === "+" ? "4+" : "4" + MINUS);
    refinable = null;
  } else if (key === "t") {
    setAndGo(cell, "NT");
    untested = cell;
  } else if (key === "r") reasonOf(cell.value === "NT" ? cell : untested)?.focus();
}

/* Beats of a clonus: none moves on at once, two digits are all there are. */
function beat(cell, key) {
  if (key === "s") setAndGo(cell, "99");
  else if (/^\d$/.test(key)) {
    const typed = cell.value.length === 1 && cell.value !== "0" ? cell.value + key : key;
    if (typed === "0" || typed.length === 2) setAndGo(cell, typed);
    else set(cell, typed);
  }
}

function answer(stop, key) {
  const options = radios(stop).filter((one) => one.value);
  const chosen = options.find((one) => one.dataset.key === key) ?? options[Number(key) - 1];
  if (chosen) setAndGo(stop, chosen.value);
  return Boolean(chosen) || (key.length === 1 && key !== " ");
}

/* The first letter of each answer that no earlier one and no key of the grid has, underlined. */
function nameKeys(stop) {
  const used = new Set(TAKEN);
  radios(stop).filter((one) => one.value).forEach((one) => {
    const label = stop.querySelector(`label[for="${one.id}"]`);
    const word = label.textContent;
    const at = [...word.toLowerCase()].findIndex((letter) => /[a-z]/.test(letter) && !used.has(letter));
    if (at < 0) return;
    one.dataset.key = word[at].toLowerCase();
    used.add(one.dataset.key);
    const mark = document.createElement("u");
    mark.textContent = word[at];
    label.replaceChildren(word.slice(0, at), mark, word.slice(at + 1));
    one.setAttribute("aria-keyshortcuts", one.dataset.key);
  });
}

const reasonOf = (cell) => cell && document.querySelector(`[data-why="${cell.name}"]`);

function draw() {
  const map = document.querySelector("[data-nt-map]");
  if (!map) return;
  drawSum(map);
  drawChange(map);
  cells().forEach((cell) => {
    cell.dataset.g = cell.value ? shade(cell.value) : "";
    drawRegion(map, cell);
    const reason = reasonOf(cell);
    if (!reason) return;
    const open = cell.value.toUpperCase() === "NT";
    reason.closest("tr").hidden = !open;
    if (!open) reason.value = "";
  });
  remember();
}

function drawSum(map) {
  const scored = cells().filter((cell) => SUMMED.includes(cell.dataset.m));
  const known = scored.filter((cell) => /^[0-5]/.test(cell.value));
  const sum = known.reduce((total, cell) => total + Number(cell.value[0]), 0);
  const open = scored.length - known.length;
  map.querySelector("[data-nt-sum]").textContent = known.length ? sum : "–";
  map.querySelector("[data-nt-sum-note]").textContent = open ? `of ${5 * known.length} entered · ${open} missing` : "of 60";
  const shown = cells().filter((cell) => cell.closest("details")?.open ?? true);
  const graded = shown.filter((cell) => cell.value);
  const parts = [`Graded ${graded.length} of ${shown.length}`];
  const assumed = shown.filter((cell) => "filled" in cell.dataset).length;
  const untestable = graded.filter((cell) => cell.value.toUpperCase() === "NT").length;
  if (assumed) parts.push(`${assumed} assumed`);
  if (untestable) parts.push(`${untestable} not testable`);
  map.querySelector("[data-nt-graded]").textContent = parts.join(" · ");
}

/* Against the visit before: an arrow and a word, at the cell and in all. */
function drawChange(map) {
  const count = { worse: 0, better: 0 };
  cells().forEach((cell) => {
    const place = cell.closest("td").nextElementSibling;
    const [was, now] = [ORDER.indexOf(place?.dataset.was), ORDER.indexOf(cell.value)];
    if (!place?.dataset.was) return;
    const word = was < 0 || now < 0 || was === now ? "" : now < was ? "worse" : "better";
    place.replaceChildren(word ? changed(word, place.dataset.was) : place.dataset.was);
    if (word) count[word] += 1;
  });
  const since = map.querySelector("[data-nt-since]");
  if (!since) return;
  const said = Object.entries(count).filter(([, cells]) => cells).map(([word, cells]) => `${word} in ${cells}`);
  since.textContent = ` · since ${since.dataset.ntSince}: ${said.join(", ") || "no grade differs"}`;
}

function changed(word, was) {
  const mark = document.createElement("span");
  mark.className = `is-${word}`;
  const hidden = document.createElement("span");
  hidden.className = "visually-hidden";
  hidden.textContent = ` before, ${word} now`;
  mark.replaceChildren(`${word === "worse" ? "▼" : "▲"} ${was}`, hidden);
  return mark;
}

function drawRegion(map, cell) {
  map.querySelectorAll(`[data-m="${cell.dataset.m}"][data-side="${cell.dataset.side}"]`).forEach((region) => {
    region.dataset.g = cell.value ? shade(cell.value) : "nt";
    const text = region.querySelector("text");
    if (text) text.textContent = cell.value;
  });
}

/* The server learns which cells were assumed. */
function remember() {
  const names = all(STOP).filter((stop) => "filled" in stop.dataset).map(nameOf);
  all("[name$=-assumed]").forEach((field) => {
    const prefix = field.name.includes("reflex") ? "reflex-" : "strength-";
    field.value = names.filter((name) => name.startsWith(prefix)).join(" ");
  });
}

function recall() {
  const before = all("[name$=-assumed]").flatMap((field) => field.value.split(" "));
  all(STOP).filter((stop) => before.includes(nameOf(stop))).forEach((stop) => (stop.dataset.filled = ""));
}

function begin() {
  if (!document.querySelector("[data-nt-exam]")) return;
  recall();
  all("[data-nt-answer]").forEach(nameKeys);
  all("[data-nt-scripted], [data-nt-map]").forEach((part) => (part.hidden = false));
  draw();
  const touch = matchMedia("(pointer: coarse)").matches;
  if (touch) cells().forEach((cell) => (cell.inputMode = "none"));
  else if (!document.querySelector("[data-nt-errors]")) {
    const first = stops().find((stop) => !value(stop)) ?? stops()[0];
    first?.focus({ preventScroll: true });
  }
}

const stopOf = (target) => target.closest?.(STOP);
const pad = () => document.querySelector(".nt-keypad");

document.addEventListener("keydown", (event) => {
  const stop = stopOf(event.target);
  const chord = event.ctrlKey || event.metaKey || event.altKey;
  if (event.target.matches?.("[data-why]") && event.key === "Enter" && !chord) {
    event.preventDefault();
    focusOn(stops().find((one) => !value(one)) ?? stops().at(-1));
  } else if (stop && !chord && event.key !== "Tab" && press(stop, event)) event.preventDefault();
});
document.addEventListener("input", (event) => event.target.closest("[data-nt-exam], .nt-fold") && draw());
document.addEventListener("change", (event) => {
  const stop = stopOf(event.target);
  if (!stop) return;
  delete stop.dataset.filled;
  draw();
});
document.addEventListener("focusin", (event) => {
  const cell = event.target.closest(".nt-mrc");
  if (cell) cell.select();
  if (!pad() || event.target.closest(".nt-keypad")) return;
  const graded = cell && !("beats" in cell.dataset);
  pad().hidden = !graded || !matchMedia("(pointer: coarse)").matches;
  if (!graded) return;
  const reflex = "reflex" in cell.dataset;
  all("button", pad()).forEach((button) => (button.hidden = reflex && !/^[0-4]$/.test(button.dataset.g)));
  all(".is-hot").forEach((region) => region.classList.remove("is-hot"));
  all(`path[data-m="${cell.dataset.m}"][data-side="${cell.dataset.side}"]`).forEach((region) => region.classList.add("is-hot"));
});
document.addEventListener("pointerdown", (event) => {
  const button = event.target.closest(".nt-keypad button");
  if (!button) return;
  event.preventDefault(); // the cell keeps the focus
  const cell = document.activeElement;
  if (cell.matches(".nt-mrc")) setAndGo(cell, button.dataset.g);
});
document.addEventListener("click", (event) => {
  const rest = event.target.closest("[data-nt-rest]");
  if (rest) fill([rest.dataset.ntRest], stops()[0]);
});
/* A hint is taken over by one press, and can be changed like anything typed. */
document.addEventListener("click", (event) => {
  const hint = event.target.closest("[data-nt-take]");
  if (!hint) return;
  const regions = hint.dataset.regions.split(" ");
  const boxes = all(`[name="${hint.dataset.ntTake}"]`);
  boxes.forEach((box) => (box.checked = regions.includes(box.value)));
  const first = boxes.find((box) => box.checked);
  first?.focus();
  first?.dispatchEvent(new Event("input", { bubbles: true }));
});
document.addEventListener("htmx:load", (event) => event.detail.elt.querySelector?.("[data-nt-exam]") && begin());
begin();
