// Keeps an open page true: on news it asks for the page anew and brings the parts marked data-live
// up to it. A page that does not hear from the server says so, and claims no calm meanwhile.
// Charts listen for "qingyuan:live" and append the readings themselves.

import { morph } from "./morph.js";
import { clock, now, set } from "./server_time.js";

const QUIET_MS = 1500, AGAIN_MS = 5000, PATIENCE_MS = 10e3, SILENT_MS = 40e3, CHECK_MS = 1000;
const notice = document.getElementById("offline");
let source = null, opened = false, leaving = false;
let asking = null, waiting = null, more = false, asked = 0;
let failed = false, stale = false, word = null;

function heard(server) {
  set(server);
  word = { server, wall: Date.now(), steady: performance.now() };
  show();
}

// A device that slept may have stopped one clock, and a person may have set the other.
const since = (when) => Math.max(Date.now() - when.wall, performance.now() - when.steady);

function show() {
  if (leaving || stale === (failed || since(word) > SILENT_MS)) return;
  stale = !stale;
  document.body.classList.toggle("stale", stale);
  notice.textContent = stale ? notice.dataset.words.replace("{time}", clock(word.server)) : "";
  if (!stale) document.dispatchEvent(new CustomEvent("qingyuan:again"));
}

function renew(fresh) {
  const focused = document.activeElement;
  for (const old of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(old.id);
    if (next) morph(old, next);
  }
  if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
}

async function request(signal) {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, signal });
  if (answer.redirected) { location.replace(answer.url); return; }
  if (answer.status >= 500) throw new Error(`answered ${answer.status}`);
  if (!answer.ok) return; // an address for sending only, after a form that was refused
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  renew(fresh);
  failed = false;
  heard(Number(fresh.body.dataset.now));
}

async function ask() {
  clearTimeout(waiting);
  waiting = null;
  more = false;
  asked = Date.now();
  const mine = asking = new AbortController();
  const over = setTimeout(() => mine.abort(), PATIENCE_MS);
  try {
    await request(mine.signal);
    failed = false;
  } catch {
    if (asking !== mine) return; // given up for a newer one
    failed = true;
    waiting = setTimeout(ask, AGAIN_MS);
  } finally {
    clearTimeout(over);
    if (asking === mine) asking = null;
  }
  show();
  if (more) soon();
}

// On news: soon, but not for each of many.
function soon() {
  if (asking) more = true;
  if (asking || waiting) return;
  waiting = setTimeout(ask, Math.max(QUIET_MS - Math.abs(Date.now() - asked), 0));
}

// On signs that the link may have changed: what is under way may never be answered.
function atOnce() {
  asking?.abort();
  ask();
}

function connect() {
  source?.close();
  const mine = source = new EventSource("/api/v1/live");
  mine.addEventListener("beat", ({ data }) => { heard(JSON.parse(data).t); soon(); });
  mine.addEventListener("alert", () => (asking ? soon() : ask()));
  for (const name of document.body.dataset.events.split(" ")) mine.addEventListener(name, soon);
  mine.addEventListener("live", ({ data }) => {
    document.dispatchEvent(new CustomEvent("qingyuan:live", { detail: JSON.parse(data) }));
    soon();
  });
  // After a break in the link what was missed is on the page, not in the stream.
  mine.addEventListener("open", () => {
    if (opened) document.dispatchEvent(new CustomEvent("qingyuan:again"));
    opened = true;
    soon();
  });
  // A browser comes again by itself after a break, not after a refusal: then the page is asked for,
  // which leads to signing in if need be.
  mine.addEventListener("error", () => {
    if (leaving || mine !== source) return;
    if (!asking) ask();
    if (mine.readyState === EventSource.CLOSED) setTimeout(() => mine === source && connect(), AGAIN_MS);
  });
}

let tried = 0;

// A link that is silent without an error has to be given up for a new one.
function check() {
  show();
  if (since(word) <= SILENT_MS || Math.abs(Date.now() - tried) < PATIENCE_MS) return;
  tried = Date.now();
  connect();
  atOnce();
}

addEventListener("online", atOnce);
addEventListener("offline", atOnce);
document.addEventListener("visibilitychange", () => { if (!document.hidden) { check(); atOnce(); } });
addEventListener("pagehide", () => { leaving = true; source.close(); });
addEventListener("pageshow", ({ persisted }) => {
  leaving = false;
  if (persisted) { check(); connect(); atOnce(); }
});
heard(now());
connect();
setInterval(check, CHECK_MS);
