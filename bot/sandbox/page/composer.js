// What stands under a conversation: the input field, attachments, commands, and the bot's own keys.

import { ask, el, toast } from "./dom.js";
import { room } from "./store.js";
import { summary } from "./text.js";

const PLACES = [
  ["Pasar Godean", -7.7659, 110.2938],
  ["UGM, Bulaksumur", -7.7713, 110.3775],
  ["Tugu Yogyakarta", -7.7829, 110.3671],
  ["Alun-alun Wates", -7.8594, 110.1586],
  ["Pasar Bantul", -7.8876, 110.3283],
  ["Alun-alun Wonosari", -7.9655, 110.6027],
];

export class Composer {
  constructor(pane) {
    this.pane = pane;
    this.reply = null;
    this.edited = null;
    this.files = [];
    this.note = el("div", { class: "composer-note" });
    this.keys = el("div", { class: "reply-keys" });
    this.menu = el("div", { class: "menu", hidden: true });
    this.field = el("textarea", { rows: 1, placeholder: "Tulis pesan", "aria-label": "Tulis pesan",
      oninput: () => this.grow(), onkeydown: (event) => this.key(event), onpaste: (event) => this.paste(event) });
    this.picker = el("input", { type: "file", multiple: true, hidden: true, onchange: () => this.picked() });
    const icon = (label, title, work) =>
      el("button", { type: "button", class: "icon", title, "aria-label": title, onclick: work }, label);
    this.commands = icon("/", "Perintah", () => this.showCommands());
    this.line = el("form", { class: "composer-line", onsubmit: (event) => this.send(event) },
      icon("+", "Lampirkan", () => this.showAttachments()), this.commands, this.field,
      el("button", { type: "submit", class: "send", "aria-label": "Kirim", title: "Kirim" }, "➤"));
    this.big = el("button", { type: "button", class: "big" });
    this.node = el("footer", { class: "composer" }, this.menu, this.note, this.line, this.big, this.keys, this.picker);
    this.update();
  }

  update() {
    const item = room(this.pane.room);
    const waiting = item.chat.type === "private" && (!item.started || this.pane.start !== null && this.pane.start !== undefined);
    this.line.hidden = waiting || item.blocked;
    this.big.hidden = !this.line.hidden;
    this.big.textContent = item.blocked ? "Buka blokir" : "Mulai";
    this.big.onclick = () => (item.blocked ? this.pane.act("unblock", { bot: Object.keys(item.bots)[0] }) : this.begin());
    this.commands.hidden = !(item.commands[this.pane.person] ?? []).length;
    this.drawKeys(item);
    this.forceReply(item.keyboard);
    this.drawNote();
  }

  // A bot may ask for a reply to its message; the note appears once, and can be closed.
  forceReply(keyboard) {
    if (!keyboard?.force_reply || this.forced === keyboard.message_id) return;
    this.forced = keyboard.message_id;
    this.reply = this.pane.kept.messages.get(keyboard.message_id) ?? null;
  }

  begin() {
    const text = `/start ${this.pane.start ?? ""}`.trim();
    this.pane.start = null;
    this.pane.act("send", { text });
  }

  drawKeys(item) {
    const rows = this.line.hidden ? [] : item.keyboard?.keyboard ?? [];
    this.keys.replaceChildren(...rows.map((line) => el("div", { class: "keys" }, line.map((button) =>
      el("button", { type: "button", class: "key", onclick: () => this.pressKey(button) }, label(button))))));
    this.field.placeholder = item.keyboard?.input_field_placeholder || "Tulis pesan";
  }

  async pressKey(button) {
    if (button.request_location) return this.askPlace();
    return this.pane.act("press_key", { text: button.text, ...this.pane.place() });
  }

  // --- notes above the field

  replyTo(message) {
    this.edited = null;
    this.reply = message;
    this.drawNote();
    this.field.focus();
  }

  editing(message) {
    this.reply = null;
    this.edited = message;
    this.field.value = message.text ?? message.caption;
    this.grow();
    this.drawNote();
    this.field.focus();
  }

  drawNote() {
    const told = [];
    if (this.reply) told.push(noteLine(`Balas ${this.reply.from.first_name}`, summary(this.reply), () => this.clear("reply")));
    if (this.edited) told.push(noteLine("Ubah pesan", summary(this.edited), () => this.clear("edited")));
    if (this.files.length) told.push(this.thumbnails());
    this.note.replaceChildren(...told);
  }

  clear(what) {
    if (what === "edited") this.field.value = "";
    this[what] = null;
    this.drawNote();
  }

  thumbnails() {
    const shown = this.files.map(({ kind, file, url }, number) => el("span", { class: "thumb" },
      kind === "photo" ? el("img", { src: url, alt: file.name }) : el("span", {}, file.name),
      el("button", { type: "button", "aria-label": "Buang", onclick: () => this.drop(number) }, "✕")));
    return el("div", { class: "thumbs" }, shown);
  }

  drop(number) {
    URL.revokeObjectURL(this.files[number].url);
    this.files.splice(number, 1);
    this.drawNote();
  }

  // --- sending

  grow() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, 140)}px`;
  }

  key(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.send(event);
    if (event.key === "Escape") this.clear(this.edited ? "edited" : "reply");
  }

  async send(event) {
    event.preventDefault();
    const text = this.field.value.trim();
    const { reply, edited, files } = this;
    if (!text && !files.length) return;
    Object.assign(this, { reply: null, edited: null, files: [] });
    this.field.value = "";
    this.grow();
    this.drawNote();
    const answered = reply ? { reply_to: reply.message_id } : {};
    let done;
    if (edited) done = await this.pane.act("edit", { message_id: edited.message_id, text });
    else if (files.length) done = await this.sendFiles(files, text, answered);
    else done = await this.pane.act("send", { text, ...answered, ...this.pane.place() });
    if (done === null && !this.field.value) this.field.value = text;
    this.field.focus();
  }

  sendFiles(files, caption, answered) {
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...this.pane.place(), ...answered, caption })) form.append(name, value);
    files.forEach(({ kind, file }, number) => form.append(`${kind}.${number}`, file, file.name));
    return this.pane.act("send_files", form);
  }

  pick(kind, accept) {
    this.kind = kind;
    this.picker.accept = accept;
    this.picker.value = "";
    this.picker.click();
  }

  picked() {
    this.take([...this.picker.files], this.kind);
  }

  paste(event) {
    const images = [...event.clipboardData.files].filter((file) => file.type.startsWith("image/"));
    if (images.length) this.take(images, "photo");
  }

  take(files, kind) {
    this.files.push(...files.map((file) => ({ kind, file, url: URL.createObjectURL(file) })));
    if (this.files.length > 10) {
      this.files.length = 10;
      toast(this.pane.node, "Satu album paling banyak 10.");
    }
    this.drawNote();
    this.field.focus();
  }

  // --- menus

  showMenu(entries) {
    this.menu.hidden = !this.menu.hidden;
    if (this.menu.hidden) return;
    this.menu.replaceChildren(...entries.map(([text, work]) => el("button", { type: "button", onclick: () => {
      this.menu.hidden = true;
      work();
    } }, text)));
    setTimeout(() => document.addEventListener("click", () => { this.menu.hidden = true; }, { once: true }));
  }

  showAttachments() {
    const sample = (kind) => () => this.pane.act("send_sample", { kind, ...this.pane.place() });
    this.showMenu([
      ["🖼 Foto", () => this.pick("photo", "image/*")],
      ["📄 Berkas", () => this.pick("document", "")],
      ["📍 Lokasi", () => this.askPlace()],
      ["👤 Kontak saya", sample("contact")],
      ["🙂 Stiker", sample("sticker")],
      ["🎤 Pesan suara", sample("voice")],
      ["🎬 Video", sample("video")],
      ["📊 Polling", sample("poll")],
    ]);
  }

  showCommands() {
    const known = room(this.pane.room).commands[this.pane.person] ?? [];
    const group = room(this.pane.room).chat.type !== "private";
    this.showMenu(known.map(({ command, description, bot }) => {
      const text = group ? `/${command}@${bot}` : `/${command}`;
      return [`/${command} · ${description}`, () => this.pane.act("send", { text, ...this.pane.place() })];
    }));
  }

  async askPlace() {
    const latitude = el("input", { name: "latitude", type: "number", step: "any", required: true, value: PLACES[0][1] });
    const longitude = el("input", { name: "longitude", type: "number", step: "any", required: true, value: PLACES[0][2] });
    const choose = ([name, lat, lon]) => el("button", { type: "button", class: "key", onclick: () => {
      latitude.value = lat;
      longitude.value = lon;
    } }, name);
    const asked = await ask("Kirim lokasi", [
      el("div", { class: "presets" }, PLACES.map(choose)),
      el("label", {}, "Lintang", latitude), el("label", {}, "Bujur", longitude),
    ], "Kirim");
    if (asked) this.pane.act("send_location", { ...asked, ...this.pane.place() });
  }
}

function label(button) {
  if (button.request_location) return `📍 ${button.text}`;
  return button.request_contact ? `👤 ${button.text}` : button.text;
}

function noteLine(title, text, close) {
  return el("div", { class: "note-line" }, el("span", {}, el("b", {}, title), el("span", { class: "line" }, text)),
    el("button", { type: "button", class: "icon", "aria-label": "Batal", onclick: close }, "✕"));
}
