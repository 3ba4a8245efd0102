// Shows a person's code at a meeting, a new one each half minute, also without network once it was
// prepared with one.

import { encodeQR } from "../qr.js";
import { code, imported, spoken, STEP_MS } from "./codes.js";
import { able, get, keepPage, put, remove, tidy } from "./kept.js";

const box = document.getElementById("pass");
const canvas = document.getElementById("code");
const left = document.getElementById("left");
const button = box.querySelector("button");
const { to, meeting, serial, username } = box.dataset;
const id = `${username}|${meeting}`;
const BORDER = 4;
const TICK_MS = 500;
let pass = null;
let drawn = null;

function say(...states) {
  for (const part of box.querySelectorAll("[data-when]")) {
    part.hidden = !part.dataset.when.split(" ").some((one) => states.includes(one));
  }
}

function draw(text) {
  const rows = encodeQR(text, "raw", { ecc: "medium", border: BORDER });
  const size = Math.floor(canvas.width / rows.length);
  const start = Math.floor((canvas.width - size * rows.length) / 2);
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = "#000";
  rows.forEach((row, y) =>
    row.forEach((dark, x) => {
      if (dark) context.fillRect(start + x * size, start + y * size, size, size);
    }),
  );
}

// By the centre's clock: that of this phone may go wrong.
async function show() {
  const at = Date.now() + pass.aheadMs;
  const step = Math.floor(at / STEP_MS);
  left.textContent = left.dataset.words.replace(
    "{n}",
    Math.ceil((STEP_MS - (at % STEP_MS)) / 1000),
  );
  if (step === drawn) return;
  drawn = step;
  const [text, aloud] = [await code(pass, step), await spoken(pass, step)];
  draw(text);
  document.getElementById("spoken").textContent = aloud.replace(/(\d{3})(\d{3})$/, "$1 $2");
}

async function prepare() {
  const answer = await fetch(to, { method: "POST" });
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  const made = await answer.json();
  pass = {
    id,
    username,
    meeting: made.meeting,
    number: made.number,
    serial: made.serial,
    key: await imported(made.key),
    aheadMs: made.now_ms - Date.now(),
    keptMs: Date.now(),
  };
  await put("passes", pass);
}

// With network: whether the pass still counts, and the centre's clock. Without it: as it was.
async function renewed() {
  let answer;
  try {
    answer = await fetch(to);
  } catch {
    return true;
  }
  if (answer.status === 404) {
    await remove("passes", id);
    return false;
  }
  if (!answer.ok) return true;
  const { serial: last, now_ms: now } = await answer.json();
  if (last > pass.serial) return false;
  pass.aheadMs = now - Date.now();
  await put("passes", pass);
  return true;
}

async function begin() {
  await show();
  say("shown");
  setInterval(show, TICK_MS);
  try {
    await keepPage();
    say("shown", "kept");
  } catch {
    // without network it was kept before
  }
}

async function start() {
  await tidy("passes", "id", (one) => one.username === username);
  pass = (await get("passes", id)) ?? null;
  if (pass && Number(serial) <= pass.serial && (await renewed())) return begin();
  if (pass || Number(serial) > 0) return say("elsewhere");
  await prepare();
  return begin();
}

button?.addEventListener("click", async () => {
  say("loading");
  await prepare().then(begin, () => say("failed"));
});
if (canvas && !able) say("unable");
else if (canvas) await start().catch(() => say("failed"));
