// What the tuning page reckons with. Pure.

export const DAY_MS = 86400e3;
export const MINUTE_MS = 60e3;
const HOUR_MS = 3600e3;

// The largest unit in which a duration is whole, ms.
export function unitOf(ms) {
  const units = [DAY_MS, 60 * MINUTE_MS, MINUTE_MS];
  return (ms && units.find((size) => ms % size === 0)) || 1e3;
}

// Alerts of a station as spans of the chart; those that would touch there are one.
export function spans(alerts, station, { to, apart }) {
  const found = [];
  for (const { station: at, began_ms: from, resolved_ms: end } of alerts) {
    if (at !== station) continue;
    const until = Math.max(end ?? to, from + 2 * apart);
    const last = found.at(-1);
    if (last && from - last[1] < apart) last[1] = Math.max(last[1], until);
    else found.push([from, until]);
  }
  return found;
}

// The axis around values and lines. Of what is counted it begins at zero and has whole steps; of
// days until a limit, those that lie far beyond the lines would press what is near into the floor.
export function axisOf(values, lines, { counted, days, scale }) {
  const near = days ? values.filter((v) => v <= 4 * Math.max(...lines)) : values;
  const found = scale([...near, ...lines]);
  if (!counted) return found;
  return {
    min: Math.min(0, Math.floor(found.min)),
    max: Math.ceil(found.max),
    interval: Math.max(1, Math.ceil(found.interval)),
  };
}

// Two figures and their difference, as the cells of a row show them.
export function compared(now, draft, digits, behind = "") {
  const by = Number((draft - now).toFixed(digits));
  const change = by ? `${by > 0 ? "+" : "−"}${Math.abs(by).toFixed(digits)}` : "0";
  return [now.toFixed(digits) + behind, draft.toFixed(digits) + behind, change];
}

// A step of a line: about a hundredth of what the chart shows, and no finer than what is measured.
export function stepOf({ min, max }, { counted, decimals }) {
  if (counted) return 1;
  return 10 ** Math.max(Math.floor(Math.log10((max - min) / 100)), -decimals);
}

// How much of a span has data, where that is less than asked for; whole days from two days on.
export function lessThanAsked(hours, span_ms) {
  const asked = span_ms / HOUR_MS;
  if (hours >= 0.9 * asked) return null;
  const days = Math.round(hours / 24);
  return hours < 48 ? { unit: "hours", n: hours } : { unit: "days", n: days };
}

// A limit as a hand puts it: of what is counted a whole number, of all else with its decimals.
export function rounded(to, { counted, decimals }) {
  return counted ? Math.max(0, Math.round(to)) : Number(to.toFixed(decimals));
}
