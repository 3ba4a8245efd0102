// Allows notifications in this browser, by its own push service, and says how it stands.

const box = document.getElementById("push");
const button = box.querySelector("button");
const list = document.getElementById("browsers");
const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

function bytes(base64) {
  const text = atob(base64.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function base64(buffer) {
  const text = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function digest(text) {
  const found = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(found), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function say(state) {
  for (const part of box.querySelectorAll("[data-when]")) {
    part.hidden = !part.dataset.when.split(" ").includes(state);
  }
}

// Whether a subscription was made for the key of this site, and not for one of before.
function fits(subscription) {
  return base64(subscription.options.applicationServerKey) === box.dataset.key;
}

async function row(subscription) {
  return list?.querySelector(`[data-browser="${await digest(subscription.endpoint)}"]`);
}

async function standing() {
  if (!able) return "unable";
  if (Notification.permission === "denied") return "denied";
  const registration = await navigator.serviceWorker.getRegistration("/");
  const subscription = await registration?.pushManager.getSubscription();
  const own = subscription && fits(subscription) && (await row(subscription));
  if (own) own.querySelector("[data-here]").hidden = false;
  return own ? "on" : "off";
}

async function subscribed() {
  await navigator.serviceWorker.register("/service-worker.js");
  const { pushManager } = await navigator.serviceWorker.ready;
  const before = await pushManager.getSubscription();
  if (before && fits(before)) return before;
  await before?.unsubscribe();
  const applicationServerKey = bytes(box.dataset.key);
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
}

async function allow() {
  const permission = await Notification.requestPermission();
  if (permission !== "granted") return permission === "denied" ? "denied" : "off";
  const {
    endpoint,
    keys: { p256dh, auth },
  } = (await subscribed()).toJSON();
  const answer = await fetch(box.dataset.to, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ endpoint, p256dh, auth }),
  });
  if (!answer.ok) throw new Error(`answered ${answer.status}`);
  location.assign(box.dataset.done);
  return "waiting";
}

// Nobody waits without an end for a push service that a network keeps away.
button.addEventListener("click", async () => {
  say("waiting");
  const late = new Promise((_, refuse) => setTimeout(() => refuse(new Error("late")), 30e3));
  say(await Promise.race([allow(), late]).catch(() => "failed"));
});
say(await standing().catch(() => "off"));
