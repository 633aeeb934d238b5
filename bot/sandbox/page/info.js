// What can be done with a conversation: block a bot, manage a group's members and topics.

import { ask, el } from "./dom.js";
import { bot, person, refresh, titleOf, world } from "./store.js";

const PRESENT = ["member", "administrator", "creator"];
const STATUS = { creator: "pemilik", administrator: "admin", member: "anggota" };

export function showInfo(pane, item) {
  const entries = item.chat.type === "private" ? aboutBot(pane, item) : aboutGroup(pane, item);
  const dialog = el("dialog", { class: "info" }, el("h2", {}, titleOf(item)), entries,
    el("div", { class: "dialog-buttons" }, el("button", { type: "button", class: "primary", onclick: () => dialog.close() }, "Tutup")));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function action(text, work) {
  return el("button", { type: "button", class: "wide", onclick: async (event) => {
    event.target.closest("dialog").close();
    await work();
    await refresh();
  } }, text);
}

function aboutBot(pane, item) {
  const its = bot(Object.keys(item.bots)[0]);
  const known = (item.commands[pane.person] ?? []).map((one) => el("li", {}, el("code", {}, `/${one.command}`), ` ${one.description}`));
  return [
    its.description ? el("p", {}, its.description) : null,
    known.length ? el("ul", {}, known) : null,
    item.blocked ? action("Buka blokir", () => pane.act("unblock", { bot: its.id }))
      : action("Blokir bot ini", () => pane.act("block", { bot: its.id })),
  ];
}

function aboutGroup(pane, item) {
  const people = Object.entries(item.people).filter(([, status]) => PRESENT.includes(status));
  const bots = Object.entries(item.bots).filter(([, status]) => PRESENT.includes(status));
  const line = (name, status) => el("li", {}, name, el("small", {}, ` ${STATUS[status]}`));
  const set = (body) => pane.act("set_member", body);
  const absent = world.people.filter((one) => !PRESENT.includes(item.people[one.id]));
  return [
    el("ul", {}, people.map(([id, status]) => line(person(id).first_name, status)), bots.map(([id, status]) => line(bot(id).name, status))),
    item.chat.is_forum ? action("+ Topik baru", () => newTopic(pane)) : null,
    pane.topic ? turnTopic(pane, item) : null,
    absent.length ? action("+ Tambah orang", () => choose("Tambah orang", absent.map((one) => [one.id, one.first_name]), (id) => set({ member: id, status: "member" }))) : null,
    world.bots.flatMap((its) => botActions(its, item.bots[its.id], set)),
    action("Keluar dari grup", async () => {
      await set({ member: pane.person, status: "left" });
      pane.topic = null;
      pane.leave();
    }),
  ];
}

function botActions(its, status, set) {
  const change = (text, wanted) => action(text, () => set({ bot: its.id, status: wanted }));
  if (!PRESENT.includes(status)) {
    return [change(`+ ${its.name} sebagai admin`, "administrator"), change(`+ ${its.name} sebagai anggota`, "member")];
  }
  const other = status === "member" ? change(`Jadikan ${its.name} admin`, "administrator") : change(`Cabut admin ${its.name}`, "member");
  return [other, change(`Keluarkan ${its.name}`, "kicked")];
}

async function newTopic(pane) {
  const asked = await ask("Topik baru", [{ name: "name", label: "Nama topik" }], "Buka");
  if (asked) await pane.act("open_topic", asked);
}

function turnTopic(pane, item) {
  const topic = item.topics.find((one) => one.id === pane.topic);
  if (!topic) return null;
  return action(topic.closed ? "Buka lagi topik ini" : "Tutup topik ini", () => pane.act("turn_topic", { topic_id: topic.id, closed: !topic.closed }));
}

async function choose(title, options, work) {
  const asked = await ask(title, [{ name: "chosen", label: "Siapa", options }], "Tambah");
  if (asked) await work(Number(asked.chosen));
}
