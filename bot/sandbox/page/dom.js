// Small helpers to build the page. Text always goes in as text, never as HTML.

export function el(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "data") Object.assign(node.dataset, value);
    else if (name in node && name !== "list") node[name] = value;
    else node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const HUES = [18, 150, 205, 265, 330, 45, 180, 95];

export function avatar(name, id, extra = "") {
  const initials = name.split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? "").join("").toUpperCase();
  const node = el("span", { class: `avatar ${extra}`, "aria-hidden": "true" }, initials);
  node.style.setProperty("--hue", hue(id));
  return node;
}

export function hue(id) {
  return HUES[Math.abs(Number(String(id).slice(-6))) % HUES.length];
}

export function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString("id-ID", { hour: "2-digit", minute: "2-digit" });
}

export function day(seconds) {
  const options = { weekday: "long", day: "numeric", month: "long" };
  return new Date(seconds * 1000).toLocaleDateString("id-ID", options);
}

export function toast(place, text) {
  const node = el("div", { class: "toast", role: "status" }, text);
  place.append(node);
  setTimeout(() => node.remove(), 4000);
}

// Asks with a small form; resolves with its values, or null when closed.
export function ask(title, fields, confirm = "Simpan") {
  return new Promise((resolve) => {
    const rows = fields.map((field) => row(field));
    const form = el("form", { method: "dialog" }, el("h2", {}, title), rows,
      el("div", { class: "dialog-buttons" },
        el("button", { type: "button", onclick: () => dialog.close() }, "Batal"),
        el("button", { type: "submit", class: "primary" }, confirm)));
    const dialog = el("dialog", {}, form);
    let values = null;
    form.addEventListener("submit", () => {
      values = Object.fromEntries(new FormData(form));
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(values);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

function row(field) {
  if (field instanceof Node) return field;
  const shared = { name: field.name, required: field.required ?? true, autocomplete: "off" };
  if (field.options) {
    const options = field.options.map(([value, label]) => el("option", { value }, label));
    return el("label", {}, field.label, el("select", shared, options));
  }
  if (field.lines) return el("label", {}, field.label, el("textarea", { ...shared, rows: field.lines }));
  const type = field.type ?? "text";
  const input = el("input", { ...shared, type, value: field.value ?? "", step: type === "number" ? "any" : null });
  return el("label", {}, field.label, input);
}

export function tell(title, text) {
  const dialog = el("dialog", {}, el("form", { method: "dialog" }, el("h2", {}, title), el("p", {}, text),
    el("div", { class: "dialog-buttons" }, el("button", { class: "primary" }, "Oke"))));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
