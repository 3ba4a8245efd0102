// Keeps an open page true: on news it asks for the page anew and swaps the parts marked data-live.
// Charts listen for "qingyuan:live" and append the readings themselves.

const QUIET_MS = 1500;
const AGAIN_MS = 5000;
let waiting = null;
let last = 0;

async function refresh() {
  waiting = null;
  last = Date.now();
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
  if (answer.redirected) { location.reload(); return; }
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const old of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(old.id);
    if (next && next.outerHTML !== old.outerHTML && !old.contains(document.activeElement)) {
      old.replaceWith(next);
    }
  }
}

function soon(now) {
  if (waiting && !now) return;
  clearTimeout(waiting);
  const wait = now ? 0 : Math.max(QUIET_MS - (Date.now() - last), 0);
  waiting = setTimeout(() => refresh().catch(() => {}), wait);
}

const offline = document.getElementById("offline");
let leaving = false;

function connect() {
  const source = new EventSource("/api/v1/live");
  source.addEventListener("alert", () => soon(true));
  source.addEventListener("live", (event) => {
    document.dispatchEvent(new CustomEvent("qingyuan:live", { detail: JSON.parse(event.data) }));
    soon(false);
  });
  // After a break in the link what was missed is on the page, not in the stream.
  source.addEventListener("open", () => {
    if (!offline.hidden) document.dispatchEvent(new CustomEvent("qingyuan:again"));
    offline.hidden = true;
    soon(false);
  });
  // A page that no longer hears must not look as if it did. A browser comes again by itself after
  // a break, not after a refusal: then the page is asked for, which leads to signing in if need be.
  source.addEventListener("error", () => {
    offline.hidden = leaving;
    if (source.readyState !== EventSource.CLOSED) return;
    source.close();
    soon(false);
    setTimeout(connect, AGAIN_MS);
  });
}

addEventListener("pagehide", () => { leaving = true; });
addEventListener("pageshow", () => { leaving = false; });
connect();
