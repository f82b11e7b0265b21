/* Keys of the tables of a record form: Enter goes to the next cell, arrows move, A says "absent",
   N fills the rest of a row with what is normal, a key picks an answer of a list.
   data-nt-keys="across": Enter follows the row; "down": it follows the column. Cells marked
   data-nt-aside are passed over by Enter. Without this file the tables are filled in by Tab. */
const FIELD = "input:not([type=hidden]), select, textarea";
const table = (element) => element.closest?.("table[data-nt-keys]");
const fieldOf = (cell) => cell?.querySelector(FIELD) ?? null;
const lines = (within) => [...within.querySelectorAll("tbody > tr")].filter((row) => fieldOf(row));
const column = (field) => field.closest("td, th").cellIndex;
const isPick = (field) => field.matches("select");
const takesKeys = (field) => field.matches("select, [type=checkbox], [inputmode=decimal], [inputmode=numeric]");
const changed = (field) => ["input", "change"].forEach((name) => field.dispatchEvent(new Event(name, { bubbles: true })));

function go(field) {
  if (!field) return false;
  field.focus();
  field.select?.();
  return true;
}

function inRow(row, from, by, main = false) {
  for (let at = from; at >= 0 && at < row.cells.length; at += by) {
    const field = fieldOf(row.cells[at]);
    if (field && !(main && "ntAside" in row.cells[at].dataset)) return field;
  }
  return null;
}

function vertical(field, by) {
  const all = lines(table(field));
  for (let at = all.indexOf(field.closest("tr")) + by; all[at]; at += by) {
    const found = fieldOf(all[at].cells[column(field)]);
    if (found) return go(found);
  }
  return false;
}

function nextRow(field) {
  const all = lines(table(field));
  const row = all[all.indexOf(field.closest("tr")) + 1];
  return row ? go(inRow(row, 0, 1, true)) : leave(field);
}

/* After the last row: the list that adds one, else the next table that is open. */
function leave(field) {
  const all = [...document.querySelectorAll("table[data-nt-keys]")].filter((each) => !each.closest("details:not([open])"));
  const next = all[all.indexOf(table(field)) + 1];
  return next ? go(fieldOf(lines(next)[0])) : false;
}

function next(field) {
  if (table(field).dataset.ntKeys === "down") return vertical(field, 1) || leave(field);
  return go(inRow(field.closest("tr"), column(field) + 1, 1, true)) || nextRow(field);
}

function set(field, value) {
  if (field.type === "checkbox") field.checked = Boolean(value);
  else field.value = value;
  field.classList.remove("is-invalid");
  changed(field);
}

/* 0 is the healthy answer, 1 to 4 a grade or the place in the list, a letter the first that begins so. */
function choose(field, key) {
  const options = [...field.options].filter((option) => option.value);
  const starts = (text) => options.find((option) => option.value.toLowerCase().startsWith(text));
  if (key === "0") return field.dataset.normal ?? options[0]?.value;
  if (key === "+" || key === "/") return starts("+")?.value;
  if (/^[1-9]$/.test(key)) return (starts(key) ?? options[Number(key)])?.value;
  return starts(key)?.value;
}

function restNormal(row) {
  const measured = [...row.querySelectorAll("[data-normal]")];
  const blank = measured.filter((field) => (field.type === "checkbox" ? !field.checked : !field.value));
  blank.forEach((field) => set(field, field.dataset.normal));
}

function letter(field, key) {
  if (key === "n") {
    restNormal(field.closest("tr"));
    return nextRow(field) || true;
  }
  if (isPick(field)) {
    const value = choose(field, key);
    if (value === undefined) return /^[a-z0-9+/]$/.test(key);
    set(field, value);
    return next(field) || true;
  }
  if (key !== "a") return false;
  const cell = "absent" in field.dataset ? field : field.closest("tr").querySelector("[data-absent]");
  if (!cell) return false;
  set(cell, cell.dataset.absent);
  return cell === field ? next(field) || true : true;
}

/* At its edge, or when the whole value is marked, a cell lets the arrow out. */
function mayLeave(field, by) {
  if (typeof field.selectionStart !== "number") return true;
  const { selectionStart: start, selectionEnd: end, value } = field;
  if (start === 0 && end === value.length) return true;
  return start === end && start === (by > 0 ? value.length : 0);
}

function press(field, key) {
  if (key === "Enter") return next(field) || true;
  if (key === "ArrowDown" || key === "ArrowUp") return vertical(field, key === "ArrowDown" ? 1 : -1) || isPick(field);
  if (key === "ArrowRight" || key === "ArrowLeft") {
    const by = key === "ArrowRight" ? 1 : -1;
    return mayLeave(field, by) && (go(inRow(field.closest("tr"), column(field) + by, by)) || isPick(field));
  }
  if (key === "Backspace" && isPick(field)) {
    set(field, "");
    return true;
  }
  return key.length === 1 && takesKeys(field) && letter(field, key.toLowerCase());
}

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!field.matches?.(FIELD) || !table(field) || field.matches("textarea")) return;
  if (press(field, event.key)) event.preventDefault();
});

/* A further line: a copy of the blank one, in the order of the list that names it. */
function addLine(prefix, code) {
  const list = document.getElementById(`${prefix}-add`);
  const option = [...list.options].find((each) => each.value === code);
  const blank = document.querySelector(`template[data-nt-blank="${prefix}"]`);
  const body = list.closest("details").querySelector(`tbody:has([name^="${prefix}-"])`) ?? blank.previousElementSibling.querySelector("tbody");
  const standing = [...body.rows].find((row) => row.dataset.ntLine === code);
  if (standing) return go(inRow(standing, 0, 1, true));
  const row = document.importNode(blank.content, true).querySelector("tr");
  const written = (text) => text.replaceAll("LINE", code).replaceAll("LABEL", option.label);
  [row, ...row.querySelectorAll("*")].forEach((element) =>
    [...element.attributes].forEach((attribute) => (attribute.value = written(attribute.value))),
  );
  row.querySelector("[data-nt-label]").textContent = option.label;
  const order = [...list.options].map((each) => each.value);
  const rank = (each) => order.indexOf(each.dataset.ntLine);
  body.insertBefore(row, [...body.rows].find((each) => rank(each) > rank(row)) ?? null);
  const codes = document.querySelector(`[name="${prefix}-lines"]`);
  codes.value = `${codes.value} ${code}`.trim();
  list.value = "";
  row.dispatchEvent(new CustomEvent("nt:line", { bubbles: true }));
  return go(inRow(row, 0, 1, true));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-nt-add]");
  if (!button) return;
  event.preventDefault();
  const list = document.getElementById(`${button.dataset.ntAdd}-add`);
  if (list.value) addLine(button.dataset.ntAdd, list.value);
  else list.focus();
});
document.addEventListener("keydown", (event) => {
  const list = event.target;
  if (event.key !== "Enter" || !list.matches?.(".nt-add select") || !list.value) return;
  event.preventDefault();
  const button = list.closest(".nt-add").querySelector("button");
  // a click that this file only uses up would stay with htmx as the button of the next save
  if (button.dataset.ntAdd) addLine(button.dataset.ntAdd, list.value);
  else button.click(); // the server adds what no script can
});
document.addEventListener("focusin", (event) => {
  if (table(event.target) && event.target.matches(".nt-cell")) event.target.select();
});

window.nmdTable = { addLine };
