// Shows what is pushed to this browser, and opens what it is about. Hands out the few pages that are
// kept here where the network is cut: the one on which a suggestion is written, and those by which
// people check in to a meeting. Their scripts keep them.

const NOTHING = { title: "清源", body: "", link: "/", tag: "qingyuan", key: "" };
const CACHES = ["qingyuan-writing", "qingyuan-meetings"];
const PATIENCE_MS = 5000;
let showing = Promise.resolve();

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
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
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (origin !== self.location.origin) return;
  const visits = mode === "navigate";
  if (visits && method === "POST" && pathname === "/sign-out") forgetAll(event);
  if (method !== "GET") return;
  if (visits) event.respondWith(pageOrKept(event.request));
  if (pathname.startsWith("/static/")) event.respondWith(keptOrAsked(event.request));
});
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));

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

// Pages have the name of whoever was signed in, passes open a door in that name.
function forgetAll(event) {
  event.waitUntil(Promise.all([...CACHES.map((name) => caches.delete(name)), forgetPasses()]));
}

// What a desk noted and has not sent yet stays.
async function forgetPasses() {
  const request = indexedDB.open("meetings");
  request.onupgradeneeded = () => request.transaction.abort();
  const found = await new Promise((done) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => done(null);
  });
  if (!found) return;
  const names = ["passes", "lists"];
  const clearing = found.transaction(names, "readwrite");
  for (const name of names) clearing.objectStore(name).clear();
  await new Promise((done) => (clearing.oncomplete = done));
  found.close();
}

const kept = (request) => caches.match(request, { ignoreSearch: true, ignoreVary: true });

// In a tunnel a request is neither answered nor refused.
async function pageOrKept(request) {
  const found = await kept(request);
  if (!found) return fetch(request);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const answer = await fetch(request, { signal }).catch(() => found);
  return answer.status < 500 ? answer : found;
}

// Files of these addresses never change.
const keptOrAsked = async (request) => (await kept(request)) ?? fetch(request);

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
