/* Breathing and heart tests: says while typing which threshold a value is beyond, and the fall in
   vital capacity that follows. Nothing typed is changed; without this file the limits stand there. */
const BEYOND = { lt: (a, b) => a < b, lte: (a, b) => a <= b, gt: (a, b) => a > b, gte: (a, b) => a >= b };
const read = (input) => {
  const typed = input?.value.trim().replace(/\u2212/, "-");
  return typed && Number.isFinite(Number(typed)) ? Number(typed) : null;
};

function compare(input) {
  const list = document.querySelector(`[data-nt-thresholds="${input.dataset.ntWatched}"]`);
  const value = read(input);
  let reached = false;
  for (const line of list?.children ?? []) {
    const beyond = value !== null && Boolean(BEYOND[line.dataset.op]?.(value, Number(line.dataset.value)));
    line.classList.toggle("is-beyond", beyond);
    line.querySelector("b").hidden = !beyond;
    reached ||= beyond;
  }
  input.classList.toggle("is-off", reached);
}

function fall(input) {
  const upright = read(document.querySelector(`[name="${input.dataset.ntFall}"]`));
  const supine = read(input);
  const shown = input.closest("div[id^=div_]").querySelector("[data-nt-fallen]");
  const known = upright > 0 && supine !== null;
  shown.textContent = known ? `${((100 * (upright - supine)) / upright).toFixed(1)} %`.replace("-", "\u2212") : "";
}

function look() {
  document.querySelectorAll("[data-nt-watched]").forEach(compare);
  document.querySelectorAll("[data-nt-fall]").forEach(fall);
}

document.addEventListener("input", look);
document.addEventListener("htmx:afterSettle", look);
look();
