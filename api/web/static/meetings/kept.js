// The few things that this browser keeps for a hall without network: passes, the list of a desk, and
// what the desk noted. Whoever signs out takes passes and lists along; what was noted stays until it
// is sent.

const STORES = { passes: "id", lists: "meeting", marks: "key" };
const LASTS_MS = 30 * 86400e3;

export const able = Boolean(
  globalThis.isSecureContext && "serviceWorker" in navigator && globalThis.crypto?.subtle,
);

function answered(request) {
  return new Promise((done, refuse) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => refuse(request.error);
  });
}

async function opened() {
  const request = indexedDB.open("meetings", 1);
  request.onupgradeneeded = () => {
    for (const [name, keyPath] of Object.entries(STORES)) {
      request.result.createObjectStore(name, { keyPath });
    }
  };
  return answered(request);
}

async function within(store, mode, act) {
  const database = await opened();
  try {
    const transaction = database.transaction(store, mode);
    const over = new Promise((done, refuse) => {
      transaction.oncomplete = done;
      transaction.onerror = transaction.onabort = () => refuse(transaction.error);
    });
    const found = await answered(act(transaction.objectStore(store)));
    await over;
    return found;
  } finally {
    database.close();
  }
}

export const get = (store, key) => within(store, "readonly", (of) => of.get(key));
export const all = (store) => within(store, "readonly", (of) => of.getAll());
export const put = (store, value) => within(store, "readwrite", (of) => of.put(value));
export const remove = (store, key) => within(store, "readwrite", (of) => of.delete(key));

// What nobody needs any more: a month old, or somebody else's.
export async function tidy(store, key, stays) {
  for (const one of await all(store)) {
    if (Date.now() - one.keptMs > LASTS_MS || !stays(one)) await remove(store, one[key]);
  }
}

// This page and all files that it loaded, for the service worker to show without network.
export async function keepPage() {
  await navigator.serviceWorker.register("/service-worker.js");
  await navigator.serviceWorker.ready;
  const loaded = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
  const files = loaded.filter(({ pathname, origin }) => {
    return origin === location.origin && pathname.startsWith("/static/");
  });
  const kept = await caches.open("qingyuan-meetings");
  const page = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (!page.ok || page.redirected) return;
  await kept.put(location.pathname, page);
  await kept.addAll([...new Set(files.map(({ pathname }) => pathname))]);
}
