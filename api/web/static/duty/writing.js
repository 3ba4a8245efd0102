// The form of a suggestion keeps every letter and every file on this device as it is written, and
// sends them once the centre answers: when somebody saves, and by itself when the network is back.

import { Refused, all, complete, drop, get, keep, newKey, send } from "./drafts.js";

const CACHE = "qingyuan-writing";
const AGAIN_MS = 15e3;
const SOON_MS = 1000;
const PAUSE_MS = 1500;
const form = document.getElementById("writing");
const said = document.getElementById("kept");
const chosen = document.getElementById("chosen");
const saved = said.querySelector("a");
const similar = document.getElementById("similar");
const others = document.getElementById("others");
const { owner, id, page, refused } = form.dataset;
const EARLIER = "raised_again";
const HIDDEN = ["draft_key", "version", "source", "files"];
let draft = null;
let writing = null;
let more = false;
let sending = null;
let pause = null;
let wanted = false; // by the centre, and it was not reached

function say(state) {
  said.hidden = false;
  said.dataset.state = state;
  for (const part of said.querySelectorAll("[data-when]")) {
    part.hidden = part.dataset.when !== state;
  }
}

const named = (name) => form.elements.namedItem(name);

// Earlier suggestions come a while after the page, or never without a network: until then what was
// chosen of them stands.
function fields() {
  const found = [...new FormData(form)].filter(
    ([name, value]) => !HIDDEN.includes(name) && typeof value === "string",
  );
  if (named(EARLIER) || !draft) return found;
  return [...found, ...draft.fields.filter(([name]) => name === EARLIER)];
}

function fill() {
  const written = new Map(draft.fields);
  for (const field of form.elements) {
    if (!field.name || HIDDEN.includes(field.name)) continue;
    if (field.type === "radio") field.checked = (written.get(field.name) ?? "") === field.value;
    else field.value = written.get(field.name) ?? "";
  }
  named("draft_key").value = draft.key;
  named("version").value = draft.version ?? "";
  named("source").value = draft.source ?? "";
  showFiles();
}

function showFiles() {
  const lines = draft.files.map((file) => {
    const line = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet-button";
    button.textContent = chosen.dataset.remove;
    button.addEventListener("click", () => {
      draft.files = draft.files.filter((other) => other !== file);
      showFiles();
      changed();
    });
    line.append(`${file.name} `, button);
    return line;
  });
  chosen.replaceChildren(...lines);
}

// Whatever is typed while the store writes is written after it.
async function store() {
  if (writing) {
    more = true;
    return writing;
  }
  writing = keep(draft);
  try {
    await writing;
  } finally {
    writing = null;
  }
  if (more) {
    more = false;
    return store();
  }
  return null;
}

async function changed() {
  draft.fields = fields();
  draft.dirty = true;
  draft.changed = Math.max(Date.now(), draft.changed + 1);
  try {
    await store();
    say(wanted ? "waiting" : "local");
  } catch {
    say("unable");
  }
}

const earlier = () => new Map(draft.fields).get(EARLIER) || "0";

// Earlier suggestions of the same matter, once somebody pauses; without a network there are none.
function compare() {
  clearTimeout(pause);
  pause = setTimeout(async () => {
    const chosen = earlier();
    const asked = new URLSearchParams({
      title: named("title").value,
      body: named("body").value,
      but: id || 0,
      chosen,
    });
    const sent = { method: "POST", body: asked };
    const answer = await fetch(similar.dataset.to, sent).catch(() => null);
    if (!answer?.ok || answer.redirected) return;
    if (chosen !== earlier()) {
      compare(); // another one was chosen meanwhile
      return;
    }
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    similar.replaceChildren(...found.body.children);
  }, PAUSE_MS);
}

// Gives whether the centre has it now. What is typed meanwhile stays to be sent.
async function sent() {
  const { changed: at } = draft;
  const late = setTimeout(() => say("waiting"), SOON_MS);
  try {
    const done = await send(draft);
    const newer = draft.changed !== at;
    draft = newer ? { ...draft, id: done.id, version: done.version } : done;
    await store();
    named("version").value = draft.version;
    saved.href = `${page}/${draft.id}`;
    showFiles();
    say(newer ? "local" : "saved");
    wanted = false;
    return true;
  } catch (error) {
    wanted = !(error instanceof Refused);
    say(wanted ? "waiting" : error.kind);
    return false;
  } finally {
    clearTimeout(late);
  }
}

function once(work) {
  sending ??= work().finally(() => {
    sending = null;
  });
  return sending;
}

// What waits here is sent by itself: this draft and those begun before it.
async function sendAll() {
  for (const one of await all(owner)) {
    if (one.key === draft.key || !complete(one) || (one.id && !one.dirty)) continue;
    try {
      await send(one);
      await drop(one.key);
    } catch (error) {
      if (!(error instanceof Refused)) break;
    }
  }
  await showOthers();
  if (complete(draft) && (draft.dirty || draft.files.length)) await sent();
}

function background() {
  if (navigator.onLine) once(sendAll).catch(() => say("waiting"));
}

async function save(event) {
  event.preventDefault();
  await changed();
  if (!complete(draft)) {
    form.submit(); // the page says which field is missing
    return;
  }
  await sending?.catch(() => null);
  if (!(await once(sent))) return;
  await drop(draft.key);
  location.assign(`${page}/${draft.id}`);
}

async function showOthers() {
  if (!others) return;
  const found = (await all(owner)).filter((one) => one.key !== draft.key);
  const lines = found.map((one) => {
    const line = document.createElement("li");
    const title = document.createElement("b");
    title.textContent = new Map(one.fields).get("title") || others.dataset.untitled;
    const on = button(others.dataset.continue, () => take(one));
    const off = button(others.dataset.remove, () => drop(one.key).then(showOthers));
    line.append(title, " ", on, " ", off);
    return line;
  });
  others.querySelector("ul").replaceChildren(...lines);
  others.hidden = !found.length && !draft.fields.some(([name, value]) => name === "title" && value);
}

function button(words, work) {
  const found = document.createElement("button");
  found.type = "button";
  found.className = "quiet-button";
  found.textContent = words;
  found.addEventListener("click", work);
  return found;
}

async function take(one) {
  draft = one;
  fill();
  compare();
  say("restored");
  await showOthers();
  background();
}

// A page without network is the same each time, and so is the key on it: ours is made here, but for
// a draft that the centre has or has just refused.
function fresh() {
  return {
    key: id || refused ? named("draft_key").value : newKey(),
    owner,
    id,
    version: Number(named("version").value) || null,
    source: named("source").value,
    fields: fields(),
    files: [],
    dirty: false,
    changed: Date.now(),
  };
}

const waits = (one) => !one.id || one.dirty || one.files.length > 0;

// The one that was being written when the browser was closed, unless the page brings its own text.
async function restored() {
  const known = await get(named("draft_key").value);
  if (refused) return known && { ...known, fields: fields() };
  if (id) return known && waits(known) ? known : null;
  const found = await all(owner);
  for (const one of found) if (!waits(one)) await drop(one.key);
  return named("title").value ? null : found.find(waits);
}

// The page and its files, so that it opens without a network too; the service worker hands it out.
async function keepPage() {
  if (id || !("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/service-worker.js");
  const answer = await fetch(`${page}/new`);
  if (!answer.ok || answer.redirected) return;
  const parts = document.querySelectorAll("link[href^='/static/'], script[src^='/static/']");
  const files = new Set([...parts].map((part) => part.href || part.src));
  const cache = await caches.open(CACHE);
  await cache.addAll([...files]);
  await cache.put(`${page}/new`, answer);
  const known = new Set([...files, new URL(`${page}/new`, location.href).href]);
  for (const old of await cache.keys()) if (!known.has(old.url)) await cache.delete(old);
}

async function begin() {
  const found = await restored();
  draft = found ?? fresh();
  fill();
  if (found && !refused) say("restored");
  form.addEventListener("input", changed);
  form.addEventListener("input", compare);
  similar.addEventListener("input", changed);
  if (named("title").value) compare();
  named("files").addEventListener("change", ({ target }) => {
    const files = [...target.files].map((file) => ({ name: file.name, blob: file }));
    draft.files = [...draft.files, ...files];
    target.value = "";
    showFiles();
    changed();
  });
  form.addEventListener("submit", save);
  document.getElementById("another")?.addEventListener("click", async () => {
    draft = { ...fresh(), key: newKey(), source: "", fields: [["openness", "public"]] };
    fill();
    compare();
    said.hidden = true;
    await showOthers();
    named("title").focus();
  });
  await showOthers();
  addEventListener("online", background);
  setInterval(() => wanted && background(), AGAIN_MS);
  background();
  await keepPage().catch(() => null); // without a network it is kept already
}

begin().catch(() => say("unable"));
