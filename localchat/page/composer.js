// The input of a chat: text, reply keyboard, command menu, attachments.
import { ask, base64Of, control, el } from "./dom.js";

const place = { latitude: "39.08420", longitude: "117.20090" };

export class Composer {
  constructor(column) {
    this.column = column;
    this.mode = null;
    this.signature = "";
    this.bar = el("div", { className: "mode", hidden: true });
    this.keys = el("div", { className: "replykeys", role: "group", ariaLabel: "快捷按钮" });
    this.menu = el("div", { className: "menu", hidden: true });
    this.input = el("textarea", { rows: 1, placeholder: "输入消息", ariaLabel: "输入消息", oninput: () => this.grow(),
      onkeydown: (event) => this.key(event) });
    this.picker = el("input", { type: "file", hidden: true, onchange: () => this.attach() });
    this.node = el("footer", {}, this.menu, this.bar, this.keys, el("div", { className: "inputrow" },
      this.tool("/", "命令", () => this.commands()), this.tool("＋", "附件", () => this.attachments()), this.picker,
      this.input, el("button", { type: "button", className: "send", ariaLabel: "发送", title: "发送（回车）",
        onclick: () => this.send() }, "发送")));
  }

  tool(sign, name, act) {
    return el("button", { type: "button", className: "tool", title: name, ariaLabel: name, onclick: act }, sign);
  }

  show(view) {
    this.view = view;
    const signature = JSON.stringify(view.keyboard);
    if (signature === this.signature) return;
    this.signature = signature;
    const board = view.keyboard;
    this.input.placeholder = (board && board.input_field_placeholder) || "输入消息";
    this.keys.replaceChildren(...((board && board.keyboard) || []).map((row) => el("div", { className: "keyrow" },
      row.map((key) => el("button", { type: "button", className: "key", onclick: () => this.replyKey(key) }, key.text)))));
  }

  replyKey(key) {
    if (key.request_location) return this.askPlace();
    if (key.request_contact) return this.askPhone();
    return this.column.say(key.text);
  }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, 180)}px`;
  }

  async send() {
    const text = this.input.value;
    if (!text.trim()) return;
    const mode = this.mode;
    const done = mode && mode.edit ? await this.column.edit(mode.edit, text) : await this.column.say(text, mode && mode.reply);
    if (!done) return;
    this.input.value = "";
    this.setMode(null);
    this.grow();
    this.input.focus();
  }

  setMode(mode, words = "") {
    this.mode = mode;
    this.bar.hidden = !mode;
    if (!mode) return;
    this.bar.replaceChildren(el("span", {}, mode.edit ? "修改：" : "回复：", words),
      el("button", { type: "button", ariaLabel: "取消", onclick: () => this.setMode(null) }, "×"));
    if (mode.edit) this.input.value = words;
    this.grow();
    this.input.focus();
  }

  openMenu(items) {
    const same = !this.menu.hidden && this.menu.dataset.first === String(items[0] && items[0][0]);
    this.menu.hidden = same;
    if (same) return;
    this.menu.dataset.first = String(items[0] && items[0][0]);
    this.menu.replaceChildren(...items.map(([name, hint, act]) => el("button", { type: "button", onclick: () => {
      this.menu.hidden = true;
      act();
    } }, el("b", {}, name), hint && el("span", {}, hint))));
    const first = this.menu.querySelector("button");
    if (first) first.focus();
  }

  commands() {
    const commands = (this.view && this.view.commands) || [];
    const items = commands.map((one) => [`/${one.command}`, one.description, () => this.column.say(`/${one.command}`)]);
    this.openMenu(items.length ? items : [["暂无命令", "机器人没有设置命令", () => this.input.focus()]]);
  }

  attachments() {
    this.openMenu([
      ["照片", "发送图片", () => this.pick("image/png,image/jpeg")],
      ["文件", "Word、Excel、PDF 等", () => this.pick("")],
      ["位置", "发送所在地点", () => this.askPlace()],
      ["电话", "发送联系电话", () => this.askPhone()],
    ]);
  }

  pick(accept) {
    this.picker.accept = accept;
    this.picker.value = "";
    this.picker.click();
  }

  async attach() {
    const file = this.picker.files[0];
    if (!file) return;
    const caption = this.input.value.trim();
    const data = await base64Of(file);
    const sent = this.picker.accept
      ? await this.column.act("post_photo", { data, caption })
      : await this.column.act("post_document", { filename: file.name, data, caption });
    if (sent && caption) {
      this.input.value = "";
      this.grow();
    }
  }

  askPlace() {
    this.form("发送位置", [["纬度", place.latitude], ["经度", place.longitude]], ([latitude, longitude]) =>
      this.column.act("post_location", { latitude: Number(latitude), longitude: Number(longitude) }));
  }

  askPhone() {
    this.form("发送电话", [["电话号码", "13800000000"]], ([phone]) => this.column.act("post_contact",
      { phone, name: this.column.name(), user_id: this.column.account }));
  }

  form(title, fields, done) {
    ask(title, (close) => {
      const inputs = fields.map(([, value]) => el("input", { value, required: true, inputMode: "decimal" }));
      const submit = (event) => {
        event.preventDefault();
        close();
        done(inputs.map((input) => input.value.trim()));
      };
      return [el("form", { onsubmit: submit }, fields.map(([name], i) => el("label", {}, name, inputs[i])),
        el("div", { className: "choices" }, el("button", { type: "button", onclick: close }, "取消"),
          el("button", { className: "main" }, "发送")))];
    });
  }
}

export async function chooseForward(people, message, done) {
  ask("转发给值班室机器人", (close) => {
    const select = el("select", { ariaLabel: "由谁转发" }, people.map((one) =>
      el("option", { value: one.id }, one.label ? `${one.name}（${one.label}）` : one.name)));
    const send = async () => {
      close();
      const id = Number(select.value);
      await control("forward", { account_id: id, from_chat_id: message.chat.id, message_id: message.message_id })
        .then(() => done(id), console.warn);
    };
    return [el("label", {}, "由谁转发", select), el("div", { className: "choices" },
      el("button", { type: "button", onclick: close }, "取消"),
      el("button", { type: "button", className: "main", onclick: send }, "转发"))];
  });
}
