// One message, or one album, as a bubble.

import { clock, el, hue } from "./dom.js";
import { formatted, link, safe, service, summary } from "./text.js";

const FILE = (file) => `/sandbox/api/files/${encodeURIComponent(file.file_unique_id)}`;

export function bubble(group, view) {
  const message = group[0];
  const told = service(message);
  if (told) return el("div", { class: "service" }, el("span", {}, told));
  const own = message.from.id === view.person;
  const body = el("div", { class: "bubble", onclick: () => view.reply(group.at(-1)) },
    !own && view.named ? sender(message) : null,
    forwarded(message), quote(message, view), content(group, view), footer(group, own, view));
  const keyboard = message.reply_markup ? buttons(message, view) : null;
  const row = el("div", { class: `row ${own ? "own" : "other"}` },
    el("div", { class: "stack" }, body, keyboard, reactions(message, view)));
  row.dataset.message = message.message_id;
  return row;
}

function sender(message) {
  const node = el("div", { class: "sender" }, message.from.first_name,
    message.from.is_bot ? el("span", { class: "tag" }, "bot") : null);
  node.style.setProperty("--hue", hue(message.from.id));
  return node;
}

function forwarded(message) {
  const from = message.forward_origin?.sender_user;
  return from ? el("div", { class: "forwarded" }, `Diteruskan dari ${from.first_name}`) : null;
}

function quote(message, view) {
  const answered = message.reply_to_message;
  if (!answered || answered.forum_topic_created) return null;
  const jump = (event) => {
    event.stopPropagation();
    view.jump(answered.message_id);
  };
  const thumb = answered.photo ? el("img", { src: FILE(answered.photo[0]), alt: "" }) : null;
  return el("button", { type: "button", class: "quote", onclick: jump }, thumb,
    el("span", {}, el("b", {}, answered.from.first_name), el("span", { class: "line" }, summary(answered))));
}

function content(group, view) {
  const message = group[0];
  const captioned = group.find((item) => item.caption);
  const words = message.text ? [message.text, message.entities] : [captioned?.caption, captioned?.caption_entities];
  return [
    pictures(group.filter((item) => item.photo), view),
    ...group.flatMap((item) => other(item, view)),
    words[0] ? el("div", { class: "text" }, formatted(words[0], words[1], view.command)) : null,
  ];
}

function pictures(group, view) {
  if (!group.length) return null;
  const shown = group.map((item) => {
    const open = (event) => {
      event.stopPropagation();
      view.enlarge(FILE(item.photo.at(-1)));
    };
    const { width, height } = item.photo.at(-1);
    return el("button", { type: "button", class: "picture", onclick: open, "aria-label": "Perbesar foto" },
      el("img", { src: FILE(item.photo.at(-1)), alt: item.caption ?? "Foto", width, height, loading: "lazy" }));
  });
  return el("div", { class: `pictures n${Math.min(group.length, 4)}` }, shown);
}

function other(message, view) {
  const found = [];
  if (message.document || message.audio) found.push(file(message.document ?? message.audio));
  if (message.video) found.push(el("div", { class: "file" }, "🎬 ", message.video.file_name ?? "Video"));
  if (message.voice) found.push(el("div", { class: "file voice" }, "🎤 ", el("i", {}), `${message.voice.duration} dtk`));
  if (message.sticker) found.push(el("div", { class: "sticker" }, message.sticker.emoji ?? "🙂"));
  if (message.dice) found.push(el("div", { class: "sticker" }, `${message.dice.emoji} ${message.dice.value}`));
  if (message.location) found.push(pin(message));
  if (message.contact) found.push(contact(message.contact));
  if (message.poll) found.push(poll(message, view));
  return found;
}

function file(item) {
  const size = item.file_size < 1e6 ? `${Math.ceil(item.file_size / 1000)} kB` : `${(item.file_size / 1e6).toFixed(1)} MB`;
  const stop = (event) => event.stopPropagation();
  return el("a", { class: "file", href: FILE(item), download: item.file_name ?? "berkas", onclick: stop },
    "📄 ", el("span", {}, el("b", {}, item.file_name ?? "Berkas"), el("small", {}, size)));
}

function pin(message) {
  const { latitude, longitude } = message.location;
  const place = message.venue;
  return el("div", { class: "pin" }, el("div", { class: "map" }, "📍"),
    place ? el("b", {}, place.title) : null, place ? el("small", {}, place.address) : null,
    el("small", {}, `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`));
}

function contact(item) {
  return el("div", { class: "file" }, "👤 ", el("span", {}, el("b", {}, item.first_name), el("small", {}, item.phone_number)));
}

function poll(message, view) {
  const options = message.poll.options.map((option, number) => {
    const vote = (event) => {
      event.stopPropagation();
      view.vote(message, number);
    };
    return el("button", { type: "button", onclick: vote, disabled: message.poll.is_closed },
      option.text, el("small", {}, `${option.voter_count}`));
  });
  return el("div", { class: "poll" }, el("b", {}, message.poll.question), options);
}

function footer(group, own, view) {
  const message = group.at(-1);
  const edited = group.some((item) => item.edit_date) ? "diubah " : "";
  const stop = (work) => (event) => {
    event.stopPropagation();
    work();
  };
  const tool = (label, title, work) =>
    el("button", { type: "button", class: "tool", title, "aria-label": title, onclick: stop(work) }, label);
  return el("div", { class: "foot" },
    el("span", { class: "tools" }, tool("↩", "Balas", () => view.reply(message)),
      tool("👍", "Beri jempol", () => view.react(message)),
      own && (message.text || group[0].caption) ? tool("✎", "Ubah", () => view.edit(group[0])) : null,
      own ? tool("🗑", "Hapus", () => view.remove(group)) : null),
    el("span", { class: "when" }, edited, clock(message.date), own ? el("span", { class: "ticks", title: "Terkirim" }, " ✓✓") : null));
}

function buttons(message, view) {
  const rows = message.reply_markup.inline_keyboard.map((line) => el("div", { class: "keys" }, line.map((button) => {
    if (button.url) {
      const node = link(button.url, [button.text, " ↗"]);
      node.classList.add("key");
      node.title = safe(button.url) ?? "";
      return node;
    }
    const press = (event) => view.press(message, button, event.currentTarget);
    return el("button", { type: "button", class: `key ${button.style ?? ""}`, onclick: press, disabled: !button.callback_data }, button.text);
  })));
  return el("div", { class: "keyboard" }, rows);
}

function reactions(message, view) {
  const given = view.reactions(message.message_id);
  const emoji = Object.values(given).flat();
  if (!emoji.length) return null;
  const counted = [...new Set(emoji)].map((one) => `${one} ${emoji.filter((other) => other === one).length}`);
  return el("div", { class: "reactions" }, counted.map((text) => el("span", {}, text)));
}
