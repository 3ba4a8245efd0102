// Which span a chart shows, and how zooming and moving change it. Pure; instants in ms.
// A view is { from, to, hours }: up to now where `to` is null, of so many hours where `from` is.

export const LONGEST_MS = 400 * 86400e3,
  SHORTEST_MS = 60e3,
  HOUR_MS = 3600e3;
const NEAR = 0.01; // of a span: so near to now it goes on with it

export function ends({ from, to, hours }, now) {
  const end = to ?? now;
  return [from ?? Math.max(end - hours * HOUR_MS, 0), end];
}

// A view of a span, moved back where it reaches ahead of now.
export function viewOf([from, to], now) {
  const span = Math.min(Math.max(to - from, SHORTEST_MS), LONGEST_MS);
  const end = Math.min(Math.max(to, span), now);
  const whole = (ms) => Math.round(ms / 1000) * 1000;
  const begin = Math.max(whole(end - span), 0);
  return { from: begin, to: end > now - span * NEAR ? null : whole(end), hours: null };
}

// `at` is the part of the span that stays where it is, 0 to 1; a factor below 1 shows less.
export function zoomed([from, to], factor, at, now) {
  const span = Math.min(Math.max((to - from) * factor, SHORTEST_MS), LONGEST_MS);
  const begin = from + (to - from - span) * at;
  return viewOf([begin, begin + span], now);
}

// By a part of the span; forwards where it is above 0.
export function moved([from, to], part, now) {
  const by = part * (to - from);
  return viewOf([from + by, to + by], now);
}
