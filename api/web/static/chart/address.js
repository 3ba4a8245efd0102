// The view of a chart as fields of its form and as an address that can be sent to somebody.

import { ZONE_MS } from "../server_time.js";

// As the fields of forms write an instant, in the district's time.
export function local(ms) {
  const text = new Date(ms + ZONE_MS).toISOString();
  return text.slice(0, ms % 1000 ? 23 : ms % 60e3 ? 19 : 16);
}

export function instant(text) {
  return text ? Date.parse(`${text}Z`) - ZONE_MS : null;
}

// What the address of a view says; what is as usual is left out.
export function query({ code, view, drawn, beside }) {
  const found = new URLSearchParams({ code });
  if (view.from === null) found.set("hours", view.hours);
  else found.set("begin", local(view.from));
  if (view.to !== null) found.set("end", local(view.to));
  if (drawn !== "auto") found.set("drawn", drawn);
  if (beside) found.set("beside", beside);
  return found;
}
