// Keeps an open page true: on news it asks which of its parts marked data-live have changed, and
// brings them up to date. A page that does not hear from the server says so, and claims no calm
// meanwhile; one that nobody sees rests. Charts listen for "qingyuan:live" and append the readings
// themselves.

import "./fragment.js";
import { Freshness } from "./freshness.js";
import { morph } from "./morph.js";
import { clock, now, set } from "./server_time.js";

const QUIET_MS = 5000;
const BREAK_MS = 1500;
const SPREAD_MS = 600; // so that not all pages ask at the instant of an alert
const AGAIN_MS = 5000;
const PATIENCE_MS = 10e3;
const CHECK_MS = 1000;
const { events, hears, renewS } = document.body.dataset;
const notice = document.getElementById("offline");
const clocks = () => ({ wall: Date.now(), steady: performance.now() });
const fresh = new Freshness(now(), clocks());
const digests = new Map();
let source = null;
let opened = false;
let leaving = false;
let asking = null;
let waiting = null;
let more = false;
let asked = Date.now();
let tried = 0;
let stale = false;

function heard(server) {
  set(server);
  fresh.heard(server, clocks());
  show();
}

function show() {
  if (leaving || stale === fresh.stale(clocks())) return;
  stale = !stale;
  document.body.classList.toggle("stale", stale);
  notice.textContent = stale ? notice.dataset.words.replace("{time}", clock(fresh.last)) : "";
  if (!stale) document.dispatchEvent(new CustomEvent("qingyuan:again"));
}

function renew(parts) {
  const focused = document.activeElement;
  for (const [id, { digest, html }] of Object.entries(parts)) {
    digests.set(id, digest);
    const old = document.getElementById(id);
    const next = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
    if (old) morph(old, next);
  }
  document.dispatchEvent(new CustomEvent("qingyuan:renewed"));
  if (focused?.isConnected && focused !== document.activeElement) {
    focused.focus({ preventScroll: true });
  }
}

async function request(signal) {
  const headers = { Accept: "text/html", "Live-Parts": [...digests.values()].join(" ") };
  const answer = await fetch(location.href, { headers, signal });
  if (answer.redirected) {
    location.replace(answer.url);
    return;
  }
  if (answer.status >= 500) throw new Error(`answered ${answer.status}`);
  if (!answer.ok) return; // an address for sending only, after a form that was refused
  const { now: server, parts } = await answer.json();
  renew(parts);
  fresh.asked(true);
  heard(server);
}

async function ask() {
  if (leaving) return;
  clearTimeout(waiting);
  waiting = null;
  more = false;
  asked = Date.now();
  const mine = (asking = new AbortController());
  const over = setTimeout(() => mine.abort(), PATIENCE_MS);
  try {
    await request(mine.signal);
    fresh.asked(true);
  } catch {
    if (asking !== mine || document.hidden || leaving) return; // a newer one is under way, or nobody looks
    fresh.asked(false);
    waiting = setTimeout(ask, AGAIN_MS);
  } finally {
    clearTimeout(over);
    if (asking === mine) asking = null;
  }
  show();
  if (more) soon();
}

// On news: soon, but not for each of many.
function soon(quiet = QUIET_MS) {
  if (asking) more = true;
  if (asking || waiting) return;
  waiting = setTimeout(ask, Math.max(quiet - Math.abs(Date.now() - asked), 0));
}

function onAlert() {
  if (asking) {
    more = true;
    return;
  }
  clearTimeout(waiting);
  waiting = setTimeout(ask, Math.random() * SPREAD_MS);
}

// On signs that the link may have changed: what is under way may never be answered.
function atOnce() {
  if (document.hidden || leaving) return;
  asking?.abort();
  ask();
}

function connect() {
  source?.close();
  const mine = (source = new EventSource(`/api/v1/live?readings=${hears}`));
  mine.addEventListener("beat", ({ data }) => heard(JSON.parse(data).t));
  mine.addEventListener("alert", onAlert);
  for (const name of events.split(" ")) mine.addEventListener(name, () => soon());
  mine.addEventListener("live", ({ data }) => {
    document.dispatchEvent(new CustomEvent("qingyuan:live", { detail: JSON.parse(data) }));
    soon();
  });
  // The page is asked for, which leads to signing in.
  mine.addEventListener("signed-out", atOnce);
  // What was missed while the stream was not open is on the page, not in the stream.
  mine.addEventListener("open", () => {
    if (opened) document.dispatchEvent(new CustomEvent("qingyuan:again"));
    opened = true;
    soon(BREAK_MS);
  });
  // A browser comes again by itself after a break, not after a refusal: then the page is asked for,
  // which leads to signing in if need be.
  mine.addEventListener("error", () => {
    if (leaving || mine !== source) return;
    if (!asking) ask();
    if (mine.readyState === EventSource.CLOSED) {
      setTimeout(() => mine === source && connect(), AGAIN_MS);
    }
  });
}

// A link that is silent without an error has to be given up for a new one. Changes that nobody
// sends word of, such as a station that falls silent, are asked for now and then.
function check() {
  if (document.hidden || leaving) return;
  show();
  if (Math.abs(Date.now() - asked) > 1000 * renewS) soon(0);
  if (!fresh.silent(clocks()) || Math.abs(Date.now() - tried) < PATIENCE_MS) return;
  tried = Date.now();
  connect();
  atOnce();
}

function rest() {
  source.close();
  clearTimeout(waiting);
  waiting = null;
}

function leave() {
  leaving = true;
  rest();
  asking?.abort();
}

// No other page has come.
function stay() {
  leaving = false;
  wake();
}

function wake() {
  show();
  connect();
  atOnce();
}

addEventListener("online", atOnce);
addEventListener("offline", atOnce);
document.addEventListener("visibilitychange", () => (document.hidden ? rest() : wake()));
addEventListener("pagehide", leave);
addEventListener("pageshow", ({ persisted }) => {
  leaving = false;
  if (persisted) wake();
});
// A form may end this session: its answer is the next page, whatever the stream says meanwhile.
addEventListener("submit", ({ defaultPrevented }) => {
  if (defaultPrevented) return;
  leave();
  setTimeout(stay, PATIENCE_MS);
});
connect();
setInterval(check, CHECK_MS);
