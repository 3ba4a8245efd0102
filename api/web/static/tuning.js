// A threshold is moved over the past: lines on the chart, figures below, judged anew as they move.

import { colour, scale, told, ZONE_MS } from "./chart.js";
import { legend, marked } from "./marks.js";

const DAY_MS = 86400e3, MINUTE_MS = 60e3, QUIET_MS = 80, POINTS = 2000;
const box = document.getElementById("tuning");
const form = document.getElementById("levels"), saving = document.getElementById("save");
const station = document.getElementById("station"), everywhere = document.getElementById("everywhere");
const { rule, code, unit } = box.dataset;
const decimals = Number(box.dataset.decimals), step = 10 ** -decimals;
const chart = echarts.init(document.getElementById("history"), null, { renderer: "canvas" });
const handles = [...box.querySelectorAll(".line")];
const levels = [...form.querySelectorAll("fieldset")].map((set, i) => {
  const field = (of) => set.querySelector(`[data-of="${of}"]`);
  const sign = Number(set.dataset.sign);
  return { name: set.dataset.level, sign, field, lines: { clear: handles[2 * i], limit: handles[2 * i + 1] } };
});
const state = { days: 30, rows: [], axis: { min: 0, max: 1 }, moving: false };

// The lines, from the fields: these alone hold what is tried.

const value = (level, of) => level.field(of).valueAsNumber;
const each = (visit) => levels.forEach((level) => ["limit", "clear"].forEach((of) => visit(level, of)));

function move(level, of, to) {
  const rounded = Number(to.toFixed(decimals));
  const beyond = (a, b) => level.sign * a > level.sign * b;
  if (of === "clear" && beyond(rounded, value(level, "limit"))) return move(level, "clear", value(level, "limit"));
  level.field(of).value = rounded;
  if (of === "limit" && beyond(value(level, "clear"), rounded)) level.field("clear").value = rounded;
  changed();
}

function place() {
  const { min, max } = state.axis;
  if (state.series) box.querySelector(".lines").style.setProperty("--left", `${chart.convertToPixel({ xAxisIndex: 0 }, chart.getOption().xAxis[0].min)}px`);
  each((level, of) => {
    const line = level.lines[of], at = value(level, of);
    line.hidden = Number.isNaN(at);
    if (line.hidden) return;
    line.style.top = `${chart.convertToPixel({ yAxisIndex: 0 }, Math.min(Math.max(at, min), max))}px`;
    line.querySelector("b").textContent = Number(at.toPrecision(6));
    for (const [name, now] of Object.entries({ valuemin: min, valuemax: max, valuenow: at, valuetext: `${at} ${unit}` })) line.setAttribute(`aria-${name}`, now);
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
    const follow = ({ clientY }) => move(level, of, chart.convertFromPixel({ yAxisIndex: 0 }, clientY - chart.getDom().getBoundingClientRect().top - off));
    state.moving = true; // the axis stands still under the hand
    line.addEventListener("pointermove", follow);
    line.addEventListener("lostpointercapture", () => {
      line.removeEventListener("pointermove", follow);
      state.moving = false;
      changed();
    }, { once: true });
  });
  line.addEventListener("keydown", (event) => {
    const steps = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (!steps) return;
    event.preventDefault();
    move(level, of, value(level, of) + steps * step);
  });
});
form.addEventListener("input", changed);
form.addEventListener("reset", () => setTimeout(changed));
form.addEventListener("submit", (event) => event.preventDefault());

// The past, drawn.

async function load() {
  state.to = Math.floor((Number(box.dataset.now) + performance.now()) / MINUTE_MS) * MINUTE_MS;
  state.from = state.to - state.days * DAY_MS;
  state.trial = null;
  soon();
  const at = station.value, { from, to } = state;
  const query = new URLSearchParams({ from_ms: from, to_ms: to, points: POINTS });
  const answer = await fetch(`/api/v1/stations/${at}/series/${code}?${query}`);
  if (!answer.ok || at !== station.value || from !== state.from) return;
  const series = state.series = await answer.json();
  state.rows = series.t.map((t, i) => ({ t, value: series.value[i], quality: series.quality[i], cause: series.cause[i] }));
  box.querySelector(".empty").hidden = state.rows.length > 0;
  legend(box.querySelector(".marks"), state.rows, series, colour);
  drawn();
  place();
}

function drawn() {
  const { rows, series, to } = state;
  if (!series) return;
  const from = Math.max(state.from, (rows[0]?.t ?? 0) - MINUTE_MS);
  const all = rows.map((row) => row.value).filter((v) => v !== null);
  each((level, of) => Number.isNaN(value(level, of)) || all.push(value(level, of)));
  state.axis = scale(all);
  state.apart = (to - from) / chart.getWidth();
  chart.setOption({
    animation: false, useUTC: true,
    grid: { left: 8, right: 14, top: 26, bottom: 6, containLabel: true },
    tooltip: { trigger: "axis", confine: true, backgroundColor: colour("card"), borderColor: colour("line"), textStyle: { color: colour("ink") }, formatter: ([{ dataIndex }]) => told(rows[dataIndex], series, box.dataset.judged) },
    xAxis: { type: "time", min: from + ZONE_MS, max: to + ZONE_MS, axisLabel: { color: colour("soft"), hideOverlap: true }, axisLine: { onZero: false, lineStyle: { color: colour("line") } } },
    yAxis: { type: "value", ...state.axis, name: series.unit, nameTextStyle: { color: colour("soft"), align: "left" }, axisLabel: { color: colour("soft"), formatter: (v) => Number(v.toPrecision(6)) }, splitLine: { lineStyle: { color: colour("line") } } },
    series: [
      { type: "line", showSymbol: false, data: rows.map(({ t, value, quality }) => [t + ZONE_MS, quality === 1 ? value : null]), lineStyle: { width: 1.6, color: colour("teal") }, itemStyle: { color: colour("teal") } },
      { id: "now", type: "line", data: [] }, { id: "draft", type: "line", data: [] },
      ...marked(rows, { move: ZONE_MS, floor: state.axis.min, apart: state.apart, colour }),
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

// What would have been: asked while the line moves, the answer before is given up.

let waiting = null, asked = null;
const sentence = document.querySelector("#comparison .sentence");

function soon() {
  waiting ??= setTimeout(() => { waiting = null; ask(); }, QUIET_MS);
}

const wanted = () => levels.map((level) => ({
  level: level.name,
  limit: value(level, "limit"),
  for_ms: Math.round(value(level, "for") * level.field("for-unit").value),
  clear_limit: value(level, "clear"),
  clear_for_ms: Math.round(value(level, "clear-for") * level.field("clear-for-unit").value),
}));

async function posted(path, body, signal) {
  const answer = await fetch(`/api/v1/rules/${rule}/${path}`, { method: "POST", signal, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const found = await answer.json();
  return answer.ok ? found : { wrong: found.words ?? box.dataset.unreadable };
}

async function ask() {
  asked?.abort();
  const mine = asked = new AbortController();
  const body = { levels: wanted(), from_ms: state.from, to_ms: state.to };
  if (!everywhere.checked) body.station = station.value;
  const found = await posted("trial", body, mine.signal).catch(() => ({ wrong: box.dataset.away }));
  if (mine.signal.aborted) return;
  state.trial = found.wrong ? null : found;
  sentence.classList.toggle("wrong", Boolean(found.wrong));
  sentence.textContent = found.wrong ?? box.dataset.sentence.replace("{both}", found.both).replace("{now}", found.only_now).replace("{draft}", found.only_draft);
  tabled(found);
  if (state.series) shade();
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
  const body = { levels: wanted(), version: Number(box.dataset.version), reason: reason.value };
  if (begin.value) body.valid_from_ms = Date.parse(`${begin.value}+08:00`);
  const found = await posted("versions", body).catch(() => ({ wrong: box.dataset.away }));
  button.disabled = false;
  wrong.hidden = !found.wrong;
  wrong.textContent = found.wrong ?? "";
  if (!found.wrong) location.assign(`/rules/${rule}?done=saved`);
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
