// Reads out the values of a chart by keyboard: to assistive technology it is a slider whose value is
// the reading at which it stands.

const LEAP = 10;

// `rows` and `said` (a reading in words) are asked for whenever a key is pressed; `point` shows one.
export function readOut(box, { rows, said, point }) {
  let at = null; // the instant of a reading, which stays when others come

  function index() {
    const found = rows();
    if (at === null) return found.length - 1;
    const next = found.findIndex(({ t }) => t >= at);
    return next < 0 ? found.length - 1 : next;
  }

  function tell() {
    const found = rows(),
      n = index();
    box.setAttribute("aria-valuemin", 0);
    box.setAttribute("aria-valuemax", Math.max(found.length - 1, 0));
    box.setAttribute("aria-valuenow", Math.max(n, 0));
    box.setAttribute("aria-valuetext", found.length ? said(found[n]) : said(null));
  }

  function go(to) {
    const found = rows();
    if (!found.length) return;
    const row = found[Math.min(Math.max(to, 0), found.length - 1)];
    at = row.t;
    point(row);
    tell();
  }

  const moves = {
    ArrowLeft: () => index() - 1,
    ArrowRight: () => index() + 1,
    PageUp: () => index() - LEAP,
    PageDown: () => index() + LEAP,
    Home: () => 0,
    End: () => rows().length - 1,
  };
  box.addEventListener("keydown", (event) => {
    if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") {
      at = null;
      point(null);
      return;
    }
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    go(move());
  });
  box.addEventListener("blur", () => point(null));
  return tell;
}
