// A chart as ECharts draws it: one indicator with its limits, alerts and flags, and perhaps another
// beside it, on an axis of its own where its unit differs.

import { labelled, near, scale } from "../axis.js";
import { curve, longest, marked, plain } from "../marks.js";
import { ZONE_MS } from "../server_time.js";

export const POINTS = 900;
const INKS = ["teal", "purple"],
  LEVELS = {
    notice: "blue",
    warning: "orange",
    alarm: "red",
    critical: "maroon",
    standard: "teal",
  },
  TOP = 26,
  FOOT = 24,
  NARROWEST_PX = 3;

// `lines`: one or two of { series, rows, name }; `size` in pixels; `told` writes the tooltip.
export function options({ lines, from, end, size, told, colour }) {
  const [{ series, rows }, second] = lines;
  const apart = (end - from) / size.width;
  const values = (of) => of.map(({ value }) => value).filter((value) => value !== null);
  const limits = near(series.lines, values(rows.filter((row) => plain(row) !== null)));
  const shared = second && second.series.unit === series.unit;
  const own = [...values(rows), ...(shared ? values(second.rows) : []), ...values(limits)];
  const axes = [scale(own), ...(second && !shared ? [scale(values(second.rows))] : [])];
  const sides = labelled(limits, axes[0], size.height - TOP - FOOT);
  return {
    animation: false,
    useUTC: true,
    grid: { left: 8, right: 14, top: TOP, bottom: 6, containLabel: true },
    tooltip: {
      trigger: "axis",
      confine: true,
      backgroundColor: colour("card"),
      borderColor: colour("line"),
      textStyle: { color: colour("ink") },
      formatter: ([{ axisValue }]) => told(axisValue - ZONE_MS),
    },
    xAxis: {
      type: "time",
      min: from + ZONE_MS,
      max: end + ZONE_MS,
      axisLabel: { color: colour("soft"), hideOverlap: true },
      axisLine: { onZero: false, lineStyle: { color: colour("line") } },
    },
    yAxis: axes.map((axis, n) => valueAxis(axis, lines[n].series.unit, n, axes.length, colour)),
    series: [
      ...lines.flatMap((line, n) =>
        drawn(line, n, shared ? 0 : n, {
          from,
          end,
          apart,
          floor: axes[shared ? 0 : n].min,
          colour,
        }),
      ),
      horizontal(limits, sides, series, colour),
      alerted(series.alerts, { end, apart, top: axes[0].max, colour }),
      { id: "pending", type: "line", data: [] },
    ],
  };
}

// What has been moved into view and is not there yet is covered: it is no gap.
export function preview([from, to], loaded, colour) {
  const parts = [
    [from, Math.min(to, loaded[0])],
    [Math.max(from, loaded[1]), to],
  ].filter(([begin, end]) => begin < end);
  return {
    xAxis: { min: from + ZONE_MS, max: to + ZONE_MS },
    series: [
      {
        id: "pending",
        markArea: {
          silent: true,
          itemStyle: { color: colour("gray"), opacity: 0.25 },
          data: parts.map((part) => part.map((at) => ({ xAxis: at + ZONE_MS }))),
        },
      },
    ],
  };
}

// Every line and limit with its ink and form, for the legend.
export function legendOf(lines, colour) {
  const names = lines.length > 1 ? lines : [];
  return [
    ...names.map(({ name, series }, n) => ({
      words: series.unit ? `${name} ${series.unit}` : name,
      ink: colour(INKS[n]),
      dash: n ? "7 2" : "",
    })),
    ...lines[0].series.lines
      .filter(({ value }) => value !== null)
      .map(({ name, value, level }) => ({
        words: `${name} ${value} ${lines[0].series.unit}`.trim(),
        ink: colour(LEVELS[level]),
        dash: level === "standard" ? "2 3" : "5 3",
      })),
  ];
}

function valueAxis(axis, unit, n, count, colour) {
  const ink = count > 1 ? colour(INKS[n]) : colour("soft");
  return {
    type: "value",
    ...axis,
    name: unit,
    position: n ? "right" : "left",
    nameTextStyle: { color: ink, align: n ? "right" : "left" },
    axisLabel: { color: ink, formatter: (value) => Number(value.toPrecision(6)) },
    splitLine: { show: !n, lineStyle: { color: colour("line") } },
  };
}

function drawn({ series, rows }, n, axis, { from, end, apart, floor, colour }) {
  const least = longest(series, end - from, POINTS);
  const ink = colour(INKS[n]);
  const marks = marked(rows, { least, move: ZONE_MS, floor, apart, colour });
  return [
    {
      id: `curve-${n}`,
      type: "line",
      yAxisIndex: axis,
      showSymbol: false,
      data: curve(rows, least, ZONE_MS, plain),
      connectNulls: false,
      lineStyle: { width: 2, color: ink, type: n ? [7, 2] : "solid" },
      itemStyle: { color: ink },
      ...(n ? {} : { areaStyle: { color: ink, opacity: 0.08 } }),
    },
    ...marks.map((mark, at) => ({ ...mark, id: `marks-${n}-${at}`, yAxisIndex: axis })),
  ];
}

function horizontal(limits, sides, series, colour) {
  const lines = limits.map(({ name, value, level }, n) => ({
    yAxis: value,
    lineStyle: {
      color: colour(LEVELS[level]),
      type: level === "standard" ? "dotted" : "dashed",
      width: 1.5,
    },
    label: {
      show: sides[n] !== null,
      formatter: `${name} ${value} ${series.unit}`,
      position: sides[n] === "end" ? "insideEndTop" : "insideStartTop",
      color: colour(LEVELS[level]),
      fontSize: 11,
      textBorderColor: colour("card"), // where the curve runs below it
      textBorderWidth: 3,
    },
  }));
  const changes = series.changes.map(({ t, words }) => ({
    xAxis: t + ZONE_MS,
    lineStyle: { color: colour("ink"), type: "solid", width: 1 },
    label: { formatter: words, position: "insideEndTop", color: colour("ink"), fontSize: 11 },
  }));
  return {
    id: "limits",
    type: "line",
    data: [],
    markLine: { silent: true, symbol: "none", data: [...lines, ...changes] },
  };
}

// Alerts as spans with a mark where they began; a short one is still seen.
function alerted(alerts, { end, apart, top, colour }) {
  const behind = ({ t, until }) => Math.max(until ?? end, t + NARROWEST_PX * apart);
  return {
    id: "alerts",
    type: "line",
    silent: true,
    z: 4,
    symbol: "triangle",
    symbolSize: 9,
    symbolRotate: 180,
    showAllSymbol: true,
    lineStyle: { width: 0 },
    data: alerts.map(({ t, level }) => ({
      value: [t + ZONE_MS, top],
      itemStyle: { color: colour(LEVELS[level]) },
    })),
    markArea: {
      silent: true,
      data: alerts.map((alert) => [
        {
          xAxis: alert.t + ZONE_MS,
          itemStyle: { color: colour(LEVELS[alert.level]), opacity: 0.1 },
        },
        { xAxis: behind(alert) + ZONE_MS },
      ]),
    },
  };
}
