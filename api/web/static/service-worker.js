// Shows what is pushed to this browser, and opens what it is about. Shows the few pages that keep
// themselves for a hall without network (meetings/kept.js), and forgets them when somebody signs out.

const NOTHING = { title: "清源", body: "", link: "/", tag: "qingyuan", key: "" };
const PATIENCE_MS = 4000;
const LEAVING = ["/sign-out", "/act-for"];
let showing = Promise.resolve();

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== self.location.origin) return;
  if (request.method === "POST" && LEAVING.includes(pathname)) event.waitUntil(forget());
  if (request.method !== "GET") return;
  if (pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.mode === "navigate") event.respondWith(page(request, pathname));
});
self.addEventListener("push", (event) => {
  // One after the other: Chromium forgets what is not yet shown when somebody asks what stands.
  const next = () => show(read(event.data));
  showing = showing.then(next, next);
  event.waitUntil(showing);
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data.link));
});
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));

// A file never changes at its address.
async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

// A page as the centre has it; as it was kept where the centre does not answer.
async function page(request, pathname) {
  const kept = await caches.match(pathname, { ignoreVary: true });
  if (!kept) return fetch(request);
  const late = new Promise((done) => setTimeout(done, PATIENCE_MS, kept));
  return Promise.race([fetch(request).catch(() => kept), late]);
}

// What a desk noted and has not sent yet stays.
async function forget() {
  await caches.delete("kept");
  const request = indexedDB.open("meetings");
  request.onupgradeneeded = () => request.transaction.abort();
  request.onsuccess = () => {
    const names = ["passes", "lists"];
    const cleared = request.result.transaction(names, "readwrite");
    for (const name of names) cleared.objectStore(name).clear();
    cleared.oncomplete = () => request.result.close();
  };
}

// A browser takes the permission back from whoever shows nothing.
function read(data) {
  try {
    return { ...NOTHING, ...data.json() };
  } catch {
    return NOTHING;
  }
}

// A newer message of an event takes the older one's place and rings; the same once more does not.
async function show({ title, body, link, tag, key }) {
  const before = await self.registration.getNotifications({ tag });
  const known = before.some((one) => one.data.key === key);
  const data = { link, key };
  const icon = "/icon-192.png";
  await self.registration.showNotification(title, { body, tag, data, icon, renotify: !known });
}

// Only pages of this site are opened.
function inside(link) {
  const { origin } = self.location;
  try {
    const to = new URL(link, origin);
    if (to.origin === origin) return to.href;
  } catch {
    // no address at all
  }
  return `${origin}/`;
}

async function open(link) {
  const href = inside(link);
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const shown = windows.find((one) => one.url === href);
  return shown ? shown.focus() : self.clients.openWindow(href);
}

// A browser may change its address by itself: whoever is signed in here goes on to be told.
async function renew({ oldSubscription, newSubscription }) {
  const { pushManager } = self.registration;
  const found = newSubscription ?? (await pushManager.subscribe(oldSubscription.options));
  const {
    endpoint,
    keys: { p256dh, auth },
  } = found.toJSON();
  await fetch("/api/v1/account/push", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ endpoint, p256dh, auth }),
  });
}
