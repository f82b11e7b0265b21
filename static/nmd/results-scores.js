/* Items of a scale: one key each, it moves on by itself; the total follows while all are there.
   Without this file the items are typed and added up by the server all the same. */
const parts = (selector, root = document) => [...root.querySelectorAll(selector)];
const itemsOf = (group) => parts(".nt-item", group);
const within = (item, text) =>
  /^\d{1,2}$/.test(text) && Number(text) >= Number(item.dataset.least) && Number(text) <= Number(item.dataset.most);

function add(group, typed) {
  const items = itemsOf(group);
  const good = items.filter((item) => within(item, item.value));
  const total = document.getElementsByName(group.dataset.ntItems)[0];
  const sum = good.reduce((points, item) => points + Number(item.value), 0);
  const complete = good.length === items.length;
  if (typed) total.value = complete ? sum : ""; // any item missing: no total
  const note = group.querySelector("[data-nt-items-note]");
  note.textContent = good.length ? `· ${good.length} of ${items.length}${complete ? `, total ${sum}` : ", no total yet"}` : "";
  items.forEach((item) => {
    const anchors = parts("[data-points]", item.closest(".nt-item-line"));
    anchors.forEach((anchor) => anchor.classList.toggle("is-on", anchor.dataset.points === item.value));
  });
}

function go(item, by) {
  const items = itemsOf(item.closest("[data-nt-items]"));
  items[items.indexOf(item) + by]?.focus();
}

function write(item, text) {
  item.value = text;
  item.classList.remove("is-invalid");
  item.dispatchEvent(new Event("input", { bubbles: true }));
}

const MOVES = { Enter: 1, ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
function press(item, key) {
  if (/^\d$/.test(key)) {
    if (!within(item, key)) return true;
    write(item, key);
    go(item, 1);
  } else if (key === "Backspace") {
    if (item.value) write(item, "");
    else go(item, -1);
  } else if (key in MOVES) go(item, MOVES[key]);
  else return key.length === 1; // other letters have no place in an item
  return true;
}

document.addEventListener("keydown", (event) => {
  const item = event.target.closest?.(".nt-item");
  const chord = event.ctrlKey || event.metaKey || event.altKey;
  if (item && !chord && press(item, event.key)) event.preventDefault();
});
document.addEventListener("input", (event) => {
  const group = event.target.closest?.("[data-nt-items]");
  if (group) add(group, true);
});
document.addEventListener("focusin", (event) => event.target.closest?.(".nt-item")?.select());
const begin = (root) => parts("[data-nt-items]", root).forEach((group) => add(group, false));
document.addEventListener("htmx:load", (event) => begin(event.detail.elt));
begin(document);
