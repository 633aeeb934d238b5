// Formatted text and short summaries of messages.

import { el } from "./dom.js";
import { world } from "./store.js";

const TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  spoiler: "span", blockquote: "blockquote", expandable_blockquote: "blockquote" };
const LINKS = new Set(["url", "text_link", "email", "phone_number"]);

export function formatted(text, entities = [], onCommand = () => {}) {
  const nodes = [];
  let at = 0;
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  for (let i = 0; i < sorted.length; i += 1) {
    const outer = sorted[i];
    if (outer.offset < at) continue;
    const end = outer.offset + outer.length;
    const inner = [];
    while (i + 1 < sorted.length && sorted[i + 1].offset < end) inner.push(sorted[i += 1]);
    nodes.push(text.slice(at, outer.offset));
    const moved = inner.map((entity) => ({ ...entity, offset: entity.offset - outer.offset }));
    nodes.push(wrapped(outer, text.slice(outer.offset, end), moved, onCommand));
    at = end;
  }
  nodes.push(text.slice(at));
  return nodes.filter((node) => node !== "");
}

function wrapped(entity, text, inner, onCommand) {
  const children = formatted(text, inner, onCommand);
  if (entity.type === "bot_command") {
    const press = (event) => { event.stopPropagation(); onCommand(text); };
    return el("button", { type: "button", class: "command", onclick: press }, children);
  }
  if (LINKS.has(entity.type)) return link(entity.url ?? text, children);
  if (entity.type === "mention") return el("span", { class: "mention" }, children);
  const tag = TAGS[entity.type];
  return tag ? el(tag, { class: entity.type === "spoiler" ? "spoiler" : null }, children) : el("span", {}, children);
}

export function link(url, children) {
  const href = safe(url);
  const away = href && !href.startsWith("/");
  const stop = (event) => event.stopPropagation();
  return href ? el("a", { href, target: away ? "_blank" : null, rel: "noreferrer noopener", onclick: stop }, children)
    : el("span", {}, children);
}

// Only web, mail and phone addresses are followed; links to bots known here stay here.
export function safe(url) {
  const full = /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : url.includes("@") ? `mailto:${url}` : `https://${url}`;
  let parts;
  try {
    parts = new URL(full);
  } catch {
    return null;
  }
  const name = parts.pathname.slice(1).toLowerCase();
  if (parts.hostname === "t.me" && world.bots.some((bot) => bot.username.toLowerCase() === name)) {
    return `/t.me/${name}${parts.search}`;
  }
  return ["http:", "https:", "mailto:", "tel:"].includes(parts.protocol) ? parts.href : null;
}

const KINDS = { photo: "🖼 Foto", document: "📄 Berkas", video: "🎬 Video", voice: "🎤 Pesan suara", audio: "🎵 Musik",
  sticker: "🙂 Stiker", venue: "📍 Tempat", location: "📍 Lokasi", contact: "👤 Kontak", poll: "📊 Polling", dice: "🎲 Dadu" };

export function summary(message) {
  if (!message) return "";
  const kind = Object.keys(KINDS).find((name) => name in message);
  const words = message.text ?? message.caption;
  if (kind) return words ? `${KINDS[kind]} · ${words}` : KINDS[kind];
  return words ?? service(message) ?? "";
}

export function service(message) {
  const who = message.from.first_name;
  const names = (users) => users.map((user) => user.first_name).join(", ");
  if (message.new_chat_members) return `${names(message.new_chat_members)} bergabung`;
  if (message.left_chat_member) return `${message.left_chat_member.first_name} keluar`;
  if (message.forum_topic_created) return `Topik “${message.forum_topic_created.name}” dibuka`;
  if (message.forum_topic_edited) return "Topik diubah";
  if (message.forum_topic_closed) return `${who} menutup topik`;
  if (message.forum_topic_reopened) return `${who} membuka topik lagi`;
  if (message.pinned_message) return `${who} menyematkan pesan`;
  if (message.new_chat_title) return `Nama grup menjadi “${message.new_chat_title}”`;
  if (message.supergroup_chat_created) return `${who} membuat grup`;
  return null;
}
