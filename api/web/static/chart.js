// One indicator drawn with the lines of its limits, perhaps beside another; follows the live stream
// without a reload. What it shows is chosen by pointer, keyboard or form, and stands in the address.

import { scale } from "./axis.js";
import { instant, local, query } from "./chart/address.js";
import { readOut } from "./chart/cursor.js";
import { legendOf, options, POINTS, preview } from "./chart/drawing.js";
import { follow } from "./chart/gestures.js";
import { save } from "./chart/picture.js";
import { ends, HOUR_MS, LONGEST_MS, moved, zoomed } from "./chart/views.js";
import { FEW, figure, judged, legend, when } from "./marks.js";
import { now, ZONE_MS } from "./server_time.js";

export { scale };

const MINUTE_MS = 60e3,
  AGAIN_MS = 10e3,
  PATIENCE_MS = 20e3,
  TOO_MANY = 422,
  MOST_ALERTS = 20;
const MOVES = {
  earlier: (span) => moved(span, -0.5, now()),
  later: (span) => moved(span, 0.5, now()),
  "zoom-in": (span) => zoomed(span, 0.5, 0.5, now()),
  "zoom-out": (span) => zoomed(span, 2, 0.5, now()),
};
const KEYS = { "+": "zoom-in", "=": "zoom-in", "-": "zoom-out", _: "zoom-out" };
const style = getComputedStyle(document.documentElement);
export const colour = (name) => style.getPropertyValue(`--${name}`).trim();

for (const box of document.querySelectorAll("[data-chart]")) draw(box);

function draw(box) {
  const card = box.closest(".card");
  const find = (selector) => card.querySelector(selector);
  const chart = echarts.init(box, null, { renderer: "canvas" });
  const failed = find(".chart-failed"),
    form = find("form.chart-fields");
  const given = (text) => (text ? Number(text) : null);
  // What is drawn changes as a whole, when its data are there: an axis without them shows a gap.
  const wanted = {
    code: box.dataset.code,
    view: {
      from: given(box.dataset.from),
      to: given(box.dataset.to),
      hours: Number(box.dataset.hours),
    },
    drawn: box.dataset.drawn,
    beside: box.dataset.beside,
  };
  const state = { lines: [], from: 0, end: 0, asked: "" };
  let again = null,
    asking = null,
    whole = false,
    moving = false;

  const rows = () => state.lines[0]?.rows ?? [];
  const span = () => ends(wanted.view, now());
  const key = () => JSON.stringify(wanted);
  const tell = readOut(box, { rows, said, point });

  async function load() {
    clearTimeout(again);
    asking?.abort();
    const mine = (asking = new AbortController());
    const over = setTimeout(() => mine.abort(), PATIENCE_MS);
    const asked = key(),
      [from, end] = span();
    let wait = AGAIN_MS;
    try {
      const [first, second] = await Promise.allSettled(
        series(wanted, box.dataset).map((of) => request(of, { from, end }, mine.signal)),
      );
      if (first.reason) throw first.reason;
      const lines = second?.value ? [first.value, second.value] : [first.value];
      Object.assign(state, { lines, from, end, asked });
      // What the checks find later and what people decide is laid over readings drawn already.
      wait = JSON.parse(asked).view.to ? null : Math.max(MINUTE_MS, (end - from) / POINTS);
      if (second?.reason) wait = AGAIN_MS;
      whole = true;
      say(second?.reason ? failed.dataset.beside : "");
      show(true);
    } catch (failure) {
      if (asking !== mine) return; // something else was chosen meanwhile
      const many = failure.status === TOO_MANY;
      whole = false;
      say(many ? failed.dataset.many : failed.dataset.words);
      if (many) wait = null;
      // The chart of another choice would be taken for that of this one.
      if (state.asked !== asked) clear();
    } finally {
      clearTimeout(over);
    }
    // A page that nobody sees rests; "qingyuan:again" comes when it is looked at.
    if (wait) again = setTimeout(() => document.hidden || load(), wait);
  }

  async function request({ station, code }, { from, end }, signal) {
    const asked = new URLSearchParams({
      from_ms: Math.round(from),
      points: POINTS,
      drawn: wanted.drawn,
    });
    if (wanted.view.to !== null) asked.set("to_ms", Math.round(end));
    const answer = await fetch(`/api/v1/stations/${station}/series/${code}?${asked}`, { signal });
    if (!answer.ok) throw Object.assign(new Error(answer.statusText), { status: answer.status });
    const found = await answer.json();
    found.flags = { ...found.flags, [FEW]: box.dataset.incomplete };
    return {
      station,
      code,
      name: named(station, code, found),
      series: found,
      rows: found.t.map((t, i) => ({
        t,
        value: found.value[i],
        quality: found.quality[i],
        cause: found.cause[i],
        share: found.share[i],
        enough: found.enough[i],
      })),
    };
  }

  function named(station, code, found) {
    if (station === box.dataset.station) return found.name;
    return find(`select[name=beside] option[value="${station}/"]`)?.textContent ?? found.name;
  }

  function say(words) {
    if (failed.textContent !== words) failed.textContent = words;
  }

  function clear() {
    chart.clear();
    Object.assign(state, { lines: [], asked: "" });
    for (const list of card.querySelectorAll(".marks, .changes, .chart-alerts")) list.hidden = true;
    find(".chart-summary").textContent = "";
    tell();
  }

  function show(anew) {
    const { lines, from, end } = state;
    const size = { width: box.clientWidth, height: box.clientHeight };
    chart.setOption(options({ lines, from, end, size, told: tip, colour }), {
      notMerge: anew,
      replaceMerge: ["series"],
    });
    tell();
    legend(find(".marks"), lines, legendOf(lines, colour), colour);
    if (anew) describe();
  }

  function describe() {
    const { lines, from, end } = state;
    const { series } = lines[0];
    const title = box.dataset.name.replace("{indicator}", series.name);
    box.setAttribute("aria-label", [title, minute(from), "—", minute(end)].join(" "));
    const each = lines.map(({ name, series }) => [name, series.summary.join(" ")]);
    find(".chart-summary").textContent = each
      .map((parts) => (lines.length > 1 ? parts.join(" — ") : parts[1]))
      .join(" ");
    list(
      find(".changes"),
      series.changes.map(({ why }) => why),
    );
    const shown = series.alerts.slice(-MOST_ALERTS).reverse();
    const alerts = find(".chart-alerts ul");
    list(
      alerts,
      shown.map(({ words, path }) =>
        Object.assign(document.createElement("a"), { href: path, textContent: words }),
      ),
    );
    const more = series.alerts.length - shown.length;
    if (more) {
      const words = alerts.dataset.more.replace("{n}", more);
      alerts.append(Object.assign(document.createElement("li"), { textContent: words }));
    }
    find(".chart-alerts").hidden = !shown.length;
    find(".chart-alerts b").textContent = series.alerts.length;
  }

  // Nearest readings at an instant, each line's.
  function tip(t) {
    const found = document.createElement("div");
    for (const { name, series, rows } of state.lines) {
      const row = nearest(rows, t);
      if (!row) continue;
      if (state.lines.length > 1) found.append(text("small", name));
      found.append(told(row, series, box.dataset.judged));
    }
    return found;
  }

  function said(row) {
    if (!row) return "—";
    const { series } = state.lines[0];
    return texts(row, series, box.dataset.judged).join("，");
  }

  function point(row) {
    if (!row || !state.lines.length) return chart.dispatchAction({ type: "hideTip" });
    const x = chart.convertToPixel({ xAxisIndex: 0 }, row.t + ZONE_MS);
    return chart.dispatchAction({ type: "showTip", x, y: box.clientHeight / 2 });
  }

  // Another view, drawn at once as far as there are data.
  function look(view) {
    moving = true;
    wanted.view = view;
    if (state.lines.length) {
      chart.setOption(preview(span(), [state.from, state.end], colour));
    }
  }

  function settle() {
    moving = false;
    press();
    load();
  }

  // The form, the buttons and the address say what is shown.
  function press() {
    const { from, to, hours } = wanted.view;
    for (const button of card.querySelectorAll("button[data-hours]")) {
      const is = from === null && to === null && Number(button.dataset.hours) === hours;
      button.setAttribute("aria-pressed", is);
    }
    for (const button of card.querySelectorAll("button[data-code]")) {
      button.setAttribute("aria-pressed", button.dataset.code === wanted.code);
    }
    if (form) {
      form.elements.code.value = wanted.code;
      form.elements.begin.value = from === null ? "" : local(from);
      form.elements.end.value = to === null ? "" : local(to);
      complain("");
    }
    const asked = query(wanted);
    for (const link of card.querySelectorAll('a[data-view="form"]')) link.search = asked;
    if ("addressed" in box.dataset) history.replaceState(history.state, "", `?${asked}`);
  }

  function complain(words) {
    const wrong = form.querySelector(".wrong");
    wrong.textContent = words;
    form.elements.begin.toggleAttribute("aria-invalid", Boolean(words));
    if (words) form.elements.begin.focus();
  }

  function choose() {
    const from = instant(form.elements.begin.value),
      to = instant(form.elements.end.value);
    const hours = wanted.view.hours || 1;
    const [begin, end] = ends({ from, to, hours }, now());
    if (begin >= end) return complain(form.dataset.order);
    if (end - begin > LONGEST_MS) return complain(form.dataset.long);
    wanted.view = { from, to, hours };
    wanted.drawn = form.elements.drawn.value;
    wanted.beside = form.elements.beside?.value ?? "";
    return settle();
  }

  document.addEventListener("qingyuan:live", ({ detail }) => {
    const fresh = state.lines.filter(
      ({ station, code, rows, series }) =>
        station === detail.station &&
        series.drawn === "readings" &&
        detail.readings[code]?.t > (rows.at(-1)?.t ?? 0),
    );
    if (!fresh.length || !whole || moving || wanted.view.to !== null) return;
    for (const { rows, code } of fresh) rows.push(detail.readings[code]);
    state.end = Math.max(state.end, ...fresh.map(({ rows }) => rows.at(-1).t));
    state.from = ends(wanted.view, state.end)[0];
    for (const { rows } of state.lines) {
      while (rows.length && rows[0].t < state.from) rows.shift();
    }
    show(false);
  });

  card.addEventListener("click", ({ target }) => {
    const link = target.closest('a[data-view="span"]');
    if (link && state.lines.length)
      link.search = new URLSearchParams({
        code: wanted.code,
        from_ms: Math.round(state.from),
        to_ms: Math.round(state.end),
      });
    const button = target.closest("button");
    if (!button) return;
    const { code, hours, move } = button.dataset;
    if ("picture" in button.dataset) picture();
    else if (move) look(MOVES[move](span()));
    else if (hours) wanted.view = { from: null, to: null, hours: Number(hours) };
    else if (code) wanted.code = code;
    if (move || hours || code) settle();
  });

  function picture() {
    if (!state.lines.length) return;
    const { series } = state.lines[0];
    save(chart, {
      title: box.getAttribute("aria-label"),
      lines: [find(".chart-summary").textContent],
      name: `${series.station}-${series.indicator}.png`,
      colour,
    });
  }

  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const sideways = { ArrowLeft: "earlier", ArrowRight: "later" }[event.key];
    const move = event.shiftKey && sideways ? sideways : KEYS[event.key];
    if (!move) return;
    event.preventDefault();
    look(MOVES[move](span()));
    settle();
  });
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    choose();
  });
  form?.addEventListener("change", ({ target }) => target.matches("select") && choose());
  // What came meanwhile is asked for first: a reading drawn after it would show a gap.
  document.addEventListener("qingyuan:again", () => {
    whole = false;
    load();
  });
  addEventListener("resize", () => {
    chart.resize();
    if (state.lines.length && !moving) show(false);
  });
  follow(box, { span, now, show: look, settle, drags: !("select" in box.dataset) });
  load().then(() => "select" in box.dataset && select(chart, rows));
}

function minute(ms) {
  return local(Math.floor(ms / MINUTE_MS) * MINUTE_MS).replace("T", " ");
}

// Which series a chart asks for: its own, and what is chosen to stand beside it.
function series({ code, beside }, { station }) {
  const own = { station, code };
  if (!beside) return [own];
  const [other, of] = beside.split("/");
  const second = { station: other, code: of || code };
  return second.station === station && second.code === code ? [own] : [own, second];
}

function nearest(rows, t) {
  const off = (row) => Math.abs(row.t - t);
  return rows.reduce((best, row) => (best && off(best) <= off(row) ? best : row), null);
}

function list(of, items) {
  of.replaceChildren(
    ...items.map((item) => {
      const row = document.createElement("li");
      row.append(item);
      return row;
    }),
  );
  of.hidden = !items.length;
}

// A drag chooses a span, a tap the nearest reading; whoever cares hears of it.
function select(chart, rows) {
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
    const found = nearest(rows(), t);
    if (found) choose(found.t, found.t + 1);
  });
}

// A reading in words: its value, when it was, and what is to be said of it.
function texts(row, series, pattern) {
  const value = row.value === null ? "—" : `${figure(row, series.decimals)} ${series.unit}`;
  const means = series.drawn && series.drawn !== "readings" ? series.words : "";
  return [value.trim(), when(row, series, ZONE_MS), means, judged(row, series, pattern)].filter(
    Boolean,
  );
}

export function told(row, series, pattern) {
  const [value, ...rest] = texts(row, series, pattern);
  const box = document.createElement("div");
  box.append(text("b", value), ...rest.map((words) => text("div", words)));
  return box;
}

function text(tag, textContent) {
  return Object.assign(document.createElement(tag), { textContent });
}
