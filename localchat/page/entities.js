// Text with Bot API entities as DOM nodes; offsets count UTF-16 units, as JavaScript strings do.
import { el } from "./dom.js";

const tags = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote", spoiler: "span",
};

export function rendered(text, entities, acts) {
  const ordered = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return pieces(text, 0, text.length, ordered, acts);
}

function pieces(text, from, to, entities, acts) {
  const nodes = [];
  let at = from;
  for (let i = 0; i < entities.length; i += 1) {
    const entity = entities[i];
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < at || end <= entity.offset) continue;
    if (entity.offset > at) nodes.push(text.slice(at, entity.offset));
    const inside = entities.slice(i + 1).filter((e) => e.offset < end && e.offset + e.length <= end);
    nodes.push(wrapped(entity, text.slice(entity.offset, end), pieces(text, entity.offset, end, inside, acts), acts));
    at = end;
    // A quotation ends its line by itself
    if (entity.type.endsWith("blockquote") && text[at] === "\n") at += 1;
  }
  if (at < to) nodes.push(text.slice(at, to));
  return nodes;
}

function wrapped(entity, words, children, acts) {
  if (entity.type === "text_link") return link(entity.url, children, acts);
  if (entity.type === "url") return link(/^https?:/i.test(words) ? words : `https://${words}`, children, acts);
  if (entity.type === "bot_command") {
    return el("a", { href: "#", onclick: instead(() => acts.say(words)) }, children);
  }
  if (entity.type === "spoiler") {
    const open = (event) => event.currentTarget.classList.add("open");
    return el("button", { type: "button", className: "spoiler", title: "点击查看", onclick: open }, children);
  }
  if (entity.type === "expandable_blockquote") {
    const toggle = (event) => event.currentTarget.parentNode.classList.toggle("open");
    return el("blockquote", { className: "long" }, el("div", {}, children),
      el("button", { type: "button", className: "unfold", onclick: toggle }));
  }
  const tag = tags[entity.type];
  return tag ? el(tag, {}, children) : el("span", { className: "mention" }, children);
}

// A link of the bot's own start code starts the current person; anything but http is shown, not followed.
export function link(url, children, acts) {
  const code = startCode(url, acts.bot);
  if (code !== null) {
    return el("a", { href: url, onclick: instead(() => acts.start(code)) }, children);
  }
  if (!/^https?:\/\//i.test(url)) return el("span", { className: "mention", title: url }, children);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, children);
}

function instead(act) {
  return (event) => {
    event.preventDefault();
    act();
  };
}

export function startCode(url, bot) {
  const match = /^(?:https?:\/\/)?t\.me\/(\w+)(?:\?start=([\w-]*))?$/i.exec(url) ||
    /^tg:\/\/resolve\?domain=(\w+)(?:&start=([\w-]*))?$/i.exec(url);
  return match && match[1].toLowerCase() === bot.toLowerCase() ? match[2] || "" : null;
}
