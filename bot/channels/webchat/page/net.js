// Talking to the server: the session, posts, and the stream of lines.

const TOKEN = "kentongan.token";
export const LEFT = "kentongan.left"; // written for a moment, so that other tabs know
const RENEWED = "Kentongan-Session"; // the header that brings the token to keep from here on
const QUIET = 40_000; // ms without a sign of life before a stream counts as dead
const FIRST_SIGN = 8_000; // ms a stream may take for its first sign; longer means something on the way holds it back

let language = "id";
let memoryToken = "";

export const speak = (chosen) => { language = chosen; };

/** Thrown when the server says no; `text` is the sentence to show, `wait` seconds until a next try makes sense. */
export class Refused extends Error {
  constructor(status, text, wait, token) {
    super(text || String(status));
    this.status = status;
    this.text = text;
    this.wait = wait;
    this.token = token;
  }
  get passing() { return this.status >= 500 || this.status === 429 || this.status === 408; }
}

const stored = () => { try { return localStorage.getItem(TOKEN); } catch { return memoryToken; } };
const held = () => stored() || memoryToken;
const store = (token) => { memoryToken = token; try { localStorage.setItem(TOKEN, token); } catch { /* private mode */ } };

/** Give up a token the server no longer takes; the next call opens a new session. False when it was given up before. */
export function forgetSession(refused = held()) {
  if (refused !== held()) return false;
  memoryToken = "";
  try { localStorage.removeItem(TOKEN); } catch { /* private mode */ }
  return true;
}

/** End the session at the server too, so that its token opens nothing any more. */
export async function endSession() {
  const token = held();
  forgetSession();
  try { localStorage.setItem(LEFT, "1"); localStorage.removeItem(LEFT); } catch { /* private mode */ }
  if (token) await fetch("/chat/api/session", { method: "DELETE", headers: { Authorization: `Bearer ${token}` }, keepalive: true });
}

let opening = null;
async function token() {
  if (held()) return held();
  opening ??= open().finally(() => { opening = null; });
  return opening;
}

async function open() {
  const answer = await checked(await fetch("/chat/api/session", { method: "POST", headers: { "Accept-Language": language } }));
  const { token: fresh } = await answer.json();
  store(fresh);
  return fresh;
}

async function checked(answer, shown) {
  if (answer.ok) return answer;
  const body = await answer.json().catch(() => ({}));
  throw new Refused(answer.status, body.text, Number(answer.headers.get("Retry-After")) || 0, shown);
}

async function call(path, options = {}) {
  const shown = await token();
  const headers = { ...options.headers, Authorization: `Bearer ${shown}`, "Accept-Language": language };
  const answer = await fetch(path, { ...options, headers, cache: "no-store" });
  const renewed = answer.headers.get(RENEWED);
  if (renewed && shown === held()) store(renewed);
  return checked(answer, shown);
}

export const postJson = (body) =>
  call("/chat/api/messages", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export function postFiles(body, blobs) {
  const form = new FormData();
  for (const [name, value] of Object.entries(body)) if (value) form.append(name, value);
  for (const { blob, name } of blobs) form.append("files", blob, name);
  return call("/chat/api/files", { method: "POST", body: form });
}

export const getFile = async (ref) => (await call(`/chat/api/files/${encodeURIComponent(ref)}`)).blob();

/** Hand on lines after `cursor` until the connection ends; returns when it does. */
export async function stream(cursor, take, signal) {
  const answer = await call(`/chat/api/events?after=${cursor}`, { headers: { Accept: "text/event-stream" }, signal });
  if (!answer.body) throw new TypeError("no streams here");
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let patience = FIRST_SIGN;
  for (;;) {
    const { done, value } = await within(reader.read(), patience, () => reader.cancel());
    if (done) return;
    patience = QUIET;
    const events = (rest + decoder.decode(value, { stream: true })).split("\n\n");
    rest = events.pop();
    take(events.map(readEvent).filter(Boolean));
  }
}

/** One question that waits for news; for networks that hold streams back. */
export async function longPoll(cursor, take, signal) {
  const answer = await call(`/chat/api/events?after=${cursor}`, { headers: { Accept: "application/json" }, signal });
  const { lines, after } = await answer.json();
  take(lines.map((line) => ({ line, cursor: after })));
}

function readEvent(text) {
  const fields = Object.fromEntries(text.split("\n").map((row) => [row.slice(0, row.indexOf(":")), row.slice(row.indexOf(":") + 2)]));
  return fields.data ? { line: JSON.parse(fields.data), cursor: fields.id } : null;
}

/** Thrown when a stream says nothing for too long. */
export class Silence extends Error {}

function within(promise, ms, giveUp) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => { giveUp(); reject(new Silence()); }, ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
