// A rule is changed over the past: lines on the chart, figures below, judged anew as they move.

import { colour, scale } from "./chart.js";
import { legend } from "./marks.js";
import { appease, complain } from "./tuning/complaints.js";
import { axisOf, DAY_MS, lessThanAsked, MINUTE_MS, rounded, stepOf } from "./tuning/figures.js";
import { Form } from "./tuning/form.js";
import { options, shaded } from "./tuning/history.js";
import { saves } from "./tuning/saving.js";
import { tabled } from "./tuning/table.js";

const POINTS = 2000;
// A trial is asked for while the hand moves; a slow one when it rests, and its progress is shown.
const QUIET_MS = 80;
const SLOW_MS = 500;
const REST_MS = 600;
const LATE_MS = 400;
const STEPS = {
  ArrowUp: 1,
  ArrowRight: 1,
  ArrowDown: -1,
  ArrowLeft: -1,
  PageUp: 10,
  PageDown: -10,
};
const box = document.getElementById("tuning");
const terms = document.getElementById("levels");
const saving = document.getElementById("save");
const station = document.getElementById("station");
const everywhere = document.getElementById("everywhere");
const { rule, form: limited, shape, code } = box.dataset;
const counted = ["by", "at_least"].includes(limited);
const decimals = Number(box.dataset.decimals);
const chart = echarts.init(document.getElementById("history"), null, { renderer: "canvas" });
const own = JSON.parse(box.dataset.look);
const form = new Form(terms, [...box.querySelectorAll(".line")], { own, limited, counted });
const state = { days: 30, rows: [], axis: { min: 0, max: 1 }, moving: false, took: 0 };

// An older version as the draft; it is looked at, and saved as a new one.

document.getElementById("versions").addEventListener("click", ({ target }) => {
  const chosen = target.closest("[data-figures]");
  if (!chosen) return;
  form.fill(JSON.parse(chosen.dataset.figures));
  saving.elements.reason.value = chosen.dataset.reason;
  changed();
  again();
  box.scrollIntoView();
});

// The lines.

function move(level, of, to) {
  const at = rounded(to, { counted, decimals });
  const beyond = (a, b) => level.sign * a > level.sign * b;
  const limit = form.value(level, "limit");
  if (of === "clear" && beyond(at, limit)) return move(level, "clear", limit);
  form.put(level, of, at);
  if (of === "limit" && beyond(form.value(level, "clear"), at)) form.put(level, "clear", at);
  changed();
}

function place() {
  const { min, max } = state.axis;
  if (state.seen) {
    const left = chart.convertToPixel({ xAxisIndex: 0 }, chart.getOption().xAxis[0].min);
    box.querySelector(".lines").style.setProperty("--left", `${left}px`);
  }
  form.each((level, of) => {
    const line = level.lines[of];
    const at = form.drawnAt(level, of);
    const said = form.value(level, of) + form.more(of);
    line.hidden = Number.isNaN(at);
    if (line.hidden) return;
    const inside = Math.min(Math.max(at, min), max);
    line.style.top = `${chart.convertToPixel({ yAxisIndex: 0 }, inside)}px`;
    line.querySelector("b").textContent = Number(said.toPrecision(6));
    const now = { min, max, now: said, text: `${said} ${box.dataset.unit}` };
    for (const [name, value] of Object.entries(now)) line.setAttribute(`aria-value${name}`, value);
  });
}

function changed() {
  if (!state.moving) drawn();
  place();
  soon();
}

form.each((level, of) => {
  const line = level.lines[of];
  line.addEventListener("pointerdown", (event) => {
    line.setPointerCapture(event.pointerId);
    line.focus();
    event.preventDefault();
    const top = () => chart.getDom().getBoundingClientRect().top;
    const off = event.clientY - top() - parseFloat(line.style.top);
    const fine = stepOf(state.axis, { counted, decimals });
    const follow = ({ clientY }) => {
      const at = chart.convertFromPixel({ yAxisIndex: 0 }, clientY - top() - off);
      move(level, of, Math.round((at - (counted ? 0.5 : 0)) / fine) * fine);
    };
    const released = () => {
      line.removeEventListener("pointermove", follow);
      state.moving = false;
      changed();
      againIfJudged();
    };
    state.moving = true; // the axis stands still under the hand
    line.addEventListener("pointermove", follow);
    line.addEventListener("lostpointercapture", released, { once: true });
  });
  line.addEventListener("keydown", (event) => {
    const { min, max } = state.axis;
    const now = form.value(level, of);
    const by = (steps) => now + steps * stepOf(state.axis, { counted, decimals });
    const ends = { Home: min, End: max - form.more(of) };
    const to = event.key in STEPS ? by(STEPS[event.key]) : ends[event.key];
    if (to === undefined) return;
    event.preventDefault();
    move(level, of, to);
    againIfJudged();
  });
});
terms.addEventListener("input", (event) => {
  changed();
  if (event.target.closest("#look")) again();
});
terms.addEventListener("change", againIfJudged);
terms.addEventListener("reset", () => {
  setTimeout(() => {
    changed();
    again();
  });
});
terms.addEventListener("submit", (event) => event.preventDefault());

// The past, drawn.

// Of several requests of one sort the last one counts; those before it are given up.
function single() {
  let last = null;
  return () => {
    last?.abort();
    last = new AbortController();
    return last.signal;
  };
}
const drawing = single();
const trying = single();

function load() {
  const now = Number(box.dataset.now) + performance.now();
  state.to = Math.floor(now / MINUTE_MS) * MINUTE_MS;
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
  if (form.unreadable.length) return;
  const seen = await (code ? readings(signal) : seenByRule(signal)).catch(() => null);
  if (signal.aborted || !seen || seen.wrong) return;
  const row = (t, i) => ({
    t,
    value: seen.value[i],
    quality: seen.quality[i],
    cause: seen.cause[i],
  });
  Object.assign(state, { seen, rows: code ? seen.t.map(row) : [] });
  state.first = code ? state.rows[0]?.t : Math.min(...seen.rows.map(({ t }) => t[0] ?? state.to));
  const some = code ? state.rows.length > 0 : seen.rows.some(({ t }) => t.length);
  box.querySelector(".empty").hidden = some;
  if (code) legend(box.querySelector(".marks"), [{ rows: state.rows, series: seen }], [], colour);
  drawn();
  place();
}

async function readings(signal) {
  const span = { from_ms: state.from, to_ms: state.to, points: POINTS };
  const path = `/api/v1/stations/${station.value}/series/${code}?${new URLSearchParams(span)}`;
  const answer = await fetch(path, { signal });
  return answer.ok ? answer.json() : null;
}

function seenByRule(signal) {
  const span = { station: station.value, from_ms: state.from, to_ms: state.to, points: POINTS };
  return posted("signal", { ...form.wanted(), ...span }, signal);
}

function axis() {
  const values = code
    ? state.rows.map((row) => row.value).filter((v) => v !== null)
    : state.seen.rows.flatMap((row) => row.value);
  const lines = [];
  form.each((level, of) => {
    if (!Number.isNaN(form.value(level, of))) lines.push(form.drawnAt(level, of));
  });
  return axisOf(values, lines, { counted, days: limited === "within", scale });
}

function drawn() {
  if (!state.seen) return;
  const drawnFrom = Math.max(state.from, (state.first ?? 0) - MINUTE_MS);
  state.axis = axis();
  state.apart = (state.to - drawnFrom) / chart.getWidth();
  const given = { code, shape, points: POINTS, judged: box.dataset.judged, colour };
  chart.setOption(options({ ...state, drawnFrom }, given), { notMerge: true });
  shade();
}

function shade() {
  chart.setOption(shaded(state, station.value, colour));
}

// What would have been.

let waiting = null;
const comparison = document.getElementById("comparison");
const sentence = comparison.querySelector(".sentence");
const coverage = comparison.querySelector(".coverage");
const progress = comparison.querySelector("progress");

function soon() {
  const slow = state.took > SLOW_MS;
  if (slow) waiting = clearTimeout(waiting);
  waiting ??= setTimeout(
    () => {
      waiting = null;
      ask();
    },
    slow ? REST_MS : QUIET_MS,
  );
}

async function posted(path, body, signal) {
  const answer = await fetch(`/api/v1/rules/${rule}/${path}`, {
    method: "POST",
    signal,
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const found = await answer.json();
  return answer.ok ? found : { wrong: found.words ?? box.dataset.unreadable, where: found.where };
}

// The answer, or why there is none, in words.
async function tried(body, signal) {
  if (form.unreadable.length) return { wrong: box.dataset.unreadable };
  return posted("trial", body(), signal).catch(() => ({ wrong: box.dataset.away }));
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

function measured({ hours, from_ms: from, to_ms: to }) {
  const less = hours === undefined ? null : lessThanAsked(hours, to - from);
  coverage.hidden = !less;
  if (!less) return;
  const said = coverage.dataset[less.unit];
  coverage.textContent = said.replace("{n}", less.n).replace("{days}", state.days);
}

// Where the draft stays silent although the standard is exceeded.
function warned(laxer) {
  const warning = document.getElementById("laxer");
  const rows = laxer.map((said) =>
    Object.assign(document.createElement("li"), { textContent: said }),
  );
  warning.hidden = !rows.length;
  warning.querySelector("ul").replaceChildren(...rows);
}

async function ask() {
  const signal = trying();
  const began = performance.now();
  const late = setTimeout(() => signal.aborted || busy(true), LATE_MS);
  const body = () => ({
    ...form.wanted(),
    from_ms: state.from,
    to_ms: state.to,
    ...(everywhere.checked ? {} : { station: station.value }),
  });
  const found = await tried(body, signal);
  clearTimeout(late);
  if (signal.aborted) return;
  busy(false);
  state.took = performance.now() - began;
  state.trial = found.wrong ? null : found;
  const { both, only_now: now, only_draft: draft } = found;
  const said = Object.entries({ both, now, draft }).reduce(
    (text, [name, n]) => text.replace(`{${name}}`, n),
    box.dataset.sentence,
  );
  say(found.wrong ?? said, Boolean(found.wrong));
  if (!form.unreadable.length) appease(terms);
  const field = found.wrong && form.at(found.where ?? "");
  if (field) complain(field, found.wrong);
  measured(found);
  warned(found.laxer ?? []);
  const shown = { stations: station, everywhere: everywhere.checked, levels: form.levels.length };
  tabled(found, shown);
  if (state.seen) shade();
}

saves(saving, terms, { form, box, posted });

box.addEventListener("click", ({ target }) => {
  const chosen = target.closest("[data-days]");
  if (!chosen) return;
  for (const other of chosen.parentElement.children)
    other.setAttribute("aria-pressed", other === chosen);
  state.days = Number(chosen.dataset.days);
  load();
});
station.addEventListener("change", load);
everywhere.addEventListener("change", soon);
addEventListener("resize", () => {
  chart.resize();
  drawn();
  place();
});
load();
