// The past of a rule as ECharts draws it: readings with their flags, or what is made of them, and
// alerts as spans.

import { told } from "../chart.js";
import { curve, longest, marked } from "../marks.js";
import { ZONE_MS } from "../server_time.js";
import { hovered, signalled } from "../signals.js";
import { spans } from "./figures.js";

// `code`: the indicator where the readings themselves are shown.
export function options(state, { code, shape, points, judged, colour }) {
  const { rows, seen, axis, apart, from, drawnFrom, to } = state;
  const move = ZONE_MS;
  const wide = (to - from) / (points / 2);
  const signal = code ? null : signalled(seen, shape, { move, to, apart: wide, colour });
  const least = code && longest(seen, to - from, points);
  const soft = colour("soft");
  const line = { lineStyle: { color: colour("line") } };
  const shown = (v) => Number(v.toPrecision(6));
  return {
    animation: false,
    useUTC: true,
    grid: { left: 8, right: 14, top: 26, bottom: 6, containLabel: true },
    tooltip: {
      trigger: "axis",
      axisPointer: { axis: "x" },
      confine: true,
      backgroundColor: colour("card"),
      borderColor: colour("line"),
      textStyle: { color: colour("ink") },
      formatter: (at) => (code ? told(rows[at[0].data[2]], seen, judged) : hovered(at, seen)),
    },
    xAxis: {
      type: "time",
      min: drawnFrom + move,
      max: to + move,
      axisLabel: { color: soft, hideOverlap: true },
      axisLine: { onZero: false, ...line },
    },
    yAxis: {
      type: "value",
      ...(signal?.yAxis ? {} : axis),
      name: code ? seen.unit : [seen.name, seen.unit].filter(Boolean).join(" · "),
      nameTextStyle: { color: soft, align: "left" },
      axisLabel: { color: soft, ...(signal?.yAxis ? {} : { formatter: shown }) },
      splitLine: line,
      ...signal?.yAxis,
    },
    series: [
      ...(signal?.series ?? [readings(rows, least, colour)]),
      { id: "now", type: "line", data: [] },
      { id: "draft", type: "line", data: [] },
      ...marked(rows, { least, move, floor: axis.min, apart, colour }),
    ],
  };
}

function readings(rows, least, colour) {
  const good = ({ value, quality }) => (quality === 1 ? value : null);
  const teal = { color: colour("teal") };
  const data = curve(rows, least, ZONE_MS, good);
  return {
    type: "line",
    showSymbol: false,
    data,
    lineStyle: { width: 1.6, ...teal },
    itemStyle: teal,
  };
}

// Alerts as spans: those in force hatched, those of the draft in colour; a short one is still seen.
export function shaded({ trial, to, apart }, station, colour) {
  const of = (which, color, opacity) => {
    const found = spans(trial?.[which].alerts ?? [], station, { to, apart });
    const data = found.map((ends) => ends.map((at) => ({ xAxis: at + ZONE_MS })));
    return { id: which, markArea: { silent: true, itemStyle: { color, opacity }, data } };
  };
  return { series: [of("now", hatched(colour), 1), of("draft", colour("amber"), 0.28)] };
}

function hatched(colour) {
  const tile = Object.assign(document.createElement("canvas"), { width: 6, height: 6 });
  const pen = tile.getContext("2d");
  pen.strokeStyle = colour("gray");
  pen.globalAlpha = 0.6;
  for (const x of [-6, 0, 6]) {
    pen.moveTo(x, 6);
    pen.lineTo(x + 6, 0);
  }
  pen.stroke();
  return { image: tile, repeat: "repeat" };
}
