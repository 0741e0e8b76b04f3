// The page: the list of people, the open chats, live events.
import { avatar, control, gathered, el } from "./dom.js";
import { Column } from "./column.js";

const order = ["值班员", "带班领导", "村 A角", "村 B角", "网格员", "信息报告员", "上级", "管理员"];
const most = 4;
const narrow = matchMedia("(max-width: 719px)");

class App {
  constructor() {
    this.people = [];
    this.groups = [];
    this.bot = { username: "" };
    this.columns = [];
    this.active = null;
    this.seen = JSON.parse(localStorage.getItem("seen") || "{}");
    this.list = document.getElementById("list");
    this.host = document.getElementById("columns");
    this.search = document.getElementById("search");
    this.search.addEventListener("input", () => this.drawList());
    this.soon = gathered(() => this.load(), 150);
    this.dirty = new Set();
    this.flush = gathered(() => this.refreshDirty(), 30);
    addEventListener("hashchange", () => this.fromHash());
    narrow.addEventListener("change", () => this.layout());
  }

  person(id) {
    return this.people.find((one) => one.id === id);
  }

  group(id) {
    return this.groups.find((one) => one.id === id);
  }

  async load() {
    const { people, groups, bot } = await control("overview");
    Object.assign(this, { people, groups, bot });
    this.columns.forEach((column) => column.drawHead());
    this.drawList();
  }

  async begin() {
    await this.load();
    this.listen();
    this.fromHash();
    if (!this.columns.length && !narrow.matches && this.people.length) this.open(this.people[0].id, this.people[0].id);
    this.layout();
  }

  listen() {
    const stream = new EventSource("/events");
    const offline = document.getElementById("offline");
    stream.onerror = () => { offline.hidden = false; };
    stream.onopen = () => {
      // Otherwise what happened before the stream was open, or while it was lost, would stay unseen
      offline.hidden = true;
      this.soon();
      this.columns.forEach((column) => column.refresh());
    };
    stream.onmessage = (event) => this.heard(JSON.parse(event.data));
  }

  heard(event) {
    if (event.kind === "answer") {
      this.columns.filter((one) => one.account === event.account_id).forEach((one) => one.answered(event));
    } else if (event.kind === "action") {
      this.columns.filter((one) => one.chat === event.chat_id).forEach((one) => one.working());
    } else if (event.kind === "commands") {
      this.columns.forEach((one) => this.dirty.add(one.chat));
      this.flush();
    } else {
      this.dirty.add(event.chat_id);
      this.flush();
      this.soon();
    }
  }

  refreshDirty() {
    this.columns.filter((one) => this.dirty.has(one.chat)).forEach((one) => one.refresh());
    this.dirty.clear();
  }

  fromHash() {
    const wanted = location.hash.slice(1).split(",").filter((part) => /^\d+(@-?\d+)?$/.test(part)).slice(0, most);
    const pairs = wanted.map((part) => part.split("@").map(Number)).map(([id, chat]) => [id, chat || id])
      .filter(([id, chat]) => this.person(id) && (chat === id || this.group(chat)));
    if (!pairs.length || pairs.map(([id, chat]) => (chat === id ? `${id}` : `${id}@${chat}`)).join() === this.keys()) return;
    this.columns = pairs.map(([id, chat]) => this.columns.find((one) => one.account === id && one.chat === chat) || this.make(id, chat));
    [this.active] = this.columns;
    this.layout();
  }

  keys() {
    return this.columns.map((one) => one.key).join();
  }

  make(account, chat) {
    const column = new Column(this, account, chat);
    column.refresh();
    return column;
  }

  room() {
    return narrow.matches ? 1 : Math.max(1, Math.min(most, Math.floor((innerWidth - 300) / 320)));
  }

  open(account, chat, beside = false) {
    const there = this.columns.find((one) => one.chat === chat);
    if (there) return this.activate(there, true);
    const column = this.make(account, chat);
    if ((beside || !this.columns.length) && (narrow.matches ? most : this.room()) > this.columns.length) this.columns.push(column);
    else this.columns[Math.max(0, this.columns.indexOf(this.active))] = column;
    return this.activate(column, true);
  }

  replace(old, account, chat) {
    const column = this.make(account, chat);
    this.columns[this.columns.indexOf(old)] = column;
    this.activate(column, true);
  }

  close(column) {
    this.columns = this.columns.filter((one) => one !== column);
    if (this.active === column) this.active = this.columns[0] || null;
    this.layout();
  }

  activate(column, show = false) {
    if ((this.active === column && !show) || !this.columns.includes(column)) return;
    this.active = column;
    this.layout();
  }

  back() {
    this.active = null;
    this.layout();
  }

  layout() {
    const shown = narrow.matches ? this.columns.filter((one) => one === this.active) : this.columns;
    document.body.classList.toggle("chatting", narrow.matches && shown.length > 0);
    this.host.classList.toggle("many", shown.length > 1);
    const empty = el("p", { className: "empty" }, "从左边选一个人，打开聊天");
    const wanted = shown.length ? shown.map((one) => one.node) : [empty];
    if (narrow.matches && this.columns.length > 1 && shown.length) wanted.unshift(this.switcher());
    if (wanted.length !== this.host.children.length || wanted.some((node, i) => node !== this.host.children[i])) {
      this.host.replaceChildren(...wanted);
      shown.forEach((one) => { one.scroll.scrollTop = one.scroll.scrollHeight; });
    }
    this.columns.forEach((one) => one.node.classList.toggle("active", one === this.active));
    const hash = `#${this.keys()}`;
    if (this.columns.length && location.hash !== hash) history.replaceState(null, "", hash);
    this.drawList();
  }

  switcher() {
    return el("nav", { className: "switcher", ariaLabel: "已打开的聊天" }, this.columns.map((one) =>
      el("button", { type: "button", ariaCurrent: one === this.active ? "true" : undefined,
        onclick: () => this.activate(one, true) }, this.group(one.chat) ? this.group(one.chat).title : one.name())));
  }

  markSeen(chat, id) {
    if ((this.seen[chat] || 0) === id) return;
    this.seen[chat] = id;
    localStorage.setItem("seen", JSON.stringify(this.seen));
    this.drawList();
  }

  drawList() {
    const needle = this.search.value.trim();
    const fits = (one) => !needle || [one.name, one.title, one.label, String(one.id)].some((s) => s && s.includes(needle));
    const labels = [...new Set(this.people.map((one) => one.label || "其他人员"))]
      .sort((a, b) => rank(a) - rank(b));
    const sections = labels.map((label) => [label, this.people.filter((one) => (one.label || "其他人员") === label && fits(one))]);
    sections.push(["群", this.groups.filter(fits)]);
    const focused = document.activeElement && document.activeElement.dataset.row;
    this.list.replaceChildren(...sections.filter(([, rows]) => rows.length).map(([label, rows]) =>
      el("section", {}, el("h2", {}, label, el("span", {}, String(rows.length))), rows.map((one) => this.row(one)))));
    if (!this.list.children.length) this.list.append(el("p", { className: "empty" }, "没有找到"));
    const again = focused && this.list.querySelector(`[data-row="${focused}"]`);
    if (again) again.focus();
  }

  row(one) {
    const name = one.name || one.title;
    const account = one.title ? (one.members || [])[0] : one.id;
    const unread = one.heard.filter((id) => id > (this.seen[one.id] || 0)).length;
    const isOpen = this.columns.some((column) => column.chat === one.id);
    const state = one.blocked ? "已停用机器人" : one.deactivated ? "已注销" : one.started === false ? "未开始" : one.last;
    return el("div", { className: `row${isOpen ? " open" : ""}` },
      el("button", { type: "button", className: "pick", dataset: { row: String(one.id) }, onclick: () => account && this.open(account, one.id) },
        avatar(name, one.id), el("span", { className: "who" }, el("b", {}, name), el("span", { className: "last" }, state || "")),
        unread > 0 && el("span", { className: "badge", ariaLabel: `${unread} 条未读` }, unread > 98 ? "99+" : String(unread))),
      !isOpen && el("button", { type: "button", className: "beside", title: "并排打开", ariaLabel: `并排打开${name}`,
        onclick: () => account && this.open(account, one.id, true) }, "＋"));
  }
}

function rank(label) {
  const at = order.findIndex((one) => label.startsWith(one));
  return at < 0 ? order.length : at;
}

new App().begin();
