// Messages not yet taken by the server: kept over reloads, sent in order, always with the same id.

const KEY = "kentongan.outbox";
const PAUSES = [1, 2, 4, 8, 15, 30]; // seconds

export const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

// Photos are too big for localStorage; they lie in IndexedDB under the message's id.
function blobs(mode, work) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("kentongan", 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("files");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const base = opening.result;
      const action = base.transaction("files", mode);
      const request = work(action.objectStore("files"));
      action.oncomplete = () => { base.close(); resolve(request.result); };
      action.onerror = action.onabort = () => { base.close(); reject(action.error); };
    };
  });
}

export class Outbox {
  /** `send(body, files)` posts one message; `changed(id, state, error)` hears how it goes. */
  constructor(send, changed) {
    this.send = send;
    this.changed = changed;
    this.memory = new Map();
    this.items = this.load();
    this.tries = 0;
    this.running = false;
    this.timer = 0;
  }

  load() {
    try { return JSON.parse(localStorage.getItem(KEY)) || []; } catch { return []; }
  }

  save() {
    try { localStorage.setItem(KEY, JSON.stringify(this.items)); } catch { /* private mode: kept while the page is open */ }
  }

  async add(body, files = []) {
    if (files.length) {
      this.memory.set(body.id, files);
      await blobs("readwrite", (store) => store.put(files, body.id)).catch(() => undefined);
    }
    this.items.push({ body, files: files.length, at: new Date().toISOString() });
    this.save();
    this.flush();
  }

  async filesOf(item) {
    if (!item.files) return [];
    return this.memory.get(item.body.id) ?? (await blobs("readonly", (store) => store.get(item.body.id)).catch(() => undefined)) ?? [];
  }

  /** Send what waits, now. */
  async flush() {
    if (this.running) return;
    clearTimeout(this.timer);
    this.running = true;
    try {
      while (this.items.length && (await this.first()));
    } finally {
      this.running = false;
    }
  }

  /** Send the oldest; false when it has to wait. */
  async first() {
    const [item] = this.items;
    const { id } = item.body;
    const files = await this.filesOf(item);
    try {
      await this.send(item.body, files);
      this.done(id);
      this.changed(id, "sent");
    } catch (problem) {
      if (this.waits(problem)) return this.later(id, problem.wait);
      this.done(id);
      this.changed(id, "failed", { body: item.body, files, text: problem.text });
    }
    this.tries = 0;
    return true;
  }

  waits(problem) {
    return problem.status === undefined || problem.passing || problem.status === 401;
  }

  later(id, wait) {
    this.changed(id, "queued");
    const pause = PAUSES[Math.min(this.tries++, PAUSES.length - 1)];
    this.timer = setTimeout(() => this.flush(), 1000 * Math.max(wait || 0, pause) * (0.75 + Math.random() / 2));
    return false;
  }

  /** Forget everything that waits, on this device too. */
  async clear() {
    this.items = [];
    this.save();
    this.memory.clear();
    await blobs("readwrite", (store) => store.clear()).catch(() => undefined);
  }

  /** Forget what waits but makes no sense any more; the rest is sent. */
  drop(senseless) {
    for (const item of this.items.filter(senseless)) this.done(item.body.id);
  }

  done(id) {
    this.items = this.items.filter((item) => item.body.id !== id);
    this.save();
    this.memory.delete(id);
    blobs("readwrite", (store) => store.delete(id)).catch(() => undefined);
  }
}
