// Starts the page: people on the left, a pane for each person being played.

import { ask, avatar, el, tell, toast } from "./dom.js";
import { Pane } from "./pane.js";
import { act, call, listen, refresh, subscribe, world } from "./store.js";

const panes = document.getElementById("panes");
const opened = [];
const ROLES = { citizen: "Warga", operator: "Petugas" };
const REMEMBERED = "kotak-latihan";

function show(person, options = {}) {
  let pane = opened.find((item) => item.person === person);
  if (!pane) {
    pane = new Pane(person, { close: () => close(pane), opened: remember });
    opened.push(pane);
    panes.append(pane.node);
  }
  if (options.room) pane.open(options.room, options);
  pane.node.scrollIntoView({ inline: "nearest", block: "nearest" });
  remember();
  people();
  return pane;
}

function close(pane) {
  opened.splice(opened.indexOf(pane), 1);
  pane.remove();
  remember();
  people();
}

function remember() {
  const kept = opened.map((pane) => ({ person: pane.person, room: pane.room, topic: pane.topic }));
  localStorage.setItem(REMEMBERED, JSON.stringify(kept));
  panes.classList.toggle("empty", !opened.length);
}

function people() {
  const groups = ["citizen", "operator"].map((role) => [
    el("h2", {}, ROLES[role]),
    world.people.filter((person) => person.role === role).map(personButton),
  ]);
  document.getElementById("people").replaceChildren(...groups.flat(2));
}

function personButton(person) {
  const name = [person.first_name, person.last_name].filter(Boolean).join(" ");
  const active = opened.some((pane) => pane.person === person.id);
  return el("button", { type: "button", class: `person ${active ? "active" : ""}`, onclick: () => show(person.id) },
    avatar(name, person.id), el("span", { class: "name" }, name));
}

async function add(what) {
  if (what === "group") return addGroup();
  const languages = [["id", "Indonesia"], ["jv", "Jawa"], ["en", "Inggris"]];
  const asked = await ask(`${ROLES[what]} baru`, [
    { name: "name", label: "Nama" },
    { name: "language_code", label: "Bahasa aplikasi", options: languages },
  ]);
  if (!asked) return undefined;
  const made = await call("POST", "/people", { ...asked, role: what });
  await refresh();
  return show(made.id);
}

async function addGroup() {
  const owners = world.people.filter((p) => p.role === "operator").concat(world.people.filter((p) => p.role !== "operator"));
  const bots = world.bots.map((bot) => [bot.id, `${bot.name} (@${bot.username})`]);
  const asked = await ask("Grup baru", [
    { name: "title", label: "Nama grup" },
    { name: "owner", label: "Pemilik", options: owners.map((p) => [p.id, p.first_name]) },
    { name: "topics", label: "Topik, satu per baris (kosongkan bila tanpa topik)", lines: 3, required: false },
    { name: "bot", label: "Bot sebagai admin", options: [["", "Tanpa bot"], ...bots.reverse()], required: false },
  ], "Buat grup");
  if (!asked) return;
  const topics = asked.topics.split("\n").map((line) => line.trim()).filter(Boolean);
  const room = await act(asked.owner, "create_group", { title: asked.title, forum: topics.length > 0, topics });
  if (asked.bot) await act(asked.owner, "set_member", { room: room.key, bot: asked.bot, status: "administrator" });
  const others = world.people.filter((p) => p.role === "operator" && p.id !== Number(asked.owner));
  for (const other of others) await act(asked.owner, "set_member", { room: room.key, member: other.id, status: "member" });
  await refresh();
  show(Number(asked.owner), { room: room.key });
}

// Links like /t.me/bot?start=TOKEN ask who follows them, then offer the start button.
async function followLink() {
  const found = /^\/t\.me\/([^/]+)$/.exec(location.pathname);
  if (!found) return false;
  const bot = world.bots.find((item) => item.username.toLowerCase() === decodeURIComponent(found[1]).toLowerCase());
  if (!bot) {
    tell("Bot tidak dikenal", `Tidak ada @${found[1]} di kotak latihan ini.`);
    return false;
  }
  const payload = new URLSearchParams(location.search).get("start") ?? "";
  history.replaceState(null, "", "/");
  const options = world.people.map((p) => [p.id, `${p.first_name} (${ROLES[p.role]})`]);
  const asked = await ask(`Buka @${bot.username} sebagai siapa?`, [{ name: "person", label: "Orang", options }], "Buka");
  if (!asked) return false;
  show(Number(asked.person), { room: `${bot.id}:${asked.person}`, payload, starting: true });
  return true;
}

function reopen() {
  const kept = JSON.parse(localStorage.getItem(REMEMBERED) ?? "[]");
  for (const { person, room, topic } of kept) {
    const known = world.people.some((item) => item.id === person);
    const there = !room || world.rooms.some((item) => item.key === room && person in item.people);
    if (known) show(person, there && room ? { room, topic } : {});
  }
  if (opened.length || !world.people.length) return;
  const citizen = world.people.find((item) => item.role === "citizen") ?? world.people[0];
  show(citizen.id, world.bots.length ? { room: `${world.bots[0].id}:${citizen.id}` } : {});
  const operator = world.people.find((item) => item.role === "operator");
  if (operator && matchMedia("(min-width: 900px)").matches) show(operator.id);
}

async function start() {
  await refresh();
  reopen();
  people();
  await followLink();
  subscribe((change) => {
    if (["state", "people"].includes(change.kind)) people();
  });
  const state = document.getElementById("link-state");
  listen((linked) => {
    state.textContent = linked ? "" : "Sambungan terputus, mencoba lagi…";
  });
  for (const button of document.querySelectorAll("[data-add]")) {
    button.addEventListener("click", () => add(button.dataset.add).catch((problem) => toast(document.body, problem.message)));
  }
}

start().catch((problem) => tell("Halaman tidak bisa dimulai", problem.message));
