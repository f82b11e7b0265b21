/* Strength grid: one key for each grade, it moves on by itself; sum and body map follow.
   The server renders plain fields: without this file they are typed into and saved all the same. */
const grid = document.querySelector("[data-nt-grid]");
const cells = [...document.querySelectorAll(".nt-mrc[data-m]")];
const SUMMED = ["shoulder_abduction", "elbow_flexion", "wrist_extension", "hip_flexion", "knee_extension", "ankle_dorsiflexion"];
const pad = document.querySelector(".nt-keypad");
const map = document.querySelector("[data-nt-map]");
const MINUS = "−";
const assumed = document.querySelector("[name=strength-assumed]");
let refinable = null; // the 4 that a following + or - refines

const grade = (text) => (text.toUpperCase() === "NT" || !text ? "nt" : text[0]);

function go(from, by) {
  const at = cells.indexOf(from) + by;
  cells[Math.min(cells.length - 1, Math.max(0, at))].focus();
}

function set(cell, text) {
  cell.value = text;
  delete cell.dataset.filled;
  cell.classList.remove("is-invalid");
  draw();
}

function draw() {
  const scored = cells.filter((cell) => SUMMED.includes(cell.dataset.m));
  const known = scored.filter((cell) => /^[0-5]/.test(cell.value));
  const sum = known.reduce((total, cell) => total + Number(cell.value[0]), 0);
  const open = scored.length - known.length;
  map.querySelector("[data-nt-sum]").textContent = known.length ? sum : "–";
  map.querySelector("[data-nt-sum-note]").textContent = open ? `of ${5 * known.length} entered · ${open} missing` : "of 60";
  const filled = cells.filter((cell) => "filled" in cell.dataset);
  if (assumed) assumed.value = filled.map((cell) => `${cell.dataset.m}-${cell.dataset.side}`).join(" ");
  cells.forEach((cell) => {
    cell.dataset.g = grade(cell.value);
    const place = `.m[data-m="${cell.dataset.m}"][data-side="${cell.dataset.side}"]`;
    map.querySelectorAll(place).forEach((region) => (region.dataset.g = grade(cell.value)));
  });
}

/* "All others 5": the reader shall see what was tested and what was assumed. */
function rest() {
  cells
    .filter((cell) => !cell.value && cell.closest("details").open)
    .forEach((cell) => {
      cell.value = "5";
      cell.dataset.filled = "";
    });
  draw();
}

function press(cell, key) {
  if (/^[0-5]$/.test(key)) {
    set(cell, key);
    refinable = key === "4" ? cell : null;
    go(cell, 1);
  } else if (/^[-+−]$/.test(key) && refinable) {
    set(refinable, key === "+" ? "4+" : "4" + MINUS);
    refinable = null;
  } else if (key.toLowerCase() === "t") {
    set(cell, "NT");
    go(cell, 1);
  } else if (key.toLowerCase() === "n") {
    rest();
  } else if (key === "Backspace") {
    if (cell.value) set(cell, "");
    else go(cell, -1);
  } else if (key in MOVES) go(cell, MOVES[key]);
  else return key.length === 1; // other letters have no place in a cell
  return true;
}
const MOVES = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 2, ArrowUp: -2, Enter: 1 };

cells.forEach((cell) => {
  cell.addEventListener("keydown", (event) => {
    const chord = event.ctrlKey || event.metaKey || event.altKey;
    if (!chord && event.key !== "Tab" && press(cell, event.key)) event.preventDefault();
  });
  cell.addEventListener("input", draw);
  cell.addEventListener("focus", () => {
    cell.select();
    pad.hidden = !matchMedia("(pointer: coarse)").matches;
  });
});
pad?.querySelectorAll("button").forEach((button) =>
  button.addEventListener("pointerdown", (event) => {
    event.preventDefault(); // the cell keeps the focus
    const cell = document.activeElement;
    if (!cell.matches(".nt-mrc[data-m]")) return;
    set(cell, button.dataset.g);
    go(cell, 1);
  }),
);
document.addEventListener("focusin", (event) => {
  if (!event.target.closest(".nt-mrc[data-m], .nt-keypad")) pad.hidden = true;
});
document.querySelector("[data-nt-rest]")?.addEventListener("click", rest);
if (grid && map) {
  const before = (assumed?.value ?? "").split(" ");
  cells.filter((cell) => before.includes(`${cell.dataset.m}-${cell.dataset.side}`)).forEach((cell) => (cell.dataset.filled = ""));
  document.querySelectorAll("[data-nt-scripted]").forEach((part) => (part.hidden = false));
  map.hidden = false;
  draw();
}
