// A rule is changed over the past: lines on the chart, figures below, judged anew as they move.

import { colour, scale, told } from "./chart.js";
import { curve, legend, longest, marked } from "./marks.js";
import { ZONE_MS } from "./server_time.js";
import { hovered, signalled } from "./signals.js";

const DAY_MS = 86400e3, MINUTE_MS = 60e3, POINTS = 2000;
// A trial is asked for while the hand moves; a slow one when it rests, and its progress is shown.
const QUIET_MS = 80, SLOW_MS = 500, REST_MS = 600, LATE_MS = 400;
const box = document.getElementById("tuning");
const form = document.getElementById("levels"), saving = document.getElementById("save");
const station = document.getElementById("station"), everywhere = document.getElementById("everywhere");
const { rule, form: limited, shape, code } = box.dataset;
const counted = ["by", "at_least"].includes(limited);
const decimals = Number(box.dataset.decimals), step = 10 ** -decimals;
const own = JSON.parse(box.dataset.look);
const chart = echarts.init(document.getElementById("history"), null, { renderer: "canvas" });
const handles = [...box.querySelectorAll(".line")];
const levels = [...form.querySelectorAll("[data-level]")].map((set, i) => {
  const field = (of) => set.querySelector(`[data-of="${of}"]`);
  const sign = Number(set.dataset.sign);
  return { name: set.dataset.level, sign, field, lines: { clear: handles[2 * i], limit: handles[2 * i + 1] } };
});
const state = { days: 30, rows: [], axis: { min: 0, max: 1 }, moving: false, took: 0 };

// The fields: these alone hold what is tried. Of what is counted a field says from which number
// on, the limit is one less, and its line is drawn between the two.

const more = (of) => (counted && of === "limit" ? 1 : 0);
const value = (level, of) => level.field(of).valueAsNumber - more(of);
const drawnAt = (level, of) => value(level, of) + (counted ? 0.5 : 0);
const each = (visit) => limited && levels.forEach((level) => ["limit", "clear"].forEach((of) => visit(level, of)));
const span = (field) => Math.round(field.valueAsNumber * field.nextElementSibling.value);
const incomplete = () => [...form.querySelectorAll("[type=number]")].some((field) => Number.isNaN(field.valueAsNumber));

const asked = {
  span: (field) => `${span(field)}ms`,
  number: (field) => field.valueAsNumber,
  choice: (field) => field.value,
  several: (field) => [...field.querySelectorAll(":checked")].map((chosen) => chosen.value),
};

function look() {
  const made = structuredClone(own);
  for (const field of form.querySelectorAll("[data-look][data-type]")) {
    const path = field.dataset.look.split("."), last = path.pop();
    path.reduce((of, name) => of[name], made)[last] = asked[field.dataset.type](field);
  }
  return made;
}

const wanted = () => ({
  look: look(),
  levels: levels.map((level) => ({
    level: level.name,
    limit: limited ? value(level, "limit") : null,
    for_ms: span(level.field("for")),
    clear_limit: limited ? value(level, "clear") : null,
    clear_for_ms: limited ? span(level.field("clear-for")) : 0,
  })),
});

// An older version as the draft; it is looked at, and saved as a new one.

const filled = {
  span: (field, ms) => {
    const unit = ms ? [DAY_MS, 60 * MINUTE_MS, MINUTE_MS].find((size) => ms % size === 0) ?? 1e3 : 1e3;
    field.nextElementSibling.value = unit;
    field.valueAsNumber = ms / unit;
  },
  number: (field, to) => { field.valueAsNumber = to; },
  choice: (field, to) => { field.value = to; },
  several: (field, to) => { for (const choice of field.querySelectorAll("input")) choice.checked = to.includes(choice.value); },
};

document.getElementById("versions").addEventListener("click", ({ target }) => {
  const chosen = target.closest("[data-figures]");
  if (!chosen) return;
  const figures = JSON.parse(chosen.dataset.figures);
  for (const [path, to] of Object.entries(figures.look)) {
    const field = form.querySelector(`[data-look="${path}"][data-type]`);
    filled[field.dataset.type](field, to);
  }
  levels.forEach((level, i) => {
    for (const [of, to] of Object.entries(figures.levels[i])) {
      const field = level.field(of);
      if (field) filled[field.dataset.type ?? "number"](field, to);
    }
  });
  saving.elements.reason.value = chosen.dataset.reason;
  changed();
  again();
  box.scrollIntoView();
});

// The lines.

function move(level, of, to) {
  const rounded = counted ? Math.max(0, Math.round(to)) : Number(to.toFixed(decimals));
  const beyond = (a, b) => level.sign * a > level.sign * b;
  if (of === "clear" && beyond(rounded, value(level, "limit"))) return move(level, "clear", value(level, "limit"));
  level.field(of).value = rounded + more(of);
  if (of === "limit" && beyond(value(level, "clear"), rounded)) level.field("clear").value = rounded;
  changed();
}

function place() {
  const { min, max } = state.axis;
  if (state.seen) box.querySelector(".lines").style.setProperty("--left", `${chart.convertToPixel({ xAxisIndex: 0 }, chart.getOption().xAxis[0].min)}px`);
  each((level, of) => {
    const line = level.lines[of], at = drawnAt(level, of), said = value(level, of) + more(of);
    line.hidden = Number.isNaN(at);
    if (line.hidden) return;
    line.style.top = `${chart.convertToPixel({ yAxisIndex: 0 }, Math.min(Math.max(at, min), max))}px`;
    line.querySelector("b").textContent = Number(said.toPrecision(6));
    for (const [name, now] of Object.entries({ valuemin: min, valuemax: max, valuenow: said, valuetext: `${said} ${box.dataset.unit}` })) line.setAttribute(`aria-${name}`, now);
  });
}

function changed() {
  if (!state.moving) drawn();
  place();
  soon();
}

each((level, of) => {
  const line = level.lines[of];
  line.addEventListener("pointerdown", (event) => {
    line.setPointerCapture(event.pointerId);
    line.focus();
    event.preventDefault();
    const above = chart.getDom().getBoundingClientRect().top;
    const off = event.clientY - above - parseFloat(line.style.top);
    const fine = 10 ** Math.floor(Math.log10((state.axis.max - state.axis.min) / chart.getHeight())); // a hand is no finer than a pixel
    const follow = ({ clientY }) => {
      const at = chart.convertFromPixel({ yAxisIndex: 0 }, clientY - chart.getDom().getBoundingClientRect().top - off);
      move(level, of, Math.round((at - (counted ? 0.5 : 0)) / fine) * fine);
    };
    state.moving = true; // the axis stands still under the hand
    line.addEventListener("pointermove", follow);
    line.addEventListener("lostpointercapture", () => {
      line.removeEventListener("pointermove", follow);
      state.moving = false;
      changed();
      againIfJudged();
    }, { once: true });
  });
  line.addEventListener("keydown", (event) => {
    const steps = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (!steps) return;
    event.preventDefault();
    move(level, of, value(level, of) + steps * step);
    againIfJudged();
  });
});
form.addEventListener("input", (event) => {
  changed();
  if (event.target.closest("#look")) again();
});
form.addEventListener("change", againIfJudged);
form.addEventListener("reset", () => setTimeout(() => { changed(); again(); }));
form.addEventListener("submit", (event) => event.preventDefault());

// The past, drawn: readings with their flags, or what is made of them.

// Of several requests of one sort the last one counts; those before it are given up.
function single() {
  let last = null;
  return () => {
    last?.abort();
    last = new AbortController();
    return last.signal;
  };
}
const drawing = single(), trying = single();

function load() {
  state.to = Math.floor((Number(box.dataset.now) + performance.now()) / MINUTE_MS) * MINUTE_MS;
  state.from = state.to - state.days * DAY_MS;
  state.trial = null;
  soon();
  show();
}

let redrawing = null;

// Where the rule itself looks at something else, once the hand rests.
function again() {
  if (code) return;
  clearTimeout(redrawing);
  redrawing = setTimeout(show, state.took > SLOW_MS ? REST_MS : 3 * QUIET_MS);
}

// Of some kinds what is known depends on what the levels ask.
function againIfJudged() {
  if (box.dataset.byLevels) again();
}

async function show() {
  const signal = drawing();
  if (incomplete()) return;
  const { from, to } = state;
  const seen = await (code ? readings(from, to, signal) : posted("signal", { ...wanted(), station: station.value, from_ms: from, to_ms: to, points: POINTS }, signal)).catch(() => null);
  if (signal.aborted || !seen || seen.wrong) return;
  Object.assign(state, { seen, rows: code ? seen.t.map((t, i) => ({ t, value: seen.value[i], quality: seen.quality[i], cause: seen.cause[i] })) : [] });
  state.first = code ? state.rows[0]?.t : Math.min(...seen.rows.map(({ t }) => t[0] ?? to));
  box.querySelector(".empty").hidden = code ? state.rows.length > 0 : seen.rows.some(({ t }) => t.length);
  if (code) legend(box.querySelector(".marks"), state.rows, seen, colour);
  drawn();
  place();
}

async function readings(from, to, signal) {
  const query = new URLSearchParams({ from_ms: from, to_ms: to, points: POINTS });
  const answer = await fetch(`/api/v1/stations/${station.value}/series/${code}?${query}`, { signal });
  return answer.ok ? answer.json() : null;
}

function axis() {
  const all = code ? state.rows.map((row) => row.value).filter((v) => v !== null) : state.seen.rows.flatMap((row) => row.value);
  const lines = [];
  each((level, of) => Number.isNaN(value(level, of)) || lines.push(drawnAt(level, of)));
  // A trend that needs years would press all that is near into the floor.
  const near = limited === "within" ? all.filter((v) => v <= 4 * Math.max(...lines)) : all;
  const found = scale([...near, ...lines]);
  if (!counted) return found;
  return { min: Math.min(0, Math.floor(found.min)), max: Math.ceil(found.max), interval: Math.max(1, Math.ceil(found.interval)) };
}

function drawn() {
  const { rows, seen, to } = state;
  if (!seen) return;
  const from = Math.max(state.from, (state.first ?? 0) - MINUTE_MS);
  state.axis = axis();
  state.apart = (to - from) / chart.getWidth();
  const signal = code ? null : signalled(seen, shape, { move: ZONE_MS, to, apart: (to - state.from) / (POINTS / 2), colour });
  const least = code && longest(seen, to - state.from, POINTS);
  const name = code ? seen.unit : [seen.name, seen.unit].filter(Boolean).join(" · ");
  chart.setOption({
    animation: false, useUTC: true,
    grid: { left: 8, right: 14, top: 26, bottom: 6, containLabel: true },
    tooltip: { trigger: "axis", axisPointer: { axis: "x" }, confine: true, backgroundColor: colour("card"), borderColor: colour("line"), textStyle: { color: colour("ink") }, formatter: (points) => (code ? told(rows[points[0].data[2]], seen, box.dataset.judged) : hovered(points, seen)) },
    xAxis: { type: "time", min: from + ZONE_MS, max: to + ZONE_MS, axisLabel: { color: colour("soft"), hideOverlap: true }, axisLine: { onZero: false, lineStyle: { color: colour("line") } } },
    yAxis: { type: "value", ...(signal?.yAxis ? {} : state.axis), name, nameTextStyle: { color: colour("soft"), align: "left" }, axisLabel: { color: colour("soft"), ...(signal?.yAxis ? {} : { formatter: (v) => Number(v.toPrecision(6)) }) }, splitLine: { lineStyle: { color: colour("line") } }, ...signal?.yAxis },
    series: [
      ...(signal?.series ?? [{ type: "line", showSymbol: false, data: curve(rows, least, ZONE_MS, ({ value, quality }) => (quality === 1 ? value : null)), lineStyle: { width: 1.6, color: colour("teal") }, itemStyle: { color: colour("teal") } }]),
      { id: "now", type: "line", data: [] }, { id: "draft", type: "line", data: [] },
      ...marked(rows, { least, move: ZONE_MS, floor: state.axis.min, apart: state.apart, colour }),
    ],
  }, { notMerge: true });
  shade();
}

// Alerts as spans: those in force hatched, those of the draft in colour; a short one is still seen.
function shade() {
  const of = (which, color, opacity) => ({ id: which, markArea: { silent: true, itemStyle: { color, opacity }, data: spans(state.trial?.[which].alerts ?? []) } });
  chart.setOption({ series: [of("now", hatched(), 1), of("draft", colour("amber"), 0.28)] });
}

function spans(alerts) {
  const found = [];
  for (const { station: at, began_ms: from, resolved_ms: end } of alerts) {
    if (at !== station.value) continue;
    const to = Math.max(end ?? state.to, from + 2 * state.apart), last = found.at(-1);
    if (last && from - last[1] < state.apart) last[1] = Math.max(last[1], to);
    else found.push([from, to]);
  }
  return found.map(([from, to]) => [{ xAxis: from + ZONE_MS }, { xAxis: to + ZONE_MS }]);
}

function hatched() {
  const tile = Object.assign(document.createElement("canvas"), { width: 6, height: 6 });
  const pen = tile.getContext("2d");
  pen.strokeStyle = colour("gray");
  pen.globalAlpha = 0.6;
  for (const x of [-6, 0, 6]) { pen.moveTo(x, 6); pen.lineTo(x + 6, 0); }
  pen.stroke();
  return { image: tile, repeat: "repeat" };
}

// What would have been.

let waiting = null;
const comparison = document.getElementById("comparison");
const sentence = comparison.querySelector(".sentence"), progress = comparison.querySelector("progress");

function soon() {
  const slow = state.took > SLOW_MS;
  if (slow) waiting = clearTimeout(waiting);
  waiting ??= setTimeout(() => { waiting = null; ask(); }, slow ? REST_MS : QUIET_MS);
}

async function posted(path, body, signal) {
  const answer = await fetch(`/api/v1/rules/${rule}/${path}`, { method: "POST", signal, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const found = await answer.json();
  return answer.ok ? found : { wrong: found.words ?? box.dataset.unreadable };
}

function busy(on) {
  progress.hidden = !on;
  comparison.classList.toggle("busy", on);
  if (on) say(box.dataset.busy, false);
}

function say(text, wrong) {
  sentence.classList.toggle("wrong", wrong);
  sentence.textContent = text;
}

async function ask() {
  const signal = trying(), began = performance.now();
  const late = setTimeout(() => signal.aborted || busy(true), LATE_MS);
  const body = { ...wanted(), from_ms: state.from, to_ms: state.to };
  if (!everywhere.checked) body.station = station.value;
  const found = incomplete() ? { wrong: box.dataset.unreadable } : await posted("trial", body, signal).catch(() => ({ wrong: box.dataset.away }));
  clearTimeout(late);
  if (signal.aborted) return;
  busy(false);
  state.took = performance.now() - began;
  state.trial = found.wrong ? null : found;
  say(found.wrong ?? box.dataset.sentence.replace("{both}", found.both).replace("{now}", found.only_now).replace("{draft}", found.only_draft), Boolean(found.wrong));
  tabled(found);
  if (state.seen) shade();
}

function tabled({ now, draft }) {
  const cells = (row, of, digits = 0, behind = "") => {
    const figures = now ? [of(now.counts, now.reviewed) ?? 0, of(draft.counts, draft.reviewed) ?? 0] : [null, null];
    const by = Number((figures[1] - figures[0]).toFixed(digits));
    const texts = now ? [...figures.map((v) => v.toFixed(digits) + behind), by ? `${by > 0 ? "+" : "−"}${Math.abs(by).toFixed(digits)}` : "0"] : ["—", "—", "—"];
    [...row.querySelectorAll("td")].forEach((cell, i) => { cell.textContent = texts[i]; });
  };
  const fixed = (key) => document.querySelector(`[data-row="${key}"]`);
  cells(fixed("alerts"), (counts) => counts.alerts);
  cells(fixed("hours"), (counts) => counts.hours, 2);
  for (const who of ["deputy", "officer"]) {
    cells(fixed(`messages-${who}`), (counts) => counts.messages[who]);
    cells(fixed(`nights-${who}`), (counts) => counts.nights[who]);
  }
  const reviewed = now?.reviewed;
  document.getElementById("reviewed").hidden = !(reviewed?.true_all || reviewed?.false_all);
  for (const which of ["true", "false"]) cells(fixed(`reviewed-${which}`), (_, of) => of[`${which}_kept`], 0, `/${reviewed?.[`${which}_all`]}`);
  for (const body of document.querySelectorAll("[data-rows]")) {
    const by = body.dataset.rows, keys = now ? Object.keys({ ...now.counts[by], ...draft.counts[by] }).sort() : [];
    body.hidden = !keys.length || (by === "by_station" && !everywhere.checked) || (by === "by_level" && levels.length < 2);
    const named = { by_level: (key) => body.getAttribute(`data-name-${key}`), by_station: (key) => station.querySelector(`[value="${key}"]`)?.textContent, by_month: (key) => key }[by];
    body.replaceChildren(body.rows[0], ...keys.map((key) => {
      const row = document.createElement("tr");
      row.append(Object.assign(document.createElement("th"), { scope: "row", textContent: named(key) }), ...[0, 1, 2].map(() => Object.assign(document.createElement("td"), { className: "number" })));
      cells(row, (counts) => counts[by][key]);
      return row;
    }));
  }
}

saving.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { reason, valid_from: begin } = saving.elements, wrong = saving.querySelector(".wrong");
  const button = saving.querySelector("button");
  button.disabled = true;
  const body = { ...wanted(), version: Number(box.dataset.version), reason: reason.value };
  if (begin.value) body.valid_from_ms = Date.parse(`${begin.value}+08:00`);
  const found = incomplete() ? { wrong: box.dataset.unreadable } : await posted("versions", body).catch(() => ({ wrong: box.dataset.away }));
  button.disabled = false;
  wrong.hidden = !found.wrong;
  wrong.textContent = found.wrong ?? "";
  if (!found.wrong) location.assign("?done=saved");
});

box.addEventListener("click", ({ target }) => {
  const chosen = target.closest("[data-days]");
  if (!chosen) return;
  for (const other of chosen.parentElement.children) other.setAttribute("aria-pressed", other === chosen);
  state.days = Number(chosen.dataset.days);
  load();
});
station.addEventListener("change", load);
everywhere.addEventListener("change", soon);
addEventListener("resize", () => { chart.resize(); drawn(); place(); });
load();
