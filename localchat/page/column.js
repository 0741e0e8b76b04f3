// One open chat: a person's private chat with the bot, or a group seen by one of its members.
import { ask, avatar, control, dayOf, el } from "./dom.js";
import { Composer, chooseForward } from "./composer.js";
import { bubble } from "./message.js";

export class Column {
  constructor(app, account, chat) {
    this.app = app;
    this.account = account;
    this.chat = chat;
    this.shown = new Map();
    this.pressed = new Set();
    this.early = new Map();
    this.list = el("ol", { className: "messages", ariaLive: "polite", ariaLabel: "消息" });
    this.scroll = el("div", { className: "scroll", tabIndex: 0, ariaLabel: "聊天记录" }, this.list);
    this.toastBox = el("div", { className: "toast", role: "status", hidden: true });
    this.typing = el("span", { className: "typing" });
    this.head = el("header");
    this.gate = el("div", { className: "gate", hidden: true });
    this.composer = new Composer(this);
    this.node = el("section", { className: "column", onfocusin: () => app.activate(this), onclick: () => app.activate(this) },
      this.head, this.scroll, this.toastBox, this.gate, this.composer.node);
    this.drawHead();
  }

  get key() {
    return this.chat === this.account ? `${this.account}` : `${this.account}@${this.chat}`;
  }

  person() {
    return this.app.person(this.account);
  }

  name() {
    const person = this.person();
    return person ? person.name : String(this.account);
  }

  drawHead() {
    const group = this.app.group(this.chat);
    const person = this.person() || { name: "", label: "" };
    const title = group ? group.title : person.name;
    this.node.setAttribute("aria-label", `${title}的聊天`);
    const under = group ? this.speakers(group) : el("span", {}, person.label || "人员", this.typing);
    this.head.replaceChildren(
      el("button", { type: "button", className: "back", ariaLabel: "返回名单", onclick: (event) => this.leave(event, () => this.app.back()) }, "‹"),
      avatar(title, this.chat), el("div", { className: "who" }, el("h2", {}, title), under),
      el("button", { type: "button", className: "plain", ariaLabel: "聊天设置", title: "聊天设置", onclick: () => this.settings() }, "⋮"),
      el("button", { type: "button", className: "plain close", ariaLabel: `关闭${title}的聊天`, title: "关闭", onclick: (event) => this.leave(event, () => this.app.close(this)) }, "×"));
    this.drawGate(person);
  }

  // Otherwise the click would go on to the column and open it again
  leave(event, act) {
    event.stopPropagation();
    act();
  }

  speakers(group) {
    const choose = (event) => this.app.replace(this, Number(event.target.value), this.chat);
    const options = group.members.map((id) => this.app.person(id)).filter(Boolean).map((one) =>
      el("option", { value: one.id, selected: one.id === this.account }, `以${one.name}的身份`));
    return el("select", { ariaLabel: "以谁的身份发言", onchange: choose }, options);
  }

  drawGate(person) {
    const closed = this.chat === this.account && (person.deactivated || person.blocked || !person.started);
    this.gate.hidden = !closed;
    this.composer.node.hidden = closed;
    if (!closed) return;
    if (person.deactivated) return void this.gate.replaceChildren(el("p", {}, "此账号已注销"));
    const text = person.blocked ? "已停用机器人，点此恢复" : "开始";
    const verb = person.blocked ? "unblock" : "start";
    this.gate.replaceChildren(el("button", { type: "button", className: "main", onclick: () => this.act(verb, {}, true) }, text));
  }

  settings() {
    const blocked = (this.person() || {}).blocked;
    ask("聊天设置", (close) => {
      const choice = (name, act) => el("button", { type: "button", onclick: () => {
        close();
        act();
      } }, name);
      return [el("div", { className: "column-choices" },
        this.chat === this.account && choice(blocked ? "恢复机器人" : "停用机器人（拉黑）", () => this.act(blocked ? "unblock" : "block", {}, true)),
        choice("按开始", () => this.start("")), choice("取消", () => {}))];
    });
  }

  async refresh() {
    try {
      const view = await control("view", { chat_id: this.chat });
      this.draw(view);
    } catch {
      this.toast("暂时读不到聊天记录");
    }
  }

  draw(view) {
    const atEnd = this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < 80 || !this.shown.size;
    const acts = this.acts();
    const kept = new Map();
    const nodes = [];
    let day = "";
    for (const message of view.messages) {
      const its = dayOf(message.date);
      if (its !== day) nodes.push(this.reuse(kept, `day ${its}`, "", () => el("li", { className: "day" }, its)));
      day = its;
      nodes.push(this.reuse(kept, message.message_id, JSON.stringify(message), () => bubble(message, this.account, acts)));
    }
    this.shown = kept;
    if (!nodes.length) nodes.push(el("li", { className: "service" }, "还没有消息"));
    this.place(nodes);
    this.composer.show(view);
    const last = view.messages[view.messages.length - 1];
    if (last) this.app.markSeen(this.chat, last.message_id);
    if (atEnd) this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  // Moves only what changed, so that focus and text selection survive a refresh.
  place(nodes) {
    nodes.forEach((node, i) => {
      if (this.list.children[i] !== node) this.list.insertBefore(node, this.list.children[i] || null);
    });
    while (this.list.children.length > nodes.length) this.list.lastChild.remove();
  }

  reuse(kept, key, signature, build) {
    const old = this.shown.get(key);
    const entry = old && old.signature === signature ? old : { signature, node: build() };
    kept.set(key, entry);
    return entry.node;
  }

  acts() {
    return {
      bot: this.app.bot.username,
      say: (text) => this.say(text),
      start: (code) => this.start(code),
      press: (id, data) => this.press(id, data),
      more: (message) => this.more(message),
    };
  }

  async act(verb, args, bare = false) {
    const where = bare || this.chat === this.account ? {} : { chat_id: this.chat };
    try {
      return (await control(verb, { account_id: this.account, ...where, ...args })) || true;
    } catch (error) {
      console.warn(error);
      this.toast(verb === "press" ? "这个按钮已经失效" : "没有成功，请稍后再试");
      return null;
    }
  }

  say(text, replyTo) {
    return this.act("post", replyTo ? { text, reply_to: replyTo } : { text });
  }

  edit(id, text) {
    return this.act("edit", { message_id: id, text });
  }

  start(code) {
    return this.act("start", { payload: code }, true);
  }

  async press(id, data) {
    const query = await this.act("press", { message_id: id, button: data });
    if (!query) return;
    this.pressed.add(query);
    if (this.early.has(query)) this.answered(this.early.get(query));
  }

  answered(event) {
    if (!this.pressed.delete(event.query_id)) {
      this.early.set(event.query_id, event);
      return;
    }
    this.early.delete(event.query_id);
    if (!event.text) return;
    if (!event.show_alert) return void this.toast(event.text);
    ask("值班室", (close) => [el("p", { className: "alert" }, event.text),
      el("div", { className: "choices" }, el("button", { type: "button", className: "main", onclick: close }, "知道了"))]);
  }

  toast(text) {
    this.toastBox.textContent = text;
    this.toastBox.hidden = false;
    clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { this.toastBox.hidden = true; }, 4000);
  }

  working() {
    this.typing.textContent = " · 机器人正在处理…";
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => { this.typing.textContent = ""; }, 5000);
  }

  more(message) {
    const mine = message.from.id === this.account;
    const text = message.text || message.caption || "";
    ask("这条消息", (close) => {
      const choice = (name, act) => el("button", { type: "button", onclick: () => {
        close();
        act();
      } }, name);
      return [el("div", { className: "column-choices" },
        choice("回复", () => this.composer.setMode({ reply: message.message_id }, text.slice(0, 60))),
        choice("转发", () => chooseForward(this.app.people, message, (id) => this.app.open(id, id, true))),
        text && choice("复制文字", () => navigator.clipboard.writeText(text)),
        mine && text && choice("修改", () => this.composer.setMode({ edit: message.message_id }, text)),
        (mine || this.chat > 0) && choice("删除", () => this.act("delete_message", { message_id: message.message_id })),
        choice("取消", () => {}))];
    });
  }
}
