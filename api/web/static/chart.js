// One indicator drawn with the lines of its limits; follows the live stream without a reload.

import { near, scale } from "./axis.js";
import { curve, figure, judged, legend, longest, marked } from "./marks.js";
import { ZONE_MS, now } from "./server_time.js";

export { scale };

const POINTS = 900,
  MINUTE_MS = 60e3,
  AGAIN_MS = 10e3,
  PATIENCE_MS = 20e3;
const style = getComputedStyle(document.documentElement);
export const colour = (name) => style.getPropertyValue(`--${name}`).trim();
const LEVELS = {
  notice: "blue",
  warning: "orange",
  alarm: "red",
  critical: "maroon",
  standard: "teal",
};

for (const box of document.querySelectorAll("[data-chart]")) draw(box);

function draw(box) {
  const card = box.closest(".card");
  const chart = echarts.init(box, null, { renderer: "canvas" });
  const failed = card.querySelector(".chart-failed");
  // What is drawn changes as a whole, when its data are there: an axis without them shows a gap.
  const wanted = { code: box.dataset.code, hours: Number(pressed(card, "data-hours") || 1) };
  const state = { rows: [] };
  const fixedEnd = Number(box.dataset.to) || null;
  const begin = (end, hours) => Number(box.dataset.from) || end - hours * 3600e3;
  let again = null,
    asking = null,
    whole = false;

  async function request({ code, hours }, signal) {
    const end = fixedEnd || now(),
      from = Math.round(begin(end, hours));
    const query = new URLSearchParams({ from_ms: from, points: POINTS });
    if (fixedEnd) query.set("to_ms", fixedEnd);
    const answer = await fetch(`/api/v1/stations/${box.dataset.station}/series/${code}?${query}`, {
      signal,
    });
    if (!answer.ok) throw new Error(`answered ${answer.status}`);
    const series = await answer.json();
    const rows = series.t.map((t, i) => ({
      t,
      value: series.value[i],
      quality: series.quality[i],
      cause: series.cause[i],
    }));
    return { code, hours, series, rows, from, end };
  }

  async function load() {
    clearTimeout(again);
    asking?.abort();
    const mine = (asking = new AbortController());
    const over = setTimeout(() => mine.abort(), PATIENCE_MS);
    let wait = AGAIN_MS;
    try {
      Object.assign(state, await request({ ...wanted }, mine.signal));
      // What the checks find later and what people decide is laid over readings drawn already.
      wait = fixedEnd ? null : Math.max(MINUTE_MS, (state.end - state.from) / POINTS);
      whole = true;
      say("");
      show(true);
    } catch {
      if (asking !== mine) return; // something else was chosen meanwhile
      whole = false;
      say(failed.dataset.words);
      // The chart of another choice would be taken for that of this one.
      if (state.code !== wanted.code || state.hours !== wanted.hours) clear();
    } finally {
      clearTimeout(over);
    }
    // A page that nobody sees rests; "qingyuan:again" comes when it is looked at.
    if (wait) again = setTimeout(() => document.hidden || load(), wait);
  }

  function say(words) {
    if (failed.textContent !== words) failed.textContent = words;
  }

  function clear() {
    chart.clear();
    Object.assign(state, { code: null, series: null, rows: [] });
    for (const list of card.querySelectorAll(".marks, .changes")) list.hidden = true;
  }

  function show(anew) {
    const { series, rows, from, end } = state;
    const least = longest(series, end - from, POINTS);
    const good = curve(rows, least, ZONE_MS, ({ value, quality }) =>
      quality === 1 ? value : null,
    );
    const shown = near(
      series.lines,
      good.map(([, value]) => value).filter((value) => value !== null),
    );
    const axis = scale([
      ...rows.map(({ value }) => value).filter((value) => value !== null),
      ...shown.map(({ value }) => value),
    ]);
    const marks = marked(rows, {
      least,
      move: ZONE_MS,
      floor: axis.min,
      apart: (end - from) / box.clientWidth,
      colour,
    });
    chart.setOption(
      {
        animation: false,
        useUTC: true,
        grid: { left: 8, right: 14, top: 26, bottom: 6, containLabel: true },
        tooltip: {
          trigger: "axis",
          confine: true,
          backgroundColor: colour("card"),
          borderColor: colour("line"),
          textStyle: { color: colour("ink") },
          formatter: ([
            {
              data: [, , row],
            },
          ]) => told(rows[row], series, box.dataset.judged),
        },
        xAxis: {
          type: "time",
          min: from + ZONE_MS,
          max: end + ZONE_MS,
          axisLabel: { color: colour("soft"), hideOverlap: true },
          axisLine: { onZero: false, lineStyle: { color: colour("line") } },
        },
        yAxis: {
          type: "value",
          ...axis,
          name: series.unit,
          nameTextStyle: { color: colour("soft"), align: "left" },
          axisLabel: { color: colour("soft"), formatter: (value) => Number(value.toPrecision(6)) },
          splitLine: { lineStyle: { color: colour("line") } },
        },
        series: [
          {
            name: series.name,
            type: "line",
            showSymbol: false,
            data: good,
            connectNulls: false,
            lineStyle: { width: 2, color: colour("teal") },
            itemStyle: { color: colour("teal") },
            areaStyle: { color: colour("teal"), opacity: 0.08 },
            markLine: {
              silent: true,
              symbol: "none",
              data: [
                ...shown.map((line) => ({
                  yAxis: line.value,
                  lineStyle: {
                    color: colour(LEVELS[line.level]),
                    type: line.level === "standard" ? "dotted" : "dashed",
                    width: 1.5,
                  },
                  label: {
                    formatter: `${line.name} ${line.value} ${series.unit}`,
                    position: "insideStartTop",
                    color: colour(LEVELS[line.level]),
                    fontSize: 11,
                  },
                })),
                ...series.changes.map(({ t, words }) => ({
                  xAxis: t + ZONE_MS,
                  lineStyle: { color: colour("ink"), type: "solid", width: 1 },
                  label: {
                    formatter: words,
                    position: "end",
                    distance: 2,
                    align: 2 * t > from + end ? "right" : "left",
                    color: colour("ink"),
                    fontSize: 11,
                  },
                })),
              ],
            },
          },
          ...marks,
        ],
      },
      { notMerge: anew || marks.length !== state.marks },
    );
    state.marks = marks.length;
    legend(card.querySelector(".marks"), rows, series, colour);
    const changes = card.querySelector(".changes");
    changes.replaceChildren(
      ...series.changes.map(({ why }) =>
        Object.assign(document.createElement("li"), { textContent: why }),
      ),
    );
    changes.hidden = !series.changes.length;
  }

  document.addEventListener("qingyuan:live", ({ detail }) => {
    const reading =
      detail.station === box.dataset.station && !fixedEnd && detail.readings[state.code];
    if (!reading || !whole || reading.t <= (state.rows.at(-1)?.t ?? 0)) return;
    state.rows.push(reading);
    state.end = Math.max(reading.t, state.end);
    state.from = begin(state.end, state.hours);
    while (state.rows.length && state.rows[0].t < state.from) state.rows.shift();
    show(false);
  });

  card.addEventListener("click", ({ target }) => {
    const link = target.closest("a[data-view]");
    if (link && state.series)
      link.search = new URLSearchParams({
        code: state.code,
        from_ms: Math.round(state.from),
        to_ms: Math.round(state.end),
      });
    const button = target.closest("button[aria-pressed]");
    if (!button) return;
    for (const other of button.parentElement.children)
      other.setAttribute("aria-pressed", other === button);
    if (button.dataset.code) wanted.code = button.dataset.code;
    if (button.dataset.hours) wanted.hours = Number(button.dataset.hours);
    load();
  });
  // What came meanwhile is asked for first: a reading drawn after it would show a gap.
  document.addEventListener("qingyuan:again", () => {
    whole = false;
    load();
  });
  addEventListener("resize", () => chart.resize());
  load().then(() => "select" in box.dataset && select(chart, state));
}

// A drag chooses a span, a tap the nearest reading; whoever cares hears of it.
function select(chart, state) {
  const choose = (from, to) =>
    document.dispatchEvent(new CustomEvent("qingyuan:span", { detail: { from, to } }));
  const brush = {
    brushType: "lineX",
    brushMode: "single",
    brushStyle: { color: colour("teal"), opacity: 0.2 },
  };
  chart.setOption({ toolbox: { show: false }, brush: { xAxisIndex: 0, toolbox: [], ...brush } });
  chart.dispatchAction({ type: "takeGlobalCursor", key: "brush", brushOption: brush });
  chart.on("brushEnd", ({ areas: [area] }) => {
    if (!area) return;
    const [from, to] = area.coordRange.map((edge) => edge - ZONE_MS);
    choose(Math.floor(from / 1000) * 1000, Math.ceil(to / 1000) * 1000);
  });
  chart.getZr().on("click", ({ offsetX }) => {
    const t = chart.convertFromPixel({ xAxisIndex: 0 }, offsetX) - ZONE_MS;
    const off = (row) => Math.abs(row.t - t);
    const nearest = state.rows.reduce(
      (best, row) => (best && off(best) <= off(row) ? best : row),
      null,
    );
    if (nearest) choose(nearest.t, nearest.t + 1);
  });
}

export function told(row, series, pattern) {
  const value = row.value === null ? "—" : `${figure(row, series.decimals)} ${series.unit}`;
  const time = new Date(row.t + ZONE_MS).toISOString().slice(0, 19).replace("T", " ");
  const lines = [
    ["b", value],
    ["div", time],
    ["div", judged(row, series, pattern)],
  ].filter(([, text]) => text);
  const box = document.createElement("div");
  box.append(
    ...lines.map(([tag, textContent]) =>
      Object.assign(document.createElement(tag), { textContent }),
    ),
  );
  return box;
}

function pressed(card, attribute) {
  return card.querySelector(`button[${attribute}][aria-pressed=true]`)?.getAttribute(attribute);
}
