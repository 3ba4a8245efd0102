// Drafts of suggestions that lie on this device until the centre has them, each by its key: whose
// it is, its fields, its files. They are sent as often as need be and arrive once: the centre knows
// the key of a draft, the content of a file and the version of a row.

const API = "/api/v1/duty/suggestions";
const STORE = "drafts";
const PATIENCE_MS = 30e3;
const JSON_TYPE = { "Content-Type": "application/json" };

// A request that the centre answered with a refusal: `kind` says what to tell the person.
export class Refused extends Error {
  constructor(kind, detail) {
    super(detail);
    this.kind = kind;
  }
}

function opened() {
  return new Promise((done, failed) => {
    const request = indexedDB.open("qingyuan-drafts", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}

async function asked(mode, work) {
  const database = await opened();
  try {
    return await new Promise((done, failed) => {
      const transaction = database.transaction(STORE, mode, { durability: "strict" });
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => done(request.result);
      transaction.onabort = () => failed(transaction.error);
    });
  } finally {
    database.close();
  }
}

export const get = (key) => asked("readonly", (store) => store.get(key));
export const keep = (draft) => asked("readwrite", (store) => store.put(draft));
export const drop = (key) => asked("readwrite", (store) => store.delete(key));

// Those of a person, the last one written first.
export async function all(owner) {
  const found = await asked("readonly", (store) => store.getAll());
  return found
    .filter((draft) => draft.owner === owner)
    .sort((one, other) => other.changed - one.changed);
}

// A UUID; `crypto.randomUUID` is there by https only.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes.set([(bytes.at(6) & 0x0f) | 0x40], 6);
  bytes.set([(bytes.at(8) & 0x3f) | 0x80], 8);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// Whether the centre takes it: a draft without title or text stays here.
export function complete(draft) {
  const written = new Map(draft.fields);
  return ["title", "body", "openness"].every((name) => written.get(name)?.trim());
}

// In a tunnel a request is neither answered nor refused: then it counts as not sent.
function asks(path, sent) {
  const signal = AbortSignal.timeout(PATIENCE_MS);
  return fetch(`${API}${path}`, { method: "POST", signal, ...sent }).then(answered);
}

async function answered(answer) {
  if (answer.ok) return answer.json();
  const kinds = new Map([
    [401, "signed-out"],
    [409, "conflict"],
  ]);
  if (answer.status >= 500) throw new TypeError(`answered ${answer.status}`);
  const { detail } = await answer.json().catch(() => ({}));
  throw new Refused(kinds.get(answer.status) ?? "refused", String(detail ?? answer.status));
}

function posted(path, body) {
  return asks(path, { headers: JSON_TYPE, body: JSON.stringify(body) });
}

// The draft as the centre has it after this; a thing in other words than these was not changed.
function begun(draft) {
  const given = Object.fromEntries(draft.fields);
  return posted("", { draft_key: draft.key, given, source: draft.source ?? "" });
}

async function edited(draft, id, version) {
  const given = Object.fromEntries(draft.fields);
  try {
    return (await posted(`/${id}/steps/edit`, { given, version })).version;
  } catch (error) {
    if (error.kind !== "conflict") throw error;
    // The answer to this very edit may have been lost on its way.
    const now = await begun(draft);
    if (!now.same) throw error;
    return now.version;
  }
}

// Send a draft; gives it with its id and its version there. Raises Refused where the centre does not
// take it, whatever else where it was not reached.
export async function send(draft) {
  let { id, version } = draft;
  if (!id) {
    const found = await begun(draft);
    id = String(found.id);
    version = found.version;
    // Begun before, and its answer was lost: the first words are ours, and ours alone.
    if (!found.same && version > 1) throw new Refused("conflict", "changed elsewhere");
    if (!found.same) version = await edited(draft, id, version);
  } else if (draft.dirty) {
    version = await edited(draft, id, version);
  }
  for (const file of draft.files) {
    const form = new FormData();
    form.append("file", file.blob, file.name);
    await asks(`/${id}/files`, { body: form });
  }
  return { ...draft, id, version, dirty: false, files: [] };
}
