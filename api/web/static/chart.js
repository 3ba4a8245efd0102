// One indicator drawn with the lines of its limits; follows the live stream without a reload.

const GOOD = 1;
// Charts speak the district's time wherever they are looked at: UTC axis, values moved by its offset.
const ZONE_MS = 8 * 3600e3;
const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(`--${name}`).trim();
const LEVELS = { notice: "blue", warning: "orange", alarm: "red", critical: "maroon", standard: "teal" };

for (const box of document.querySelectorAll("[data-chart]")) draw(box);

function draw(box) {
  const card = box.closest(".card");
  const chart = echarts.init(box, null, { renderer: "canvas" });
  const state = { code: pressed(card, "data-code"), hours: Number(pressed(card, "data-hours") || 1), rows: [] };
  const fixedEnd = Number(box.dataset.to) || null;

  async function load() {
    const from = Number(box.dataset.from) || Date.now() - state.hours * 3600e3;
    const query = new URLSearchParams({ from_ms: Math.round(from), points: 900 });
    if (fixedEnd) query.set("to_ms", fixedEnd);
    const code = state.code;
    const answer = await fetch(`/api/v1/stations/${box.dataset.station}/series/${code}?${query}`);
    if (!answer.ok || code !== state.code) return;
    const series = await answer.json();
    state.series = series;
    state.rows = series.t.map((t, i) => [t, series.value[i], series.quality[i]]);
    show(true);
  }

  function show(anew) {
    const { series, rows } = state;
    const good = rows.map(([t, value, quality]) => [t + ZONE_MS, quality === GOOD ? value : null]);
    const doubtful = rows.filter(([, value, quality]) => quality !== GOOD && value !== null);
    const shown = near(series.lines, good.map(([, value]) => value).filter((value) => value !== null));
    const axis = scale([...rows.map(([, value]) => value).filter((value) => value !== null), ...shown.map(({ value }) => value)]);
    chart.setOption({
      animation: false,
      useUTC: true,
      grid: { left: 8, right: 14, top: 26, bottom: 6, containLabel: true },
      tooltip: { trigger: "axis", confine: true, valueFormatter: (value) => value == null ? "—" : `${value.toFixed(series.decimals)} ${series.unit}` },
      xAxis: { type: "time", axisLabel: { color: colour("soft"), hideOverlap: true }, axisLine: { lineStyle: { color: colour("line") } } },
      yAxis: { type: "value", ...axis, name: series.unit, nameTextStyle: { color: colour("soft"), align: "left" }, axisLabel: { color: colour("soft"), formatter: (value) => Number(value.toPrecision(6)) }, splitLine: { lineStyle: { color: colour("line") } } },
      series: [
        { name: series.name, type: "line", showSymbol: false, data: good, connectNulls: false, lineStyle: { width: 2, color: colour("teal") }, itemStyle: { color: colour("teal") }, areaStyle: { color: colour("teal"), opacity: 0.08 },
          markLine: { silent: true, symbol: "none", data: shown.map((line) => ({ yAxis: line.value, lineStyle: { color: colour(LEVELS[line.level]), type: line.level === "standard" ? "dotted" : "dashed", width: 1.5 }, label: { formatter: `${line.name} ${line.value}`, position: "insideStartTop", color: colour(LEVELS[line.level]), fontSize: 11 } })) } },
        { name: box.dataset.doubtful, type: "scatter", symbol: "emptyTriangle", symbolSize: 8, data: doubtful.map(([t, value]) => [t + ZONE_MS, value]), itemStyle: { color: colour("soft") } },
      ],
    }, { notMerge: anew });
  }

  document.addEventListener("qingyuan:live", ({ detail }) => {
    const reading = detail.station === box.dataset.station && !fixedEnd && detail.readings[state.code];
    if (!reading || !state.series || reading.t <= (state.rows.at(-1)?.[0] ?? 0)) return;
    state.rows.push([reading.t, reading.value, reading.quality]);
    const earliest = Number(box.dataset.from) || reading.t - state.hours * 3600e3;
    while (state.rows.length && state.rows[0][0] < earliest) state.rows.shift();
    show(false);
  });

  card.addEventListener("click", ({ target }) => {
    const button = target.closest("button[aria-pressed]");
    if (!button) return;
    for (const other of button.parentElement.children) other.setAttribute("aria-pressed", other === button);
    if (button.dataset.code) state.code = button.dataset.code;
    if (button.dataset.hours) state.hours = Number(button.dataset.hours);
    load();
  });
  document.addEventListener("qingyuan:again", () => load());
  addEventListener("resize", () => chart.resize());
  load();
}

function pressed(card, attribute) {
  return card.querySelector(`button[${attribute}][aria-pressed=true]`)?.getAttribute(attribute);
}

// A limit far above everything would press the curve flat: the nearest one is always drawn.
function near(lines, values) {
  const highest = Math.max(...values);
  const within = lines.filter(({ value }) => value <= highest * 2.5);
  const nearest = [...lines].sort((a, b) => a.value - b.value).slice(0, 1);
  return within.length ? within : nearest;
}

// Ends of the axis at round figures around all that is drawn; zero where the values are near it.
function scale(values) {
  if (!values.length) return {};
  const low = Math.min(...values), high = Math.max(...values);
  const rough = (high - low || Math.abs(high) || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough);
  const round = (value) => Number(value.toPrecision(12));
  const floor = Math.floor(low / step) * step;
  const min = floor > 0 && floor <= 2 * step ? 0 : floor;
  return { min: round(min), max: round(Math.ceil((high + step * 0.1) / step) * step), interval: round(step) };
}
