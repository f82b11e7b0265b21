/* Nerve and needle tables: limits, computed velocities and flags follow what is typed. */
const { readMotor, readSensory, readMuscle } = window.nmdConduction;
const NAMES = {
  latency_ms: "latency", peak_latency_ms: "peak", amplitude_mv: "amplitude", amplitude_uv: "amplitude",
  duration_ms: "duration", distance_mm: "distance", velocity_m_per_s: "velocity",
  f_latency_ms: "f_latency", f_persistence_pct: "f_persistence",
};
const LIMITS = { amplitude: "amplitude_low", latency: "latency_high_ms", velocity: "velocity_low", f_latency: "f_latency_high_ms" };
const UNDER = { latency_ms: "latency", peak_latency_ms: "latency", amplitude_mv: "amplitude", amplitude_uv: "amplitude", velocity_m_per_s: "velocity", f_latency_ms: "f_latency" };
const COLOURS = {
  low_amplitude: ["amplitude_mv", "amplitude_uv"], absent: ["amplitude_mv", "amplitude_uv"], conduction_block: ["amplitude_mv"],
  prolonged_dml: ["latency_ms"], prolonged_peak: ["peak_latency_ms"], slow_cv: ["velocity_m_per_s"],
  temporal_dispersion: ["duration_ms"], prolonged_distal_duration: ["duration_ms"], prolonged_f: ["f_latency_ms"], absent_f: ["f_latency_ms"],
};

function number(text) {
  const plain = (text ?? "").replace(/[\s\u2009\u00a0\u202f]/g, "").replace("−", "-");
  return plain === "" || !Number.isFinite(Number(plain)) ? null : Number(plain);
}
const absent = (text) => ["absent", "a", "nr"].includes((text ?? "").trim().toLowerCase());
const cell = (row, name) => row.querySelector(`td[data-col="${name}"]`);
const typed = (row, name) => cell(row, name)?.querySelector("input, select")?.value ?? "";

const siteName = (row) => row.dataset.ntLine.split("-").slice(2).join("-").replace(/^any$/, "");

function isFirst(row) {
  const { first } = JSON.parse(row.closest("table").dataset.ntRules);
  return ["", first[row.dataset.ntLine.split("-")[0]]].includes(siteName(row));
}

function limitsOf(nerve) {
  const given = (column) => number(document.querySelector(`[data-limit="${nerve} ${column}"]`)?.value);
  return Object.fromEntries(Object.entries(LIMITS).map(([name, column]) => [name, given(column)]));
}

function siteOf(row) {
  const site = { site: siteName(row) };
  Object.entries(NAMES).forEach(([column, name]) => {
    const text = typed(row, column);
    if (name === "amplitude") site.absent = site.absent || absent(text);
    if (cell(row, column)) site[name] = number(text);
  });
  if (absent(typed(row, "f_latency_ms"))) site.f_persistence = 0;
  return site;
}

function show(row, reading, limits, rules, first) {
  const coloured = new Set(reading.flags.flatMap((flag) => COLOURS[flag]));
  row.querySelectorAll("td[data-col] input").forEach((input) => {
    const column = input.closest("td").dataset.col;
    const isOff = coloured.has(column);
    input.classList.toggle("is-off", isOff);
    const place = input.closest("td").querySelector("[data-nt-lim]");
    const ofPeak = column === "latency_ms" && cell(row, "peak_latency_ms"); // the onset has no limit of its own
    const limit = !ofPeak && (first || column === "velocity_m_per_s") ? limits[UNDER[column]] : null;
    const sign = ["amplitude", "velocity"].includes(UNDER[column]) ? "≥" : "≤";
    place.textContent = limit === null || limit === undefined ? "" : `${sign} ${limit}`;
    if (column === "velocity_m_per_s" && reading.computed) place.textContent = `= ${reading.velocity} computed ${place.textContent}`;
  });
  const words = row.querySelector("[data-nt-read]");
  words.textContent = reading.flags.map((flag) => rules.labels[flag]).join(", ");
}

function drawNerves(table) {
  const rules = JSON.parse(table.dataset.ntRules);
  const groups = new Map();
  table.querySelectorAll("tbody tr").forEach((row) => {
    const key = row.dataset.ntLine.split("-").slice(0, 2).join("-");
    groups.set(key, [...(groups.get(key) ?? []), row]);
  });
  const filter = Number(document.querySelector("[data-filter]")?.value || 0);
  groups.forEach((rows, key) => {
    const nerve = key.split("-")[0];
    const limits = limitsOf(nerve);
    const used = rows.filter((row) => [...row.querySelectorAll("input")].some((input) => (input.type === "checkbox" ? input.checked : input.value)));
    const sites = used.map(siteOf);
    const motor = table.dataset.ntNerves === "motor";
    const readings = motor ? readMotor(nerve, sites, limits, rules, filter) : readSensory(sites, limits, rules);
    const nothing = { flags: [], computed: false };
    rows.forEach((row) => show(row, readings[used.indexOf(row)] ?? nothing, limits, rules, isFirst(row)));
  });
}

function drawNeedle(table) {
  const words = JSON.parse(table.dataset.ntRules).muscle;
  table.querySelectorAll("tbody tr").forEach((row) => {
    const found = {};
    row.querySelectorAll("td[data-col] select").forEach((pick) => {
      found[pick.closest("td").dataset.col] = pick.value;
      pick.classList.toggle("is-off", Boolean(pick.value) && pick.value !== pick.dataset.normal);
    });
    row.querySelector("[data-nt-read]").textContent = readMuscle(found).map((code) => words[code]).join(", ");
  });
}

function draw() {
  document.querySelectorAll("table[data-nt-nerves]").forEach(drawNerves);
  document.querySelectorAll("table[data-nt-needle]").forEach(drawNeedle);
}

/* S: the next place of stimulation that has no row yet. */
function furtherSite(row) {
  const prefix = row.closest("table").dataset.ntNerves;
  const nerve = row.dataset.ntLine.split("-").slice(0, 2).join("-");
  const present = [...row.parentElement.rows].map((each) => each.dataset.ntLine);
  const open = [...document.getElementById(`${prefix}-add`).options].find(
    (option) => option.value.startsWith(`${nerve}-`) && !present.includes(option.value),
  );
  if (open) window.nmdTable.addLine(prefix, open.value);
}

document.addEventListener("keydown", (event) => {
  const row = event.target.closest?.("table[data-nt-nerves] tr");
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!row || !plain || event.key.toLowerCase() !== "s" || !event.target.matches("[inputmode=decimal], [type=checkbox]")) return;
  event.preventDefault();
  furtherSite(row);
});
/* Enter passes over the F wave of a further site: it is taken at the first one. */
document.addEventListener("nt:line", ({ target: row }) => {
  const place = row.querySelector("[data-col=f_latency_ms]");
  if (place) place.toggleAttribute("data-nt-aside", !isFirst(row));
});
["input", "nt:line"].forEach((name) => document.addEventListener(name, draw));
document.addEventListener("htmx:load", draw);
draw();
