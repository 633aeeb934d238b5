// Lines as elements. Everything people or the server wrote becomes text nodes, never markup.

import { picture } from "./photos.js";

const SPECIAL = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])|\b([A-Z]{2,5}-\d{2}-[0-9A-Z]{4,8})\b/g;
const TICKS = { sending: "◷", queued: "◷", sent: "✓", delivered: "✓✓", failed: "!" };

export function element(tag, { text, aria = {}, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  if (text !== undefined) made.textContent = text;
  for (const [name, value] of Object.entries(aria)) made.setAttribute(name === "role" ? name : `aria-${name}`, value);
  made.append(...children);
  return made;
}

export class View {
  /** `say(key)` gives a text; `actions` are press, reply, locate, retry, copy and fileOf. */
  constructor(log, say, actions) {
    this.log = log;
    this.say = say;
    this.actions = actions;
    this.lines = new Map();
    this.texts = new Map();
    this.day = "";
    this.newest = "";
  }

  /** Show a line, or note that one shown already has arrived; true when it is new. */
  add(line, state, files = []) {
    if (line.id && this.lines.has(line.id)) {
      this.mark(line.id, state);
      return false;
    }
    this.log.querySelector(".welcome")?.remove();
    if (line.from === "citizen") this.dropChoices();
    else this.markAll("delivered");
    this.daySign(line.at);
    const made = this.line(line, files);
    this.log.insertBefore(made, state === "queued" ? null : this.log.querySelector('[data-state="queued"]'));
    if (line.id) this.lines.set(line.id, made);
    if (line.ref) this.texts.set(line.ref, line.text);
    this.newest = line.ref;
    if (state) this.setState(made, state);
    return true;
  }

  /** Show nothing any more, as before the first line. */
  clear() {
    this.log.replaceChildren();
    this.lines.clear();
    this.texts.clear();
    this.day = this.newest = "";
  }

  /** The report numbers that can be read. */
  numbers() {
    return [...new Set([...this.texts.values()].flatMap((text) => [...text.matchAll(SPECIAL)].map((found) => found[2])))].filter(Boolean);
  }

  line(line, files) {
    const who = element("span", { className: "hidden", text: `${this.say(line.from === "bot" ? "bot" : "you")}: ` });
    const bubble = element("div", { className: "bubble" }, who);
    const quoted = line.reply_to === this.newest ? "" : this.texts.get(line.reply_to);
    if (quoted) bubble.append(element("q", { text: quoted.slice(0, 80) }));
    const shown = files.length ? files.map((file) => this.localFile(file)) : line.files.map((file) => this.file(file));
    if (shown.length) bubble.append(element("div", { className: shown.length > 1 ? "files many" : "files" }, ...shown));
    if (line.location) bubble.append(this.place(line.location));
    if (line.text) bubble.append(element("p", {}, ...this.rich(line.text)));
    const made = element("article", { className: `line ${line.from}` }, bubble, this.meta(line));
    if (line.buttons.length || line.ask_location) made.append(this.choices(line));
    return made;
  }

  meta(line) {
    const time = element("time", {
      dateTime: line.at,
      text: new Date(line.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }),
    });
    const meta = element("div", { className: "meta" }, time);
    if (line.from === "citizen") meta.append(element("span", { className: "state" }));
    if (line.from === "bot" && line.ref) {
      const arrow = element("span", { text: "↩", aria: { hidden: true } });
      const reply = element("button", { type: "button", className: "icon", aria: { label: this.say("reply") } }, arrow);
      reply.addEventListener("click", () => this.actions.reply(line.ref, line.text));
      meta.append(reply);
    }
    return meta;
  }

  choices(line) {
    const rows = line.buttons.map((row) => element("div", {}, ...row.map((button) => this.choice(button, line.ref))));
    if (line.ask_location) {
      const locate = element("button", { type: "button", text: `📍 ${this.say("location")}` });
      locate.addEventListener("click", () => this.actions.locate());
      rows.unshift(element("div", {}, locate));
    }
    return element("div", { className: "chips", aria: { role: "group", label: this.say("choices") } }, ...rows);
  }

  choice(button, ref) {
    if (/^https?:\/\//.test(button.url)) {
      return element("a", { href: button.url, target: "_blank", rel: "noopener noreferrer", text: button.label });
    }
    const made = element("button", { type: "button", text: button.label });
    made.addEventListener("click", () => this.actions.press(button, ref));
    return made;
  }

  dropChoices() {
    for (const group of this.log.querySelectorAll(".chips")) group.remove();
  }

  rich(text) {
    const parts = [];
    let at = 0;
    for (const found of text.matchAll(SPECIAL)) {
      parts.push(text.slice(at, found.index), found[1] ? this.link(found[1]) : this.number(found[2]));
      at = found.index + found[0].length;
    }
    return [...parts, text.slice(at)];
  }

  link(url) {
    return element("a", { href: url, target: "_blank", rel: "noopener noreferrer", text: url });
  }

  number(number) {
    const hint = element("small", { text: this.say("copy") });
    const copy = element("button", { type: "button", className: "copy", text: `${number} ` }, hint);
    copy.addEventListener("click", async () => {
      await this.actions.copy(number);
      hint.textContent = this.say("copied");
      setTimeout(() => { hint.textContent = this.say("copy"); }, 3000);
    });
    return copy;
  }

  place({ lat, lon }) {
    return element("p", { text: `📍 ${this.say("shared_location")}: ${lat.toFixed(5)}, ${lon.toFixed(5)}` });
  }

  localFile({ blob, name }) {
    return blob.type.startsWith("image/") ? picture(blob, name || this.say("photo")) : element("span", { text: name });
  }

  file(file) {
    const name = file.name || this.say("open_file");
    const open = element("button", { type: "button", text: file.mime.startsWith("image/") ? this.say("photo") : name });
    const load = async () => open.replaceWith(this.loaded(await this.actions.fileOf(file.ref), file, name));
    open.addEventListener("click", () => load().catch(() => undefined));
    if (file.mime.startsWith("image/")) load().catch(() => undefined);
    return open;
  }

  loaded(blob, file, name) {
    if (blob.type.startsWith("image/")) return picture(blob, name);
    return element("a", { href: URL.createObjectURL(blob), download: name, text: name });
  }

  daySign(at) {
    const day = new Date(at).toLocaleDateString(document.documentElement.lang, { weekday: "long", day: "numeric", month: "long" });
    if (day !== this.day) this.log.append(element("p", { className: "day", text: day }));
    this.day = day;
  }

  mark(id, state, error) {
    const line = this.lines.get(id);
    if (line) this.setState(line, state, error);
  }

  markAll(state) {
    for (const line of this.lines.values()) {
      if (line.dataset.state === "sent") this.setState(line, state);
    }
  }

  setState(line, state, error) {
    if (line.dataset.state === "delivered" && state === "sent") return;
    line.dataset.state = state;
    line.classList.toggle("failed", state === "failed");
    const place = line.querySelector(".state");
    if (!place) return;
    place.replaceChildren(
      element("span", { text: TICKS[state], aria: { hidden: true }, title: this.say(state) }),
      element("span", { className: state === "queued" || state === "failed" ? "" : "hidden", text: ` ${error?.text || this.say(state)}` }),
    );
    if (state === "failed") {
      const retry = element("button", { type: "button", className: "copy", text: this.say("retry") });
      retry.addEventListener("click", () => this.actions.retry(error.body, error.files));
      place.append(" ", retry);
    }
  }
}
