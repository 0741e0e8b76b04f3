// One message as a bubble, with its inline keyboard.
import { el, sizeOf, timeOf } from "./dom.js";
import { link, rendered, startCode } from "./entities.js";

export function bubble(message, viewer, acts) {
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) {
    return el("li", { className: "service" }, "群已升级为超级群");
  }
  const mine = message.from.id === viewer;
  const body = el("div", { className: "bubble" },
    message.chat.type !== "private" && !mine && el("div", { className: "sender" }, message.from.first_name),
    forwarded(message), replied(message), media(message),
    el("div", { className: "words" }, words(message, acts)),
    el("div", { className: "stamp" },
      message.edited && el("span", {}, "已编辑"),
      el("time", { dateTime: new Date(message.date * 1000).toISOString() }, timeOf(message.date))));
  return el("li", { className: mine ? "mine" : "theirs", dataset: { id: message.message_id } },
    el("div", { className: "line" }, body, more(message, acts)), keyboard(message, acts));
}

function words(message, acts) {
  if (message.text !== undefined) return rendered(message.text, message.entities, acts);
  return message.caption ? rendered(message.caption, message.caption_entities, acts) : [];
}

function forwarded(message) {
  const origin = message.forward_origin;
  if (!origin) return null;
  const name = origin.sender_user ? origin.sender_user.first_name : origin.sender_user_name || "";
  return el("div", { className: "forwarded" }, `转发自 ${name}`);
}

function replied(message) {
  const to = message.reply_to_message;
  if (!to) return null;
  const what = to.text || to.caption || (to.document ? "文件" : "附件");
  return el("div", { className: "quote" }, el("b", {}, to.from.first_name), el("span", {}, what));
}

function media(message) {
  if (message.photo) {
    const size = message.photo[message.photo.length - 1];
    const file = `/files/${encodeURIComponent(size.file_id)}`;
    return el("a", { className: "photo", href: file, target: "_blank", rel: "noopener", title: "看大图" },
      el("img", { src: file, alt: "照片", loading: "lazy", width: size.width, height: size.height }));
  }
  if (message.document) return fileLink(message.document, message.document.file_name || "文件");
  if (message.voice) return fileLink(message.voice, `语音 ${message.voice.duration} 秒`);
  if (message.location) {
    const { latitude, longitude } = message.location;
    return el("div", { className: "place" }, el("span", { className: "icon", ariaHidden: "true" }, "位"),
      el("span", {}, el("b", {}, "位置"), el("br"), `北纬 ${latitude.toFixed(5)}`, el("br"), `东经 ${longitude.toFixed(5)}`));
  }
  if (message.contact) {
    return el("div", { className: "place" }, el("span", { className: "icon", ariaHidden: "true" }, "电"),
      el("span", {}, el("b", {}, message.contact.first_name), el("br"), message.contact.phone_number));
  }
  return null;
}

function fileLink(file, name) {
  return el("a", { className: "file", href: `/files/${encodeURIComponent(file.file_id)}`, download: name },
    el("span", { className: "icon", ariaHidden: "true" }, "⬇"),
    el("span", {}, el("b", {}, name), el("br"), sizeOf(file.file_size || 0)));
}

function keyboard(message, acts) {
  if (!message.keyboard || !message.keyboard.length) return null;
  return el("div", { className: "keys", role: "group", ariaLabel: "消息按钮" }, message.keyboard.map((row) =>
    el("div", { className: "keyrow" }, row.map((key) => inlineKey(message, key, acts)))));
}

function inlineKey(message, key, acts) {
  const style = `key ${["primary", "success", "danger"].includes(key.style) ? key.style : ""}`;
  const url = key.url || (key.web_app && key.web_app.url);
  if (url && startCode(url, acts.bot) === null) {
    const node = link(url, [key.text, el("span", { ariaHidden: "true", className: "out" }, "↗")], acts);
    node.className = style;
    return node;
  }
  const press = () => {
    if (url) return acts.start(startCode(url, acts.bot));
    if (key.copy_text) return navigator.clipboard.writeText(key.copy_text.text);
    return acts.press(message.message_id, key.callback_data);
  };
  return el("button", { type: "button", className: style, onclick: press }, key.text);
}

function more(message, acts) {
  return el("button", { type: "button", className: "more", title: "更多", ariaLabel: "这条消息的更多操作",
    onclick: () => acts.more(message) }, "⋯");
}
