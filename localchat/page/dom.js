// Small helpers: elements are built by code only, so that no text of a user is ever read as HTML.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "dataset") Object.assign(node.dataset, value);
    else if (/^aria[A-Z]/.test(name)) node.setAttribute(`aria-${name.slice(4).toLowerCase()}`, value);
    else if (name in node) node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export async function control(verb, args = {}) {
  const response = await fetch(`/control/${verb}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(args),
  });
  const reply = await response.json();
  if (!reply.ok) throw new Error(reply.error);
  return reply.result;
}

const zone = "Asia/Shanghai";
const clock = new Intl.DateTimeFormat("zh-CN", { timeZone: zone, hour: "2-digit", minute: "2-digit", hour12: false });
const day = new Intl.DateTimeFormat("zh-CN", { timeZone: zone, month: "long", day: "numeric", weekday: "short" });

export const timeOf = (seconds) => clock.format(new Date(seconds * 1000));
export const dayOf = (seconds) => day.format(new Date(seconds * 1000));

// Runs `act` once for all calls within the time, and never later than that, however many come.
export function gathered(act, milliseconds) {
  let timer = 0;
  return () => {
    timer = timer || setTimeout(() => {
      timer = 0;
      act();
    }, milliseconds);
  };
}

export function base64Of(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",", 2)[1] || "");
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

export function sizeOf(bytes) {
  if (bytes < 1024) return `${bytes} 字节`;
  return bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(1)} MB`;
}

const tints = ["#176b6b", "#2f5d9b", "#7a4f9a", "#9a5a2b", "#4d6f2a", "#a0445a"];

export function avatar(name, id) {
  const tint = tints[Math.abs(id) % tints.length];
  const node = el("span", { className: "avatar", ariaHidden: "true" }, [...name].slice(-1)[0] || "?");
  node.style.background = tint;
  return node;
}

// Opens the one dialog with a title and content; `build(close)` returns its children.
export function ask(title, build) {
  const dialog = document.getElementById("dialog");
  const close = () => dialog.close();
  dialog.replaceChildren(el("h2", { id: "dialog-title" }, title), ...build(close));
  dialog.showModal();
}
