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
    const highest = Math.max(...good.map(([, value]) => value ?? -Infinity));
    // A limit far above everything would press the curve flat: the nearest one is always drawn.
    const lines = series.lines.filter(({ value }) => value <= highest * 2.5);
    const shown = lines.length ? lines : series.lines.slice(0, 1);
    chart.setOption({
      animation: false,
      useUTC: true,
      grid: { left: 8, right: 14, top: 26, bottom: 6, containLabel: true },
      tooltip: { trigger: "axis", confine: true, valueFormatter: (value) => value == null ? "—" : `${value.toFixed(series.decimals)} ${series.unit}` },
      xAxis: { type: "time", axisLabel: { color: colour("soft"), hideOverlap: true }, axisLine: { lineStyle: { color: colour("line") } } },
      yAxis: { type: "value", scale: true, name: series.unit, nameTextStyle: { color: colour("soft"), align: "left" }, axisLabel: { color: colour("soft") }, splitLine: { lineStyle: { color: colour("line") } },
        max: ({ max }) => Math.max(max, ...shown.map(({ value }) => value * 1.05)) },
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
  addEventListener("resize", () => chart.resize());
  load();
}

function pressed(card, attribute) {
  return card.querySelector(`button[${attribute}][aria-pressed=true]`)?.getAttribute(attribute);
}
