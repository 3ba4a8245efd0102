// The form of a suggestion keeps every letter and every file on this device as it is written, and
// sends them once the centre answers: when somebody saves, and by itself when the network is back.

import { Refused, all, complete, drop, get, keep, newKey, send } from "./drafts.js";

const CACHE = "qingyuan-writing";
const AGAIN_MS = 15e3;
const form = document.getElementById("writing");
const said = document.getElementById("kept");
const chosen = document.getElementById("chosen");
const others = document.getElementById("others");
const { owner, id, page } = form.dataset;
const HIDDEN = ["draft_key", "version", "source", "files"];
let draft = null;
let writing = null;
let more = false;
let sending = null;

function say(state) {
  said.hidden = false;
  said.dataset.state = state;
  for (const part of said.querySelectorAll("[data-when]")) {
    part.hidden = part.dataset.when !== state;
  }
}

function fields() {
  return [...new FormData(form)].filter(
    ([name, value]) => !HIDDEN.includes(name) && typeof value === "string",
  );
}

function fill() {
  const written = new Map(draft.fields);
  for (const field of form.elements) {
    if (!field.name || HIDDEN.includes(field.name)) continue;
    if (field.type === "radio") field.checked = written.get(field.name) === field.value;
    else field.value = written.get(field.name) ?? "";
  }
  for (const name of ["draft_key", "version", "source"]) {
    const value = new Map([
      ["draft_key", draft.key],
      ["version", draft.version ?? ""],
      ["source", draft.source ?? ""],
    ]).get(name);
    form.elements.namedItem(name).value = value;
  }
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
  draft.changed = Date.now();
  try {
    await store();
    say("local");
  } catch {
    say("unable");
  }
}

// Gives whether the centre has it now. What is typed meanwhile stays to be sent.
async function sent() {
  const { changed: at } = draft;
  try {
    const done = await send(draft);
    const newer = draft.changed !== at;
    draft = newer ? { ...draft, id: done.id, version: done.version } : done;
    await store();
    form.elements.namedItem("version").value = draft.version;
    showFiles();
    if (!newer) say("saved");
    return true;
  } catch (error) {
    say(error instanceof Refused ? error.kind : "waiting");
    return false;
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
  say("restored");
  await showOthers();
  background();
}

function fresh() {
  const hidden = (name) => form.elements.namedItem(name).value;
  return {
    key: id ? hidden("draft_key") : newKey(),
    owner,
    id,
    version: Number(hidden("version")) || null,
    source: hidden("source"),
    fields: fields(),
    files: [],
    dirty: false,
    changed: Date.now(),
  };
}

// The one that was being written when the browser was closed, unless the page brings its own text.
async function restored() {
  const begins = form.elements.namedItem("title").value;
  if (id) {
    const found = await get(form.elements.namedItem("draft_key").value);
    return found?.dirty || found?.files.length ? found : null;
  }
  const found = await all(owner);
  for (const one of found) if (one.id && !one.dirty && !one.files.length) await drop(one.key);
  return begins ? null : found.find((one) => !one.id || one.dirty || one.files.length);
}

// The page and its files, so that it opens without a network too; the service worker hands it out.
async function keepPage() {
  if (id || !("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register("/service-worker.js");
  const answer = await fetch(`${page}/new`);
  if (!answer.ok || answer.redirected) return;
  const parts = document.querySelectorAll("link[href^='/static/'], script[src^='/static/']");
  const files = new Set([...parts].map((part) => part.href || part.src));
  await caches.delete(CACHE);
  const cache = await caches.open(CACHE);
  await cache.put(`${page}/new`, answer);
  await cache.addAll([...files]);
}

async function begin() {
  const found = await restored();
  draft = found ?? fresh();
  fill();
  if (found) say("restored");
  form.addEventListener("input", changed);
  form.elements.namedItem("files").addEventListener("change", ({ target }) => {
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
    said.hidden = true;
    await showOthers();
    form.elements.namedItem("title").focus();
  });
  await showOthers();
  addEventListener("online", background);
  setInterval(() => said.dataset.state === "waiting" && background(), AGAIN_MS);
  background();
  await keepPage();
}

begin().catch(() => say("unable"));
