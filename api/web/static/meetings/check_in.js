// The desk at the door: reads codes, enters people by name, without network too. What it notes is kept
// in this browser until the centre has taken it; sent twice it counts once.

import { decodeQR } from "../qr.js";
import { imported, numberOf, verdict } from "./codes.js";
import { able, all, get, keepPage, put, remove, tidy } from "./kept.js";

const box = document.getElementById("check-in");
const outcome = document.getElementById("outcome");
const people = document.getElementById("people");
const search = document.getElementById("search");
const typed = document.getElementById("typed");
const view = document.getElementById("view");
const meeting = Number(box.dataset.meeting);
const WORDS = new Map(
  [...document.querySelectorAll("#said li")].map((one) => [one.dataset.key, one.textContent]),
);
const KEPT = new Set(["entered", "again", "already"]);
const MOST = 100;
const AGAIN_MS = 20e3;
const LOOK_MS = 200;
const PAUSE_MS = 2000;
let list = null;
let marks = [];
let sending = false;
let last = { text: "", at: 0 };

const now = () => Date.now() + list.aheadMs;

function say(state) {
  for (const part of box.querySelectorAll("[data-when]")) {
    part.hidden = part.dataset.when !== state;
  }
}

function tell(key, tone, name = "", n = "") {
  outcome.className = `banner ${tone}`;
  outcome.textContent = WORDS.get(key).replace("{name}", name).replace("{n}", n);
}

// Whether somebody is in: as the centre knew, and as it was noted here since.
function present(guest) {
  const own = marks.filter((one) => one.number === guest.number && !one.refused);
  return own.length ? own.at(-1).present : guest.present;
}

function showPeople() {
  const wanted = search.value.trim();
  const shown = list.guests.filter((one) =>
    `${one.number} ${one.name} ${one.unit}`.includes(wanted),
  );
  people.replaceChildren(...shown.map(row));
  const figures = document.getElementById("figures");
  const here = list.guests.filter(present).length;
  figures.textContent = figures.dataset.words
    .replace("{n}", here)
    .replace("{of}", list.guests.length);
}

function row(guest) {
  const made = document.getElementById("person").content.firstElementChild.cloneNode(true);
  const here = present(guest);
  made.querySelector("b").textContent = `${guest.number} ${guest.name}`;
  made.querySelector("small").textContent = [guest.unit, guest.answer].filter(Boolean).join(" · ");
  const button = made.querySelector("button");
  button.dataset.number = guest.number;
  button.textContent = WORDS.get(here ? "undo" : "enter").replace("{name}", guest.name);
  button.addEventListener("click", async () => {
    await note(guest, { present: !here, way: "list", code: "" });
    tell(here ? "undone" : "entered", here ? "unknown" : "calm", guest.name);
    people.querySelector(`[data-number="${guest.number}"]`)?.focus();
  });
  return made;
}

function showWaiting() {
  const line = document.getElementById("waiting");
  const waiting = marks.filter((one) => !one.refused).length;
  line.textContent = waiting ? line.dataset.words.replace("{n}", waiting) : line.dataset.none;
  const at = document.getElementById("list-at");
  const time = new Date(list.readMs + 8 * 3600e3).toISOString().slice(11, 16);
  at.textContent = at.dataset.words.replace("{time}", time);
  const refused = marks.filter((one) => one.refused);
  document.getElementById("refused").replaceChildren(
    ...refused.map((one) => {
      const made = document.createElement("li");
      const guest = list.guests.find((of) => of.number === one.number);
      const name = guest?.name ?? String(one.number);
      made.textContent = WORDS.get(one.refused).replace("{name}", name).replace("{n}", "");
      return made;
    }),
  );
}

function show() {
  showPeople();
  showWaiting();
}

async function note(guest, { present: here, way, code }) {
  const mark = {
    key: crypto.randomUUID(),
    meeting,
    number: guest.number,
    present: here,
    way,
    code,
    at: now(),
    keptMs: Date.now(),
  };
  marks.push(mark);
  await put("marks", mark);
  show();
  send();
}

// A code that was read or typed, judged here alone.
async function enter(text) {
  const found = numberOf(text);
  const passOf = (number) => list.guests.find((one) => one.number === number);
  const { said, minutes } = await verdict(passOf, meeting, text, now());
  const guest = passOf(found);
  if (said !== "valid") return tell(said, "bad", guest?.name ?? "", minutes);
  if (now() < list.opensMs || now() > list.closesMs) return tell("closed", "bad", guest.name);
  if (present(guest)) return tell("already", "calm", guest.name);
  await note(guest, { present: true, way: "code", code: text });
  return tell("entered", "calm", guest.name);
}

// The list as the centre has it now; false without network.
async function read() {
  let answer;
  try {
    answer = await fetch(box.dataset.from);
  } catch {
    return false;
  }
  document.getElementById("signed-out").hidden = ![401, 403].includes(answer.status);
  if (!answer.ok) return false;
  const found = await answer.json();
  const guests = [];
  for (const one of found.guests) {
    const key = await imported(one.key);
    guests.push({ ...one, meeting, key, present: one.present_ms !== null });
  }
  list = {
    meeting,
    guests,
    opensMs: found.opens_ms,
    closesMs: found.closes_ms,
    aheadMs: found.now_ms - Date.now(),
    readMs: found.now_ms,
    keptMs: Date.now(),
  };
  await put("lists", list);
  return true;
}

async function sent(some) {
  const body = some.map(({ key, number, present: here, way, at, code }) => {
    return { key, number, present: here, way, at_ms: Math.round(at), code };
  });
  const answer = await fetch(box.dataset.to, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ marks: body }),
  });
  document.getElementById("signed-out").hidden = ![401, 403].includes(answer.status);
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  return new Map((await answer.json()).map((one) => [one.key, one.outcome]));
}

async function send() {
  if (sending) return;
  sending = true;
  try {
    const some = marks.filter((one) => !one.refused).slice(0, MOST);
    if (some.length) {
      const outcomes = await sent(some);
      await read();
      for (const mark of some) {
        const said = outcomes.get(mark.key);
        if (KEPT.has(said) || said === "not-present") {
          marks = marks.filter((one) => one !== mark);
          await remove("marks", mark.key);
        } else {
          mark.refused = said;
          await put("marks", mark);
        }
      }
    } else {
      await read();
    }
  } catch {
    // without network all stays as it is, for the next time
  } finally {
    sending = false;
  }
  show();
}

// The browser's own reader where there is one; else ours.
async function reader() {
  const formats = await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => []);
  if (formats?.includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async () => (await detector.detect(view))[0]?.rawValue;
  }
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return async () => {
    canvas.width = view.videoWidth;
    canvas.height = view.videoHeight;
    context.drawImage(view, 0, 0);
    try {
      return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
    } catch {
      return undefined;
    }
  };
}

async function watch() {
  const video = { facingMode: "environment" };
  view.srcObject = await navigator.mediaDevices.getUserMedia({ video, audio: false });
  view.hidden = false;
  await view.play();
  const found = await reader();
  const turn = async () => {
    const text = view.videoWidth ? await found() : undefined;
    const again = text === last.text && Date.now() - last.at < PAUSE_MS;
    if (text && !again) {
      last = { text, at: Date.now() };
      await enter(text);
    }
    setTimeout(turn, LOOK_MS);
  };
  turn();
}

async function start() {
  if (!able) return say("unable");
  await tidy("lists", "meeting", () => true);
  marks = (await all("marks")).filter((one) => one.meeting === meeting);
  marks.sort((one, other) => one.at - other.at);
  if (!(await read())) list = (await get("lists", meeting)) ?? null;
  if (!list) return say("empty");
  say("open");
  show();
  setInterval(send, AGAIN_MS);
  await keepPage().catch(() => undefined);
  return send();
}

typed.addEventListener("submit", (event) => {
  event.preventDefault();
  const field = typed.elements.code;
  const text = field.value.trim();
  if (text) enter(text);
  field.value = "";
  field.focus();
});
search.addEventListener("input", showPeople);
document.getElementById("send").addEventListener("click", send);
document.getElementById("camera").addEventListener("click", () => {
  watch().catch(() => {
    document.getElementById("no-camera").hidden = false;
  });
});
globalThis.addEventListener("online", send);
await start();
