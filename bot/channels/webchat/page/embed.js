// Puts the chat on a page of others, by one script tag with the address of this file.
// Optional: data-language="jv", data-label="Wadul", data-color="#0b5d4e".

(() => {
  const script = document.currentScript;
  const own = new URL(script.src).origin;
  const texts = {
    id: ["Lapor", "Obrolan laporan warga"],
    jv: ["Wadul", "Obrolan lapuran warga"],
    en: ["Report", "Citizen report chat"],
  };
  const [label, title] = texts[(script.dataset.language || "id").slice(0, 2)] || texts.id;
  const color = script.dataset.color || "#0b5d4e";

  // Styles are set one by one: a style element would be stopped by the page's content policy, and `all`
  // keeps the page's own rules for buttons and frames off ours.
  const styled = (element, style) => Object.assign(element.style, { all: "initial", position: "fixed", zIndex: "2147483000" }, style);

  const button = styledButton();
  let frame = null;

  function styledButton() {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = `💬 ${script.dataset.label || label}`;
    made.setAttribute("aria-expanded", "false");
    made.setAttribute("aria-haspopup", "dialog");
    styled(made, {
      right: "16px", bottom: "16px", minHeight: "48px", padding: "0 20px", borderRadius: "24px", cursor: "pointer",
      background: color, color: "#fff", font: "600 17px/48px system-ui, sans-serif", boxShadow: "0 2px 10px #0006",
    });
    made.addEventListener("focus", () => { made.style.outline = "3px solid #000"; made.style.outlineOffset = "2px"; });
    made.addEventListener("blur", () => { made.style.outline = ""; });
    made.addEventListener("click", () => (frame && !frame.hidden ? close() : open()));
    return made;
  }

  function open() {
    frame ||= made();
    fit();
    frame.hidden = false;
    frame.style.display = "block";
    button.setAttribute("aria-expanded", "true");
    frame.focus();
  }

  function close() {
    if (!frame) return;
    frame.hidden = true;
    frame.style.display = "none";
    button.setAttribute("aria-expanded", "false");
    button.focus();
  }

  function made() {
    const chat = document.createElement("iframe");
    chat.src = `${own}/chat`;
    chat.title = title;
    chat.allow = "geolocation; clipboard-write";
    document.body.append(chat);
    return chat;
  }

  function fit() {
    const phone = innerWidth < 480 || innerHeight < 560;
    styled(frame, phone
      ? { inset: "0", width: "100%", height: "100%", border: "0", background: "#fff" }
      : { right: "16px", bottom: "76px", width: "390px", height: `${Math.min(640, innerHeight - 96)}px`,
          border: "1px solid #8886", borderRadius: "12px", boxShadow: "0 6px 30px #0006", background: "#fff" });
  }

  addEventListener("resize", () => { if (frame && !frame.hidden) fit(); });
  addEventListener("message", (event) => {
    if (event.source === frame?.contentWindow && event.origin === own && event.data === "kentongan:close") close();
  });
  const put = () => document.body.append(button);
  if (document.body) put();
  else addEventListener("DOMContentLoaded", put);
})();
