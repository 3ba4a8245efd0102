// Dragging moves a chart's span, two fingers, a double click and the wheel with Ctrl change its
// length. `span` gives what is shown, `show` previews another, `settle` is called when it rests.

import { moved, zoomed } from "./views.js";

const WHEEL = 1.15,
  STEP_PX = 4,
  REST_MS = 300;

export function follow(box, { span, now, show, settle, drags }) {
  const held = new Map();
  let begun = null,
    stirred = false, // until the last finger is lifted: one of two goes first
    resting = null;
  const part = (x) => {
    const { left, width } = box.getBoundingClientRect();
    return Math.min(Math.max((x - left) / width, 0), 1);
  };
  const rest = () => {
    clearTimeout(resting);
    resting = setTimeout(settle, REST_MS);
  };
  const spread = () => {
    const [a, b] = [...held.values()].map(part);
    return { wide: Math.max(Math.abs(b - a), 0.02), middle: (a + b) / 2 };
  };
  const begin = () => {
    begun = { span: span(), at: [...held.values()] };
    if (held.size === 2) begun.fingers = spread();
  };

  box.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return; // the page scrolls
      event.preventDefault();
      show(zoomed(span(), event.deltaY > 0 ? WHEEL : 1 / WHEEL, part(event.clientX), now()));
      rest();
    },
    { passive: false },
  );
  if (!drags) return;
  box.addEventListener("dblclick", ({ clientX }) => {
    show(zoomed(span(), 0.5, part(clientX), now()));
    rest();
  });
  box.addEventListener("pointerdown", (event) => {
    if (event.button || held.size === 2) return;
    if (!held.size) stirred = false;
    held.set(event.pointerId, event.clientX);
    begin();
  });
  addEventListener("pointermove", (event) => {
    if (!held.has(event.pointerId)) return;
    held.set(event.pointerId, event.clientX);
    if (held.size === 2) {
      const { wide, middle } = spread();
      stirred = true;
      show(zoomed(begun.span, begun.fingers.wide / wide, middle, now()));
      return;
    }
    const by = event.clientX - begun.at[0];
    stirred ||= Math.abs(by) > STEP_PX;
    if (stirred) show(moved(begun.span, -by / box.clientWidth, now()));
  });
  for (const name of ["pointerup", "pointercancel"]) {
    addEventListener(name, ({ pointerId }) => {
      if (!held.delete(pointerId)) return;
      if (held.size) begin();
      else if (stirred) rest();
    });
  }
}
