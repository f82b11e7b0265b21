/* Muscle MRI: a digit grades a muscle and moves down, O turns oedema on and off; the cell takes the
   colour of its grade. Without this file the fields are typed into and saved all the same. */
const table = document.querySelector("[data-nt-heat]");
const cells = [...(table?.querySelectorAll("[data-nt-fat]") ?? [])];
const column = (cell) => cells.filter((each) => each.closest("td").cellIndex === cell.closest("td").cellIndex);
const paint = (cell) => (cell.dataset.q = /^[0-4]$/.test(cell.value) ? cell.value : "");

function go(cell, by) {
  const own = column(cell);
  own[own.indexOf(cell) + by]?.focus();
}

function aside(cell, by) {
  const other = cells.filter((each) => each.closest("tr") === cell.closest("tr"));
  other[other.indexOf(cell) + by]?.focus();
}

function oedema(cell) {
  const answers = [...cell.closest("td").nextElementSibling.querySelectorAll("input")];
  const yes = answers.find((each) => each.value === "true");
  const turned = yes.checked ? answers.find((each) => each.value === "") : yes;
  turned.checked = true;
  turned.dispatchEvent(new Event("change", { bubbles: true }));
}

const MOVES = {
  ArrowDown: (cell) => go(cell, 1),
  ArrowUp: (cell) => go(cell, -1),
  Enter: (cell) => go(cell, 1),
  ArrowRight: (cell) => aside(cell, 1),
  ArrowLeft: (cell) => aside(cell, -1),
};

cells.forEach((cell) => {
  paint(cell);
  cell.addEventListener("input", () => paint(cell));
  cell.addEventListener("focus", () => cell.select());
  cell.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (/^[0-4]$/.test(event.key)) {
      cell.value = event.key;
      cell.dispatchEvent(new Event("input", { bubbles: true }));
      go(cell, 1);
    } else if (event.key.toLowerCase() === "o") oedema(cell);
    else if (event.key in MOVES) MOVES[event.key](cell);
    else return;
    event.preventDefault();
  });
});
