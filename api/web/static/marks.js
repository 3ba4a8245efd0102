// Readings that are not plainly good: a shape and a colour for each flag, either of which tells it.
// A row is { t, value, quality, cause }, of a mean with `share`, how much of its span was measured,
// and `enough`, whether that is enough for a judgement.

const GOOD = 1,
  MISSING = 9,
  UNDETECTED = 14,
  CORRECTED = 61;
export const FEW = 100; // too few readings for a mean
const STEPS = { hour: 3600e3, day: 86400e3 };
const MARKS = {
  2: { colour: "gray", path: "M-5 0A5 5 0 1 1 5 0A5 5 0 1 1 -5 0Z" },
  3: { colour: "amber", path: "M0 -6L6 0L0 6L-6 0Z" },
  4: { colour: "red", path: "M-5 -5L5 5M5 -5L-5 5" },
  [MISSING]: { colour: "gray", path: "M-1 -5H1V5H-1Z", size: [2, 10], bare: true },
  [UNDETECTED]: { colour: "teal", path: "M-5 -4H5L0 4Z", bare: true },
  [CORRECTED]: { colour: "blue", path: "M-4 -4H4V4H-4Z", bare: true },
  [FEW]: { colour: "gray", path: "M-5 4L0 -5L5 4Z" },
};
const SHADED = 3,
  APART_PX = 14,
  RARER = 3,
  THINNED = 4;

// Which mark a reading gets; a good one none, unless its value is a person's, or half of a limit.
function markOf({ value, quality, cause, enough }) {
  if (value === null) return MISSING;
  if (enough === false) return FEW;
  if (quality !== GOOD) return quality;
  return cause === CORRECTED || cause === UNDETECTED ? cause : null;
}

// A single reading with its decimals; of one below detection `<` and its limit, which is twice the
// value. `reading` in config/vocabulary/detection.py says the same.
export function figure({ value, cause }, decimals) {
  if (cause !== UNDETECTED) return value.toFixed(decimals);
  const [whole, fraction] = (2 * value).toFixed(9).replace(/0+$/, "").split(".");
  const digits = fraction.padEnd(decimals, "0");
  return digits ? `<${whole}.${digits}` : `<${whole}`;
}

// Flag and cause of a reading in words; of a plainly good one nothing.
export function judged({ value, quality, cause, enough }, { flags, causes }, pattern) {
  if (value !== null && enough === false) return flags[FEW];
  const flag = flags[value === null ? MISSING : quality];
  if (cause) return pattern.replace("{flag}", flag).replace("{cause}", causes[cause]);
  return value !== null && quality === GOOD ? "" : flag;
}

// The longest step, in ms, that is no silence. Thinning keeps two points of each stretch of twice
// span / points, so two neighbours lie two stretches apart at most.
export function longest({ late_after_ms: late, drawn }, span, points) {
  if (STEPS[drawn]) return 1.5 * STEPS[drawn];
  return Math.max(late, (THINNED * span) / points);
}

// A curve for ECharts: [t, value, row], of each row the value that `of` gives it. It breaks where
// nothing came for longer than `least` ms, unless readings beside are as rare: no reading stands alone.
export function curve(rows, least, move, of) {
  const holes = silences(rows, least);
  return rows.flatMap((row, i) => {
    const point = [row.t + move, of(row, i), i];
    return holes.has(i) ? [point, [row.t + 1 + move, null, i]] : [point];
  });
}

// Which rows are followed by a silence.
function silences(rows, least) {
  const steps = rows.slice(1).map(({ t }, i) => t - rows[i].t);
  const beside = (i) => Math.max(steps[i - 1] ?? Infinity, steps[i + 1] ?? Infinity);
  return new Set([...steps.keys()].filter((i) => steps[i] > Math.max(least, RARER * beside(i))));
}

// The series of ECharts that draw the marks: what is missing stands on the floor of the chart, a
// long run is shaded, and of a crowd of marks only so many are drawn as have room.
export function marked(rows, { least, move, floor, apart, colour }) {
  const found = new Map(),
    holes = silences(rows, least);
  rows.forEach((row, i) => {
    const mark = markOf(row);
    if (mark === null) return;
    const of = found.get(mark) ?? { at: new Set(), shown: new Set(), runs: [], last: -Infinity };
    found.set(mark, of);
    const run =
      of.at.has(i - 1) && !holes.has(i - 1)
        ? of.runs.at(-1)
        : of.runs[of.runs.push([row.t, row.t, 0]) - 1];
    run[1] = row.t;
    run[2] += 1;
    of.at.add(i);
    if (row.t - of.last < apart * APART_PX) return;
    of.shown.add(i);
    of.last = row.t;
  });
  return [...found].map(([mark, { at, shown, runs }]) => {
    const { path, size, bare, ...rest } = MARKS[mark];
    const ink = colour(rest.colour);
    return {
      type: "line",
      silent: true,
      z: 3,
      data: curve(rows, least, move, ({ value }, i) => (at.has(i) ? (value ?? floor) : null)),
      symbol: `path://${path}`,
      symbolSize: ([, , row]) => (shown.has(row) ? (size ?? 11) : 0),
      symbolOffset: mark === MISSING ? [0, -5] : 0,
      itemStyle: {
        color: mark === MISSING ? ink : "transparent",
        borderColor: ink,
        borderWidth: mark === MISSING ? 1 : 2,
      },
      lineStyle: { color: ink, width: bare ? 0 : 1, type: "dotted" },
      markArea: {
        silent: true,
        itemStyle: { color: ink, opacity: 0.12 },
        data: runs
          .filter(([, , n]) => ![UNDETECTED, CORRECTED].includes(mark) && n >= SHADED)
          .map(([from, to]) => [{ xAxis: from + move }, { xAxis: to + move }]),
      },
    };
  });
}

// What a reading adds to the curve itself.
export function plain({ value, quality, enough }) {
  return quality === GOOD && enough !== false ? value : null;
}

// When a reading was taken, or which hour or day a mean is of, in the district's time.
export function when({ t }, { drawn }, move) {
  const at = (ms) => new Date(ms + move).toISOString().slice(0, 19).replace("T", " ");
  if (drawn === "day") return at(t).slice(0, 10);
  if (drawn === "hour") return `${at(t).slice(0, 16)}–${at(t + STEPS.hour).slice(11, 16)}`;
  return at(t);
}

// The legend: lines and limits, and of the flags only those in view. A line is { rows, series }, an
// item of `named` { words, ink, dash }.
export function legend(list, lines, named, colour) {
  const seen = new Set(lines.flatMap(({ rows }) => rows.map(markOf)));
  const { flags, causes } = lines[0].series;
  list.replaceChildren(
    ...named.map(({ words, ink, dash }) =>
      item(words, { d: "M-8 0H8", stroke: ink, "stroke-width": 2, "stroke-dasharray": dash }),
    ),
    ...Object.keys(MARKS)
      .map(Number)
      .filter((mark) => seen.has(mark))
      .map((mark) =>
        item(flags[mark] ?? causes[mark], {
          d: MARKS[mark].path,
          stroke: colour(MARKS[mark].colour),
        }),
      ),
  );
  list.hidden = !list.childElementCount;
}

function item(words, attributes) {
  const drawn = (name, of) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(of)) node.setAttribute(key, value);
    return node;
  };
  const picture = drawn("svg", { class: "icon", viewBox: "-8 -8 16 16", "aria-hidden": true });
  picture.append(drawn("path", attributes));
  const found = document.createElement("li");
  found.append(picture, words);
  return found;
}
