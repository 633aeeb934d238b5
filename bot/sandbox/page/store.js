// What the page knows of the world, kept fresh by server-sent events.

const API = "/sandbox/api";
const listeners = new Set();
const rooms = new Map();

export const world = { bots: [], people: [], rooms: [], serial: 0 };

export async function call(method, path, body) {
  const options = { method };
  if (body instanceof FormData) options.body = body;
  else if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  const response = await fetch(API + path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(friendly(answer.error));
  return answer;
}

const REASONS = [
  ["message is too long", "Pesan terlalu panjang."],
  ["caption is too long", "Keterangan terlalu panjang (paling banyak 1024 huruf)."],
  ["unblock the bot first", "Bot ini diblokir. Buka blokirnya dulu."],
  ["TOPIC_CLOSED", "Topik ini sudah ditutup."],
  ["too big", "Berkas terlalu besar."],
  ["Too Large", "Berkas terlalu besar."],
  ["IMAGE_PROCESS_FAILED", "Berkas itu bukan foto yang bisa dibaca."],
  ["PHOTO_INVALID_DIMENSIONS", "Ukuran foto itu tidak bisa dipakai."],
  ["can't be edited", "Pesan ini tidak bisa diubah."],
  ["2-10 items", "Satu album berisi 2 sampai 10 foto."],
  ["can't be mixed", "Berkas dan foto tidak bisa dicampur dalam satu kiriman."],
  ["nothing to change", "Sudah begitu keadaannya."],
];

function friendly(reason = "") {
  return REASONS.find(([part]) => reason.includes(part))?.[1] ?? `Tidak bisa: ${reason}`;
}

export function act(person, what, body = {}) {
  return call("POST", `/people/${person}/${what}`, body);
}

export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function publish(change) {
  for (const listener of [...listeners]) listener(change);
}

export async function refresh() {
  Object.assign(world, await call("GET", "/state"));
  publish({ kind: "state" });
}

let waiting = null;

function refreshSoon() {
  waiting ??= setTimeout(async () => {
    waiting = null;
    await refresh();
  }, 60);
}

export function listen(onLink) {
  const source = new EventSource(`${API}/events?since=${world.serial}`);
  source.onopen = () => onLink(true);
  source.onmessage = (event) => take(JSON.parse(event.data));
  source.onerror = () => {
    onLink(false);
    source.close();
    setTimeout(async () => {
      try {
        rooms.clear();
        await refresh();
        listen(onLink);
      } catch {
        source.onerror();
      }
    }, 1500);
  };
}

function take(change) {
  world.serial = change.serial;
  const cached = rooms.get(change.room);
  if (cached && change.message) cached.messages.set(change.message_id, change.message);
  if (cached && change.kind === "delete") cached.messages.delete(change.message_id);
  if (["people", "bot", "room", "message", "reaction"].includes(change.kind)) refreshSoon();
  if (cached && ["reaction", "room"].includes(change.kind)) reload(change.room);
  publish(change);
}

async function reload(key) {
  rooms.delete(key);
  await messagesOf(key);
  publish({ kind: "state" });
}

export async function messagesOf(key) {
  if (!rooms.has(key)) {
    const room = await call("GET", `/rooms/${encodeURIComponent(key)}`);
    rooms.set(key, { messages: new Map(room.messages.map((m) => [m.message_id, m])), reactions: room.reactions });
  }
  return rooms.get(key);
}

export const room = (key) => world.rooms.find((item) => item.key === key);
export const bot = (id) => world.bots.find((item) => item.id === Number(id));
export const person = (id) => world.people.find((item) => item.id === Number(id));

export function chatsOf(who) {
  const present = (item) => ["member", "administrator", "creator"].includes(item.people[who]);
  const found = world.rooms.filter((item) => present(item) && item.chat.type !== "private");
  for (const item of world.bots) {
    const key = `${item.id}:${who}`;
    found.push(room(key) ?? { key, bots: { [item.id]: "member" }, people: { [who]: "member" }, topics: [],
      chat: { type: "private" }, started: false, commands: {} });
  }
  return found.sort((a, b) => (b.newest?.date ?? 0) - (a.newest?.date ?? 0));
}

export function titleOf(item) {
  return item.chat.type === "private" ? bot(Object.keys(item.bots)[0]).name : item.chat.title;
}
