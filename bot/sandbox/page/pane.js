// One person's screen: chats on one side, the open conversation on the other.

import { bubble } from "./bubble.js";
import { Composer } from "./composer.js";
import { avatar, clock, day, el, tell, toast } from "./dom.js";
import { showInfo } from "./info.js";
import { act, chatsOf, messagesOf, person, room, subscribe, titleOf, world, bot } from "./store.js";
import { service, summary } from "./text.js";

const GENERAL = 0;
const NEAR = 120;

export class Pane {
  constructor(who, hooks) {
    this.person = who;
    this.hooks = hooks;
    this.room = null;
    this.topic = null;
    this.unread = new Map();
    this.list = el("div", { class: "chats" });
    this.talk = el("section", { class: "talk" });
    this.node = el("article", { class: "pane", "aria-label": this.name() }, this.head(), el("div", { class: "split" }, this.list, this.talk));
    this.node.dataset.person = who;
    this.unsubscribe = subscribe((change) => this.take(change));
    this.drawList();
    this.drawNothing();
  }

  name() {
    return person(this.person)?.first_name ?? "";
  }

  head() {
    const role = person(this.person).role === "operator" ? "Petugas" : "Warga";
    return el("header", { class: "pane-head" }, avatar(this.name(), this.person, "small"),
      el("b", {}, this.name()), el("span", { class: "tag" }, role),
      el("button", { type: "button", class: "icon", title: "Tutup layar ini", "aria-label": "Tutup layar ini", onclick: this.hooks.close }, "✕"));
  }

  remove() {
    this.unsubscribe();
    this.node.remove();
  }

  // --- chats

  drawList() {
    this.list.replaceChildren(...chatsOf(this.person).map((item) => this.chatButton(item)));
  }

  chatButton(item) {
    const title = titleOf(item);
    const count = this.unread.get(item.key);
    const newest = item.newest ? summary(item.newest) : item.chat.type === "private" ? "Belum ada percakapan" : "";
    return el("button", { type: "button", class: `chat ${item.key === this.room ? "active" : ""}`, onclick: () => this.open(item.key) },
      avatar(title, item.chat.id ?? item.key.split(":")[0]),
      el("span", { class: "chat-words" }, el("span", { class: "chat-title" }, title), el("span", { class: "line" }, newest)),
      el("span", { class: "chat-side" }, item.newest ? clock(item.newest.date) : "", count ? el("span", { class: "badge" }, `${count}`) : null));
  }

  async open(key, options = {}) {
    if (!room(key)) await act(this.person, "open_chat", { bot: key.split(":")[0] });
    while (!room(key)) await new Promise((resolve) => { setTimeout(resolve, 50); });
    Object.assign(this, { room: key, topic: options.topic ?? null, start: options.starting ? options.payload ?? "" : null });
    this.unread.delete(key);
    this.node.classList.add("talking");
    await this.drawTalk();
    this.drawList();
    this.hooks.opened();
  }

  leave() {
    if (this.topic !== null) {
      this.topic = null;
      this.drawTalk();
    } else {
      this.room = null;
      this.node.classList.remove("talking");
      this.drawNothing();
      this.drawList();
    }
    this.hooks.opened();
  }

  // --- the conversation

  drawNothing() {
    this.talk.replaceChildren(el("div", { class: "nothing" }, "Pilih percakapan di sebelah kiri."));
  }

  async drawTalk() {
    const item = room(this.room);
    const asking = this.room;
    this.kept = await messagesOf(this.room);
    if (asking !== this.room) return;
    const listing = item.chat.is_forum && this.topic === null;
    this.scroll = el("div", { class: "messages", role: "log" });
    this.typing = el("div", { class: "typing", role: "status" });
    this.composer = listing ? null : new Composer(this);
    this.talk.replaceChildren(this.talkHead(item), this.scroll, this.typing, this.composer?.node ?? "");
    if (listing) this.drawTopics(item);
    else this.drawMessages(true);
  }

  talkHead(item) {
    const topic = item.topics.find((one) => one.id === this.topic);
    const below = item.chat.type === "private" ? `@${bot(Object.keys(item.bots)[0]).username}`
      : this.topic !== null ? titleOf(item) : `${Object.values(item.people).filter((s) => s !== "left" && s !== "kicked").length} orang`;
    const title = this.topic === null ? titleOf(item) : topic?.name ?? "Umum";
    return el("header", { class: `talk-head ${this.topic === null ? "" : "in-topic"}` },
      el("button", { type: "button", class: "icon back", "aria-label": "Kembali", onclick: () => this.leave() }, "‹"),
      avatar(titleOf(item), item.chat.type === "private" ? Object.keys(item.bots)[0] : item.chat.id, "small"),
      el("span", { class: "chat-words" }, el("b", {}, title), el("small", {}, below)),
      el("button", { type: "button", class: "icon", title: "Tentang percakapan ini", "aria-label": "Tentang percakapan ini", onclick: () => showInfo(this, item) }, "⋮"));
  }

  drawTopics(item) {
    const general = { id: GENERAL, name: "Umum" };
    const buttons = [general, ...item.topics].map((topic) => {
      const newest = this.inTopic(topic.id).at(-1);
      return el("button", { type: "button", class: "chat", onclick: () => this.open(this.room, { topic: topic.id }) },
        el("span", { class: "avatar hash", "aria-hidden": "true" }, topic.id === GENERAL ? "#" : [...topic.name][0]),
        el("span", { class: "chat-words" }, el("span", { class: "chat-title" }, topic.name, topic.closed ? " 🔒" : ""),
          el("span", { class: "line" }, newest ? `${newest.from.first_name}: ${summary(newest)}` : "Kosong")));
    });
    this.scroll.replaceChildren(el("div", { class: "topics" }, buttons));
  }

  inTopic(topic) {
    const all = [...this.kept.messages.values()];
    return topic === null ? all : all.filter((m) => (m.is_topic_message ? m.message_thread_id : GENERAL) === topic);
  }

  drawMessages(toEnd = false) {
    const near = toEnd || this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR;
    const nodes = [];
    let today = "";
    for (const group of albums(this.inTopic(this.topic))) {
      if (day(group[0].date) !== today) {
        today = day(group[0].date);
        nodes.push(el("div", { class: "service day" }, el("span", {}, today)));
      }
      nodes.push(bubble(group, this.view()));
    }
    if (!nodes.length) nodes.push(this.welcome());
    this.scroll.replaceChildren(...nodes);
    if (near) this.scroll.scrollTop = this.scroll.scrollHeight;
    for (const image of this.scroll.querySelectorAll("img")) {
      image.addEventListener("load", () => { if (near) this.scroll.scrollTop = this.scroll.scrollHeight; }, { once: true });
    }
    this.composer?.update();
  }

  welcome() {
    const item = room(this.room);
    if (item.chat.type !== "private") return el("div", { class: "nothing" }, "Belum ada pesan.");
    const its = bot(Object.keys(item.bots)[0]);
    return el("div", { class: "welcome" }, avatar(its.name, its.id), el("b", {}, its.name),
      el("p", {}, its.description || "Tekan Mulai untuk menyapa bot ini."));
  }

  view() {
    return {
      person: this.person,
      named: room(this.room).chat.type !== "private",
      reply: (message) => { if (!getSelection().toString()) this.composer?.replyTo(message); },
      edit: (message) => this.composer?.editing(message),
      remove: (group) => group.forEach((message) => this.act("delete", { message_id: message.message_id })),
      react: (message) => this.react(message),
      vote: (message, number) => this.act("vote", { message_id: message.message_id, options: [number] }),
      press: (message, button, node) => this.press(message, button, node),
      command: (text) => this.act("send", { text, ...this.place() }),
      jump: (number) => this.jump(number),
      enlarge,
      reactions: (number) => this.kept.reactions[number] ?? {},
    };
  }

  place() {
    return { room: this.room, ...(this.topic ? { topic_id: this.topic } : {}) };
  }

  async act(what, body = {}) {
    try {
      return await act(this.person, what, body instanceof FormData ? body : { room: this.room, ...body });
    } catch (problem) {
      toast(this.node, problem.message);
      return null;
    }
  }

  react(message) {
    const mine = this.kept.reactions[message.message_id]?.[this.person] ?? [];
    this.act("react", { message_id: message.message_id, emoji: mine.length ? [] : ["👍"] });
  }

  async press(message, button, node) {
    node.classList.add("waiting");
    this.pressed = { id: await this.act("press", { message_id: message.message_id, data: button.callback_data }), node };
    setTimeout(() => node.classList.remove("waiting"), 15000);
  }

  jump(number) {
    const node = this.scroll.querySelector(`[data-message="${Number(number)}"]`);
    node?.scrollIntoView({ block: "center", behavior: "smooth" });
    node?.classList.add("flash");
    setTimeout(() => node?.classList.remove("flash"), 1500);
  }

  // --- what happens

  take(change) {
    if (change.kind === "state") this.fresh();
    if (change.kind === "answer" && change.detail.person === this.person) this.answered(change.detail);
    if (change.kind === "message" && change.room !== this.room && this.mine(change)) {
      this.unread.set(change.room, (this.unread.get(change.room) ?? 0) + 1);
    }
    if (!this.room || change.room !== this.room || !this.scroll) return;
    if (["message", "edit", "delete"].includes(change.kind)) {
      this.typing.textContent = "";
      this.draw();
    }
    if (change.kind === "action") this.showTyping(change.detail);
  }

  mine(change) {
    return this.person in (room(change.room)?.people ?? {}) && change.message?.from.id !== this.person;
  }

  fresh() {
    this.drawList();
    if (this.room && this.scroll) this.draw();
  }

  draw() {
    const item = room(this.room);
    messagesOf(this.room).then((kept) => {
      this.kept = kept;
      if (item?.chat.is_forum && this.topic === null) this.drawTopics(item);
      else this.drawMessages();
    });
  }

  answered(detail) {
    if (this.pressed?.id === detail.id || this.pressed?.id === null) this.pressed.node.classList.remove("waiting");
    for (const node of this.node.querySelectorAll(".key.waiting")) node.classList.remove("waiting");
    if (detail.text && detail.alert) tell(this.name(), detail.text);
    else if (detail.text) toast(this.node, detail.text);
  }

  showTyping(detail) {
    const word = detail.action.startsWith("upload") ? "mengirim berkas…" : "sedang mengetik…";
    this.typing.textContent = `${world.bots.find((item) => item.id === detail.bot)?.name ?? "Bot"} ${word}`;
    clearTimeout(this.typingEnds);
    this.typingEnds = setTimeout(() => { this.typing.textContent = ""; }, 5000);
  }
}

function albums(messages) {
  const groups = [];
  for (const message of messages) {
    const last = groups.at(-1);
    const together = message.media_group_id && last?.[0].media_group_id === message.media_group_id;
    if (together && !service(message)) last.push(message);
    else groups.push([message]);
  }
  return groups;
}

function enlarge(source) {
  const dialog = el("dialog", { class: "lightbox", onclick: () => dialog.close() }, el("img", { src: source, alt: "Foto" }));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
