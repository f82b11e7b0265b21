/* Draws the table beside it: values by day, hollow while preliminary, the band of the limits. */
const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--nt-${name}`).trim();
const number = (text) => (text === undefined ? null : Number(text));
const spaced = (value) => String(value).replace("-", "−").replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, "\u2009");

function points(table) {
  return [...table.tBodies[0].rows].reverse().map((row) => {
    const value = row.querySelector("data");
    const hollow = "preliminary" in value.dataset;
    return { value: [row.querySelector("time").dateTime, Number(value.value)], symbol: hollow ? "emptyCircle" : "circle" };
  });
}

/* A scale stands between its lowest and highest score; any other axis holds values and limits. */
function range(values, data) {
  if (data.ceiling !== undefined) return { min: number(data.floor) ?? 0, max: number(data.ceiling) };
  const all = [...values, number(data.low), number(data.high)].filter((each) => each !== null);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = (high - low || Math.abs(high) || 1) * 0.1;
  return { min: low >= 0 ? Math.max(0, low - room) : low - room, max: high + room };
}

function option(series, data) {
  const axis = range(series.map((point) => point.value[1]), data);
  const text = { color: ink("ink-3"), fontSize: 12, fontFamily: ink("font") };
  const [low, high] = [number(data.low), number(data.high)];
  const band = low === null && high === null ? [] : [[{ yAxis: low ?? axis.min }, { yAxis: high ?? axis.max }]];
  return {
    animation: false,
    grid: { left: 8, right: 20, top: 32, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: { type: "time", boundaryGap: ["4%", "4%"], axisLine: { lineStyle: { color: ink("line-2") } }, axisLabel: { ...text, hideOverlap: true }, splitLine: { show: false } },
    yAxis: {
      type: "value", ...axis, name: data.unit, nameTextStyle: { ...text, align: "left" },
      axisLabel: { ...text, formatter: spaced, showMinLabel: data.ceiling !== undefined, showMaxLabel: data.ceiling !== undefined },
      splitLine: { lineStyle: { color: ink("line") } },
    },
    series: [{
      type: "line", data: series, symbolSize: 8, itemStyle: { color: ink("accent") }, lineStyle: { color: ink("accent"), width: 2 },
      label: { show: series.length <= 12, ...text, color: ink("ink"), formatter: (each) => spaced(each.value[1]) },
      markArea: { silent: true, itemStyle: { color: ink("accent"), opacity: 0.1 }, data: band },
    }],
  };
}

function show(card) {
  const series = points(document.getElementById(card.dataset.ntTrend));
  card.hidden = false;
  const chart = echarts.init(card.querySelector("[role=img]"), null, { renderer: "canvas" });
  const draw = () => chart.setOption(option(series, card.dataset), true);
  draw();
  new MutationObserver(draw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  new ResizeObserver(() => chart.resize()).observe(card);
  matchMedia("print").addEventListener("change", draw); // paper is always light
}

document.querySelectorAll("[data-nt-trend]").forEach(show);
