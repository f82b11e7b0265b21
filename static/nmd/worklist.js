/* The worklist: keys that act on the ticked rows or the current one, and a list that keeps itself
   up to date without taking away what somebody is doing in it. */
const EVERY_MS = 20000;
const CONTROLS = "a, button, input, select";
const place = document.getElementById("worklist");
const all = (selector, root = place) => [...root.querySelectorAll(selector)];
const one = (selector, root = place) => root.querySelector(selector);

const VERBS = { a: "assign", b: "book", c: "chase", h: "hold", o: "offer" };
let went = 0; // G begins a way to another page

document.addEventListener("keydown", (event) => {
  const field = event.target.closest("input:not([type=checkbox]), textarea, select, dialog");
  if (document.body.dataset.ntKeys === "off" || field || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  const going = Date.now() - went < 1000;
  went = key === "g" ? Date.now() : 0;
  if (going) return;
  if (/^[1-9]$/.test(key)) all(".nt-tabs a")[key - 1]?.click();
  const verb = VERBS[key];
  if (!verb) return;
  if (one("input[name=step]:checked")) one(`[data-nt-verb=${verb}]`)?.click();
  else if (one("tr[data-on]")) location.assign(`/steps/${one("tr[data-on]").dataset.key}/${verb}/`);
});

/* What a new list gives back: ticked rows, the current row, where the focus was. */
function remember() {
  const active = place.contains(document.activeElement) ? document.activeElement : null;
  const around = active?.closest("tr[data-key], nav, footer, form");
  return {
    ticked: new Map(all("input[name=step]:checked").map((box) => [box.value.split(":")[0], box.value])),
    on: one("tr[data-on]")?.dataset.key,
    around: around && (around.dataset.key ? `tr[data-key="${around.dataset.key}"]` : around.localName),
    at: around && all(CONTROLS, around).indexOf(active),
  };
}

function restore(was) {
  for (const row of all("tr[data-key]")) {
    const box = one("input[name=step]", row);
    const ticked = was.ticked.get(row.dataset.key);
    box.checked = ticked !== undefined;
    if (ticked) box.value = ticked; // as it was when she ticked it: a change meanwhile is said
    row.toggleAttribute("data-on", row.dataset.key === was.on);
  }
  if (!one("tr[data-on]")) one("tr[data-key]")?.toggleAttribute("data-on", true);
  document.dispatchEvent(new CustomEvent("nt:ticks"));
  const around = was.around && one(was.around);
  if (around) (all(CONTROLS, around)[was.at] ?? around).focus({ preventScroll: true });
}

const busy = () =>
  document.hidden ||
  document.querySelector("dialog[open]") ||
  document.activeElement?.matches("#worklist select, #worklist input:not([type=checkbox])");

let last = null;
async function refresh() {
  const asked = location.href;
  if (busy()) return;
  const answer = await fetch(asked, { headers: { "HX-Request": "true" } });
  if (!answer.ok || answer.redirected || busy()) return;
  const text = await answer.text();
  const shown = text.replace(/csrfmiddlewaretoken" value="[^"]*"/g, "");
  const changed = last !== null && shown !== last;
  last = shown;
  if (!changed) return;
  const was = remember();
  place.innerHTML = text;
  window.htmx?.process(place);
  restore(was);
}
const quietly = () => refresh().catch(() => {}); // no network: the list stays as it is
quietly(); // remembers what stands there, so that the next one can tell a change
setInterval(quietly, EVERY_MS);
document.addEventListener("visibilitychange", quietly);
