// The page: wires what a person does to the outbox, and what the server says to the view.

import { Refused, Silence, LEFT, endSession, forgetSession, getFile, longPoll, postFiles, postJson, speak, stream } from "./net.js";
import { Outbox, newId } from "./outbox.js";
import { Tray } from "./photos.js";
import { View, element } from "./view.js";

const LANGUAGE = "kentongan.language";
const PAUSES = [1, 2, 4, 8, 15, 30]; // seconds between attempts to connect
const LONELY = 5_000; // ms after which a broken connection is worth a word

const $ = (id) => document.getElementById(id);
const touch = matchMedia("(pointer: coarse)").matches;
const texts = await (await fetch("/chat/static/texts.json")).json();
let language = remembered();
let replyTo = "";
const say = (key) => texts[language][key];

function remembered() {
  let kept = "";
  try { kept = localStorage.getItem(LANGUAGE); } catch { /* private mode */ }
  // Not the browser's language: many phones here are set to English by people who write Indonesian.
  return kept in texts ? kept : "id";
}

// ---- what is shown

const view = new View($("log"), say, {
  press: (button, ref) => submit({ button: button.payload, text: button.label, reply_to: ref }),
  reply: startReply,
  locate,
  retry,
  copy,
  fileOf: getFile,
});
const tray = new Tray($("tray"), say);

function translate() {
  document.documentElement.lang = language;
  document.title = say("title");
  speak(language);
  for (const one of document.querySelectorAll("[data-text]")) one.textContent = say(one.dataset.text);
  for (const one of document.querySelectorAll("[data-label]")) one.setAttribute("aria-label", say(one.dataset.label));
  for (const one of document.querySelectorAll("[data-placeholder]")) one.placeholder = say(one.dataset.placeholder);
  if (!view.lines.size && !$("log").querySelector(".line")) welcome();
}

function welcome() {
  $("log").replaceChildren(element("p", { className: "welcome", text: say("welcome") }));
}

let following = true; // until the reader scrolls up
const nearEnd = () => $("log").scrollHeight - $("log").scrollTop - $("log").clientHeight < 120;
function toEnd() { $("log").scrollTop = $("log").scrollHeight; $("jump").hidden = true; }

function show(line, state, files) {
  following ||= line.from === "citizen";
  const focused = document.activeElement?.closest(".chips");
  $("leave").hidden = false;
  if (!view.add(line, state, files)) return;
  if (focused && !focused.isConnected) $("text").focus();
  if (following) requestAnimationFrame(toEnd);
  else $("jump").hidden = false;
}

function notice(key, text = key ? say(key) : "") {
  $("notice").hidden = !text;
  $("notice").textContent = text;
}

// ---- sending

const outbox = new Outbox(
  (body, files) => (files.length ? postFiles(body, files) : postJson(body)).catch(renewed),
  (id, state, error) => view.mark(id, state, error),
);

function renewed(problem) {
  if (problem.status === 401) { newSession(problem); restart(); }
  throw problem;
}

/** Go on in a new session: the lines of the old one are gone, what was written and not taken stays and is sent. */
function newSession(refusal) {
  if (!forgetSession(refusal.token)) return;
  cursor = "0.0";
  outbox.drop((item) => item.body.button); // answers to questions that the new talk did not ask
  view.clear();
  stopReply();
  showWaiting();
  notice("", refusal.text);
}

async function showWaiting() {
  for (const item of outbox.items) show(line(item.body, item.at), "queued", await outbox.filesOf(item));
  if (!outbox.items.length) welcome();
}

const line = (body, at = new Date().toISOString()) => ({
  from: "citizen", text: body.text || "", at, buttons: [], files: [], location: body.location, id: body.id, ref: body.id, reply_to: body.reply_to,
});

function submit(content, files = []) {
  const body = { id: newId(), ...content };
  show(line(body), "sending", files);
  outbox.add(body, files);
  notice("");
}

function retry(body, files) {
  view.mark(body.id, "sending");
  outbox.add(body, files);
}

async function sendComposed() {
  const text = $("text").value.trim();
  if (!text && !tray.files.length) return;
  const files = await tray.take($("shrink").checked);
  if (!files) return notice("too_big");
  submit({ text, reply_to: replyTo }, files);
  $("text").value = "";
  fit();
  stopReply();
}

function startReply(ref, text) {
  replyTo = ref;
  $("replying").querySelector("q").textContent = text.slice(0, 80);
  $("replying").hidden = false;
  $("text").focus();
}

function stopReply() {
  replyTo = "";
  $("replying").hidden = true;
}

async function copy(number) {
  if (navigator.clipboard) await navigator.clipboard.writeText(number).catch(() => undefined);
  else copyTheOldWay(number);
  tell("copied");
}

function copyTheOldWay(text) { // pages without https have no clipboard
  const field = document.body.appendChild(element("textarea", { value: text, className: "hidden" }));
  field.select();
  document.execCommand("copy");
  field.remove();
}

/** Say something to screen readers only. */
function tell(key) {
  $("said").textContent = say(key);
  setTimeout(() => { $("said").textContent = ""; }, 3000);
}

function fit() {
  $("text").style.height = "auto";
  $("text").style.height = `${Math.min($("text").scrollHeight + 2, 144)}px`;
}

// ---- leaving

function askToLeave() {
  const numbers = view.numbers();
  $("leave-numbers").hidden = !numbers.length;
  $("leave-numbers").querySelector("span:last-child").replaceChildren(...numbers.flatMap((one) => [element("b", { text: one }), " "]));
  $("leave-unsent").hidden = !outbox.items.length && !$("text").value.trim();
  $("leaving").returnValue = "";
  $("leaving").showModal();
}

async function leave() {
  if ($("leaving").returnValue !== "leave") return;
  endSession().catch(() => undefined); // without network this device forgets all the same
  await forget();
}

/** Show an empty page, as to somebody who was never here. */
async function forget() {
  cursor = "0.0";
  await outbox.clear();
  view.clear();
  tray.clear();
  stopReply();
  $("text").value = "";
  fit();
  welcome();
  $("leave").hidden = true;
  notice("left");
  restart();
}

// ---- places

function locate() {
  if (!navigator.geolocation) return askPlace();
  tell("locating");
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => submit({ location: { lat: coords.latitude, lon: coords.longitude, accuracy: coords.accuracy || 0 } }),
    askPlace,
    { enableHighAccuracy: true, timeout: 15_000, maximumAge: 30_000 },
  );
}

function askPlace() {
  $("place").value = "";
  $("manual").returnValue = "";
  $("manual").showModal();
}

function takePlace() {
  const text = $("place").value.trim();
  if ($("manual").returnValue !== "send" || !text) return;
  const found = /^(-?\d{1,2}(?:\.\d+)?)\s*[,;\s]\s*(-?\d{1,3}(?:\.\d+)?)$/.exec(text);
  const [lat, lon] = found ? [Number(found[1]), Number(found[2])] : [];
  if (found && Math.abs(lat) <= 90 && Math.abs(lon) <= 180) submit({ location: { lat, lon } });
  else submit({ text });
}

// ---- receiving

let cursor = "0.0";
let tries = 0;
let streaming = true;
let connection = new AbortController();
let lonely = 0;
let wakeUp = () => undefined;

function take(events) {
  connected();
  for (const { line: arrived, cursor: next } of events) {
    show(arrived, arrived.from === "citizen" ? (arrived.state === "done" ? "delivered" : "sent") : "");
    cursor = next;
  }
}

function connected() {
  tries = 0;
  clearTimeout(lonely);
  lonely = 0;
  $("log").setAttribute("aria-busy", "false");
  $("banner").hidden = true;
  $("status").textContent = say("online");
  outbox.flush();
}

function disconnected() {
  $("status").textContent = say("connecting");
  lonely ||= setTimeout(() => { $("banner").textContent = say("offline"); $("banner").hidden = false; }, navigator.onLine ? LONELY : 0);
}

async function receive() {
  for (;;) {
    connection = new AbortController();
    try {
      await (streaming ? stream : longPoll)(cursor, take, connection.signal);
    } catch (problem) {
      if (problem instanceof Silence && tries === 0) streaming = false;
      if (problem instanceof Refused && problem.status === 401) newSession(problem);
      disconnected();
      await pause(problem.wait);
    }
  }
}

function pause(wait) {
  const seconds = Math.max(wait || 0, PAUSES[Math.min(tries++, PAUSES.length - 1)]);
  return new Promise((resolve) => {
    wakeUp = resolve;
    setTimeout(resolve, seconds * 1000 * (0.75 + Math.random() / 2));
  });
}

/** Connect anew at once: the network is back, the page is looked at again, or the session changed. */
function restart() {
  connection.abort();
  wakeUp();
  outbox.flush();
}

// ---- wiring

$("composer").addEventListener("submit", (event) => { event.preventDefault(); sendComposed(); });
$("text").addEventListener("input", fit);
$("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || touch) return;
  event.preventDefault();
  sendComposed();
});
$("attach").addEventListener("click", () => $("files").click());
$("files").addEventListener("change", () => {
  notice(tray.add($("files").files) ? "" : "too_many");
  $("files").value = "";
  $("text").focus();
});
$("locate").addEventListener("click", locate);
$("manual").addEventListener("close", takePlace);
$("leave").addEventListener("click", askToLeave);
$("leaving").addEventListener("close", leave);
addEventListener("storage", (event) => { // left in another tab: here, too
  if (event.key === LEFT && event.newValue) forget();
});
$("replying").querySelector("button").addEventListener("click", stopReply);
$("jump").addEventListener("click", toEnd);
$("log").addEventListener("scroll", () => { following = nearEnd(); if (following) $("jump").hidden = true; });
$("log").addEventListener("load", () => { if (following) toEnd(); }, true); // pictures take their room late
new ResizeObserver(() => { if (following) toEnd(); }).observe($("log"));
$("language").value = language;
$("language").addEventListener("change", () => {
  language = $("language").value;
  try { localStorage.setItem(LANGUAGE, language); } catch { /* private mode */ }
  translate();
});
if (window.parent !== window) { // shown in a frame by embed.js
  const close = () => parent.postMessage("kentongan:close", "*");
  $("close").hidden = false;
  $("close").addEventListener("click", close);
  addEventListener("keydown", (event) => { if (event.key === "Escape" && !$("manual").open) close(); });
}
addEventListener("online", restart);
addEventListener("offline", disconnected);
document.addEventListener("visibilitychange", () => { if (!document.hidden && tries) restart(); });

$("log").setAttribute("aria-busy", "true");
translate();
$("status").textContent = say("connecting");
await showWaiting();
receive();
