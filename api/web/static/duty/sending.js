// On the list of suggestions: drafts that wait on this device are sent as soon as the centre
// answers; the page says how many are left.

import { all, complete, drop, send } from "./drafts.js";

const box = document.getElementById("on-device");
const words = box.querySelector("[data-words]");

async function show() {
  const left = (await all(box.dataset.owner)).filter((one) => !one.id || one.dirty);
  box.hidden = !left.length;
  words.textContent = words.dataset.words.replace("{n}", left.length);
}

async function sendAll() {
  for (const one of await all(box.dataset.owner)) {
    if (!complete(one)) continue;
    if (!one.id || one.dirty || one.files.length) await send(one);
    await drop(one.key);
  }
}

async function work() {
  await sendAll().catch(() => null); // what is refused or waits stays, and is shown
  await show();
}

addEventListener("online", work);
await work().catch(() => null);
