"""What people do: answer, late, twice, wrongly, never; press old buttons and others' buttons; block, swap, hand over."""

import random
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from .gateways import LINK, PHONES
from .groups import ANSWERED, GROUP, OTHER, TALK
from .model import Model, local
from .shifts import COLUMN, FIRST, FITS, Offer, Sheet, Turn
from .staff import FILE
from .world import Person, Street, World, people_rows

HAZARDS = ("暴雨", "大风", "雷电", "高温")
COLOURS = "蓝黄橙红"
HAPPENED = (
    ("海棠里{n}号楼着火", "{k}人受伤"),
    ("柳湾小区{n}号楼燃气泄漏", "没人受伤"),
    ("福安里{n}号楼电梯困人", "{k}人被困"),
    ("沿河路{n}号门口路面积水", "没人受伤"),
    ("东柳村{n}号院墙倒塌", "情况不明"),
)
NONSENSE = (
    *(
        "在吗",
        "值班",
        "👍",
        "同上",
        "收到 W99",
        "终报 E1 完了",
        "下发 W1",
        "签发 E1",
        "强制交接",
        "帮助",
        "1",
    ),
    *("已传达", "收到", "电话已叫应 W1", "结束预警 W1", "设置 callout.red.remind 9m 试试", "接班", "交班 H1"),
)


class People:
    """Everybody of a street, with hands."""

    def __init__(self, world: World, model: Model) -> None:
        self.world, self.model = world, model
        self.count = 0
        self.dice = random.Random(0)

    async def do(self, kind: str, luck: int) -> None:
        """Let one thing happen; what exactly is in the luck and in what people see at this moment."""
        self.dice = random.Random(luck)
        act: Callable[[], Awaitable[None]] = getattr(self, kind)
        await act()

    # --- hands ----------------------------------------------------------------------------------------------

    def _type(self, who: Person, text: str, about: str = "") -> bool:
        if not who.account or not self.world.types(who.account, text):
            return False
        self.model.does(who.account, text, about)
        self.model.typed(who.account, text)
        return True

    def _press(self, who: Person, word: str) -> bool:
        """Press the newest button whose word begins so."""
        button = self.world.newest(who.account, word)
        if button is None:
            return False
        number, said, data, about = button
        self.model.does(who.account, said, about)
        return self.world.presses(who.account, number, data)

    def _holder(self) -> Person:
        return self._named(self.model.holder)

    def _some(self, role: str) -> Person:
        return self.dice.choice(self.world.street.named(role))

    # --- warnings ----------------------------------------------------------------------------------------

    async def warn(self) -> None:
        """The officer pastes a bulletin, and mostly dispatches it."""
        officer = self._holder()
        hazard, colour = self.dice.choice(HAZARDS[:2]), self.dice.choice(COLOURS)
        known = [c for c in self.model.calls.values() if c.hazard == hazard and not c.cancel]
        action = self.dice.choice(("new", "up", "down", "cancel", "go on")) if known else "new"
        at = local(self.world.t - self.dice.choice((0, 60, 600, 2400)))
        old = known[-1].colour if known else "蓝"
        words = {
            "new": f"发布{hazard}{colour}色预警信号",
            "up": f"将{hazard}{old}色预警信号升级为{hazard}{colour}色预警信号",
            "down": f"将{hazard}{old}色预警信号降级为{hazard}{colour}色预警信号",
            "go on": f"继续发布{hazard}{old}色预警信号",
            "cancel": f"解除{hazard}{old}色预警信号",
        }[action]
        colour = old if action in ("go on", "cancel") else colour
        self.count += 1
        text = f"天津市气象台于{at:%Y年%m月%d日%H时%M分}{words}：预计未来{self.count + 2}小时我市有影响，请注意防范。"
        if self.world.types(officer.account, text):
            self.model.pastes(
                officer.account, text, colour, hazard, cancel=action == "cancel", follows=action != "new"
            )
        await self.world.settle()
        self.model.look()
        if self.dice.random() < 0.3:
            await self._meddle([*self.model.calls][-1:], ("下发", "取消", "结束预警"))
        if self.dice.random() < 0.85:
            self._press(officer, "下发")
            if self.dice.random() < 0.1:
                self._press(officer, "下发")

    async def answers(self) -> None:
        """Some of those who are asked answer."""
        contacts = [p for p in self.world.street.named("责任人") if p.account]
        for who in self.dice.sample(contacts, min(len(contacts), self.dice.randint(1, 6))):
            how = self.dice.choice(
                ("press", "press", "press", "text", "pass", "twice", "wrong", "bare", "cannot")
            )
            number = self.dice.choice([*self.model.calls, "W99"])
            if how in ("press", "twice"):
                for _ in range(1 + (how == "twice")):
                    self._press(who, "收到")
            elif how == "text":
                self._type(who, f"收到 {number}")
            elif how == "pass":
                self._press(who, "已传达") or self._type(who, f"已传达 {number} 广播 120户")
            elif how == "cannot":
                self._type(who, f"无法传达 {number} 停电")
            else:
                self._type(who, self.dice.choice(("收到", "好的", "知道了 W1", "收到 W99", "已传达")))

    async def phone(self) -> None:
        """The officer works on the call list."""
        officer = self._holder()
        self._press(officer, self.dice.choice(("电话已叫应", "未叫通", "我来打下一个", "结束预警")))

    # --- incidents -----------------------------------------------------------------------------------------

    async def report(self) -> None:
        """The officer or a reporter types a first report."""
        what, hurt = self.dice.choice(HAPPENED)
        self.count += 1
        words = (
            what.format(n=self.count + 10) + "，" + hurt.format(k=self.dice.randint(1, 9)) + "，已通知消防"
        )
        who = self._holder() if self.dice.random() < 0.7 else self._some("信息报告员")
        if self.world.types(who.account, f"首报 {words}"):
            self.model.reports(who.account, f"首报 {words}")
        if self.dice.random() < 0.4:
            await self.world.settle()
            self.model.look()
            await self._meddle([*self.model.cases][-1:], ("发送", "签发", "已电话报告", "无变化", "取消"))

    async def _meddle(self, numbers: list[str], acts: Sequence[str]) -> None:
        """Somebody whose it is not does what the officer or the leader is about to do."""
        others = [
            *self.world.street.named("责任人"),
            *self.world.street.named("信息报告员"),
            *self.world.street.named("管理员"),
        ]
        if numbers:
            self._type(self.dice.choice(others), f"{self.dice.choice(acts)} {numbers[0]}")
            await self.world.settle()

    async def send(self) -> None:
        """The officer sends the newest report, and has other things to do afterwards."""
        self._press(self._holder(), "发送")

    async def work(self) -> None:
        """The officer goes on with an incident, in whatever order."""
        officer = self._holder()
        number = self.dice.choice([*self.model.cases, "E1"])
        match self.dice.choice(("send", "send", "phone", "follow", "same", "take", "final")):
            case "send":
                self._press(officer, "发送")
            case "phone":
                self._press(officer, "已电话报告") or self._type(officer, f"已电话报告 {number} 王科长")
            case "follow":
                self._type(officer, f"续报 {number} 现场情况稳定，{self.dice.randint(1, 9)}人受伤")
            case "same":
                self._press(officer, "无变化")
            case "take":
                self._press(officer, "首报")
            case "final":
                self._type(officer, f"终报 {number} 处置完毕，无人死亡")

    async def wind_up(self) -> None:
        """The officer brings what is open to its end."""
        officer = self._holder()
        for number in sorted(self.model.cases):
            for word in ("已电话报告", "发送", "终报", "发送"):
                text = f"{word} {number}" + " 处置完毕，无人死亡" * (word == "终报")
                self._type(officer, text)
                await self.world.settle()
                self._press(officer, "发送")
                await self.world.settle()

    async def reopen(self) -> None:
        """The officer opens again what has ended, and goes on with it."""
        done = [number for number, case in sorted(self.model.cases.items()) if case.done]
        if done:
            number = self.dice.choice(done)
            self._type(self._holder(), f"重开 {number} 余火复燃")
            self.model.reopens(number)

    async def join(self) -> None:
        """The officer joins one event to another, perhaps one of an exercise to a real one, or takes it back."""
        numbers = sorted(self.model.cases)
        if len(numbers) > 1:
            one, other = self.dice.sample(numbers, 2)
            self._type(self._holder(), f"并入 {one} {other}")
            await self.world.settle()
            if self.dice.random() < 0.5:
                self._press(self._holder(), "发送")

    async def relate(self) -> None:
        """The officer says to which warning some events belong."""
        for number in sorted(self.model.cases):
            if self.model.calls and self.dice.random() < 0.6:
                warning = self.dice.choice(sorted(self.model.calls))
                self._type(self._holder(), f"关联 {number} {warning}", "关联")
                await self.world.settle()

    async def sign(self) -> None:
        """A leader signs or sends back; the superior confirms."""
        if self.dice.random() < 0.6:
            leader = self._some("带班领导")
            self._press(leader, "签发") or self._type(
                leader, f"签发 {self.dice.choice([*self.model.cases, 'E1'])}"
            )
        else:
            self._press(self._some("上级值班室"), "收到")

    # --- mischief --------------------------------------------------------------------------------------------

    async def mistypes(self) -> None:
        """Somebody types what is nonsense, or is another's to say."""
        self._type(self.dice.choice(self.world.street.people), self.dice.choice(NONSENSE))

    async def stale(self) -> None:
        """Somebody presses an old button of theirs."""
        who = self.dice.choice([p for p in self.world.street.people if p.account])
        buttons = [b for b in self.world.buttons(who.account) if not b[1].startswith(("接班", "交班"))]
        if buttons:
            number, word, data, about = self.dice.choice(buttons)
            self.model.does(who.account, word, about)
            self.world.presses(who.account, number, data)

    async def forge(self) -> None:
        """Somebody sends the data of another's button from a message of their own."""
        who, other = self.dice.sample([p for p in self.world.street.people if p.account], 2)
        theirs, mine = self.world.buttons(other.account), list(self.world.api.chats.get(who.account, {}))
        if theirs and mine and who.account != other.account:
            self.model.deeds[who.account] += 1
            self.world.presses(who.account, mine[-1], self.dice.choice(theirs)[2])

    async def block(self) -> None:
        """Somebody blocks the bot, mostly a contact."""
        who = self._some(self.dice.choice(("责任人", "责任人", "责任人", "值班员", "带班领导")))
        if who.account:
            self.model.blocked.add(who.account)
            self.world.api.block(who.account)

    async def unblock(self) -> None:
        """Whoever had blocked the bot writes to it again."""
        for account in sorted(self.model.blocked):
            self.world.api.start(account)
            self.model.deeds[account] += 1
        self.model.blocked.clear()

    # --- the admin, and the roster --------------------------------------------------------------------------

    def _named(self, name: str) -> Person:
        return self.world.street.known(name)

    async def swap(self) -> None:
        """Tomorrow's officer asks another to take the shift; both answers may stay away."""
        turn = self.model.shifts.turn("officer", 1)
        shift, asker, other = self.model.shifts.number(turn), self._named(turn.newest), self._some("值班员")
        if shift is None or other.name == asker.name or self.world.t > 22 * 3600:
            return
        self.model.shifts.offers.append(Offer(turn, other.name))
        self._type(asker, f"调班 S{shift} {other.name}", "S")
        await self.world.settle()
        for who in (other, *self.world.street.named("带班领导")):
            if self.dice.random() < 0.85:
                self._press(who, "同意")
                await self.world.settle()

    async def cover(self) -> None:
        """Somebody steps in for today or tomorrow, as people say it; a leader answers after the fact."""
        await self._steps_in(self.dice.choice([t for t in self.model.shifts.turns if t.post != "deputy"]))

    async def cover_deputy(self) -> None:
        """A deputy steps in for another, today or tomorrow."""
        await self._steps_in(self.dice.choice([t for t in self.model.shifts.turns if t.post == "deputy"]))

    async def _steps_in(self, turn: Turn) -> None:
        number = self.model.shifts.number(turn)
        who = self._some(self.dice.choice(FITS[turn.post]))
        if self.dice.random() < 0.15:  # it is not theirs to take
            who = self._some(self.dice.choice(("责任人", "信息报告员", "带班领导")))
        day = "今天" if turn.day == 0 else "明天"
        words = (
            f"S{number}",
            f"S{number} 家里有急事",
            f"{turn.newest} 突然发烧",
            f"{day} {turn.newest} 来不了",
            "",
        )
        said = self.dice.choice(words)
        if who.name != turn.newest and self._type(
            who, f"我来顶 {said}".strip(), "" if said else "「我来顶」"
        ):
            await self.world.settle()
            if not said or self.dice.random() < 0.1:
                self._press(who, "S")
                await self.world.settle()
            await self._decided()

    async def absent(self) -> None:
        """Somebody on the roster asks for leave, or the admin enters it; a leader answers."""
        staff = [t.newest for t in self.model.shifts.turns if t.post != "deputy"] + [self._some("副班").name]
        who, day = self._named(self.dice.choice(staff)), self.dice.choice((FIRST, FIRST + 1, FIRST + 2))
        words = (
            f"7.{day}" + self.dice.choice(("", f"-7.{day + 1}")) + self.dice.choice((" 看病", " 家中有事"))
        )
        if self.dice.random() < 0.3:
            self._type(self._some("管理员"), f"请假 {who.name} {words}", "Q")
        else:
            self._type(who, f"请假 {words}", "Q")
        await self.world.settle()
        await self._decided()

    async def _decided(self) -> None:
        """A leader says yes, or no, or nothing."""
        word = self.dice.choice(("同意", "同意", "同意", "不同意", ""))
        for leader in self.dice.sample(leaders := self.world.street.named("带班领导"), len(leaders)):
            if word and self._press(leader, word):
                await self.world.settle()
                return

    async def roster(self) -> None:
        """The admin sends a roster for today, tomorrow or both, mid-watch; mostly it is confirmed."""
        admin, shifts = self._some("管理员"), self.model.shifts
        days = self.dice.choice(((0,), (1,), (0, 1)))
        wanted: list[tuple[Turn, str]] = []
        rows = ["日期,带班领导,值班人员"]
        for day in days:
            names = {}
            for post in ("leader", "officer"):
                turn = shifts.turn(post, day)
                names[post] = self._some(COLUMN[post]).name if self.dice.random() < 0.7 else turn.newest
                wanted.append((turn, names[post]))
            rows.append(f"2026-07-{FIRST + day},{names['leader']},{names['officer']}")
        file = f"值班表{len(shifts.sheets) + 1}.csv"
        shifts.sheets.append(Sheet(file, wanted))
        self.world.sends(admin.account, file, "\n".join(rows).encode())
        self.model.deeds[admin.account] += 1
        await self.world.settle()
        if self.dice.random() < 0.85:
            self._press(admin, "确认")

    async def relieve(self) -> None:
        """Who was put on today's shift takes over from who still holds the watch."""
        turn = self.model.shifts.turn("officer", 0)
        if turn.newest != self.model.holder and self.world.t < 20 * 3600:
            await self.hand_over()
            await self.world.settle()
            await self._takes_over(self._named(turn.newest))

    # --- the group ------------------------------------------------------------------------------------------

    async def bind(self) -> None:
        """An admin brings the bot into the office's group; perhaps a stranger brings it into another."""
        group, api, street = self.model.group, self.world.api, self.world.street
        admin = self._some("管理员")
        contacts = [p for p in street.named("责任人") if p.account]
        office = [*street.named("值班员"), *street.named("带班领导"), admin]
        some = self.dice.sample(contacts, min(len(contacts), 5))
        api.create_group(GROUP, "值班群", dict.fromkeys(p.account for p in [*office, *some] if p.account))
        group.chats = {GROUP}
        api.add_bot_to_group(GROUP, by=admin.account)
        self.model.deeds[admin.account] += 1
        if self.dice.random() < 0.3:
            api.create_group(OTHER, "闲聊群", [some[0].account])
            api.add_bot_to_group(OTHER, by=some[0].account)
            group.brought = self.world.t

    async def chatter(self) -> None:
        """Members talk in the group: answers that are none there, acts of others, questions, a button of their own."""
        chat = min(self.model.group.chats, default=0)
        members = self.world.api.groups[chat].members if chat else []
        for account in self.dice.sample(members, min(len(members), self.dice.randint(1, 4))):
            number = self.dice.choice([*self.model.calls, "W1"])
            words = (
                f"收到 {number}",
                "收到",
                f"已传达 {number} 广播 120户",
                f"无法传达 {number} 停电",
                f"下发 {number}",
                f"结束预警 {number}",
                f"电话已叫应 {number}",
                f"首报 刚才{TALK}{self.count}号楼着火，2人受伤",
                "签发 E1",
                "终报 E1 完了",
                "接班",
                "交班",
                "我来顶",
                "同意 S3",
                "请假 明天",
                f"强制交接 {self.model.shifts.turn('officer', 1).newest} 联系不上",
                "大家早",
                *ANSWERED,
            )
            self.model.deeds[chat] += 1
            own = [
                b for b in self.world.buttons(account) if b[1].startswith(("收到", "接班", "下发", "同意"))
            ]
            there = [*self.world.api.chats.get(chat, {})]
            if own and there and self.dice.random() < 0.2:
                self.world.presses(account, there[-1], own[-1][2], chat)
            else:
                self.world.types(account, self.dice.choice(words), chat)
            await self.world.settle()

    async def regroup(self) -> None:
        """The group becomes a supergroup, or throws the bot out."""
        group = self.model.group
        if group.chats == {GROUP} and self.dice.random() < 0.7:
            group.chats.add(self.world.api.migrate(GROUP))
        elif group.chats == {GROUP}:
            self.world.api.kick_bot(GROUP)
            group.chats = set()

    async def rule(self) -> None:
        """The admin changes how soon a colour's contacts are reminded."""
        colour, key = self.dice.choice((("黄", "yellow"), ("橙", "orange"), ("红", "red")))
        minutes = min(
            self.dice.randint(1, 3), 2
        )  # of red the B-role is told after two: no later rung may be first
        self.model.rules(colour)
        self._type(self._some("管理员"), f"设置 callout.{key}.remind {minutes}m 试行", "设置")

    async def hires(self) -> None:
        """The admin's sheet gives a unit another A-role."""
        unit = self.dice.choice([*self.world.street.units])
        admin, old = self._some("管理员"), self.world.street.holder(unit, "A")
        if old is None:
            return
        new = self.world.newcomer(unit)
        self.model.rehires(unit, new)
        rows = people_rows(Street([new], self.world.street.units, []))
        self.world.sends(admin.account, "人员.csv", "\n".join(",".join(row) for row in rows).encode())
        self.model.deeds[admin.account] += 1
        await self.world.settle()
        if self.dice.random() < 0.85:
            self._press(admin, "确认")

    # --- who comes and goes -----------------------------------------------------------------------------------

    async def revoke(self) -> None:
        """The admin ends somebody's access, mostly of somebody who owes an answer; perhaps another one's tries to."""
        street = self.world.street
        role = self.dice.choice(
            ("责任人", "责任人", "责任人", "责任人", "带班领导", "副班", "值班员", "信息报告员")
        )
        fit = [
            p for p in street.named(role) if role not in ("带班领导", "值班员") or p.name != self.model.holder
        ]
        silent = [
            call.targets[unit]
            for call in self.model.calls.values()
            if call.sent is not None and not call.over
            for unit in call.silent()
        ]
        for names in (
            {a.name for a, b in silent if a and b and b.account and a.name != b.name},
            {p.name for both in silent for p in both if p},
        ):
            if any(p.name in names for p in fit) and self.dice.random() < 0.7:
                fit = [p for p in fit if p.name in names]
        if not fit or (role == "带班领导" and len(fit) < 3):
            return
        who = self.dice.choice(fit)
        if self.dice.random() < 0.1:
            self._type(self._some("带班领导"), f"人员 停用 {who.name}")
            await self.world.settle()
        self.model.staff.revokes(who)
        self._type(self._some("管理员"), f"人员 停用 {who.name}" + self.dice.choice(("", " 调离", "，停职")))
        if self.dice.random() < 0.3:  # who is gone does not know it yet
            await self.world.settle()
            self._press(who, "收到") or self._type(who, "收到")

    async def take_up(self) -> None:
        """Whoever is gone longest comes back by a sheet, with the account at once or by an invitation."""
        street, staff = self.world.street, self.model.staff
        if not staff.since:
            return
        name, admin = next(iter(staff.since)), self._some("管理员")
        invited = self.dice.random() < 0.5
        theirs = [replace(p, account=0 if invited else p.account) for p in street.gone if p.name == name]
        units = {p.unit for p in theirs if p.role == "责任人"}
        others = [p for p in street.people if p.unit in units and p.role == "责任人"]
        file = f"{FILE}{len(staff.returns) + self.count + 1}.csv"
        self.count += 1
        staff.takes_up(file, tuple(theirs))
        rows = people_rows(Street([*theirs, *others], street.units, []))
        self.world.sends(admin.account, file, "\n".join(",".join(row) for row in rows).encode())
        self.model.deeds[admin.account] += 1
        await self.world.settle()
        self._press(admin, "确认")
        await self.world.settle()
        self.model.look()
        if invited and name not in staff.since:
            await self._invited(admin, name)

    async def _invited(self, admin: Person, name: str) -> None:
        """The admin asks for an invitation, and it is used with the old account."""
        before = len(self.world.heard)
        self._type(admin, f"邀请 {name}")
        await self.world.settle()
        said = [one.text for one in self.world.heard[before:] if one.chat == admin.account]
        codes = [code for text in said for code in re.findall(r"start=(\S+)", text)]
        account = next((a for a, who in self.world.names.items() if who == name), 0)
        if codes and account:
            self.world.types(account, f"/start {codes[-1]}")

    # --- fallback channels ------------------------------------------------------------------------------------

    async def channel(self) -> None:
        """The admin gives somebody a channel, mostly who has no account; or a whole unit."""
        contacts = self.world.street.named("责任人")
        mute = [p for p in contacts if not p.account]
        who = self.dice.choice(mute if mute and self.dice.random() < 0.6 else contacts)
        target = who.name if self.dice.random() < 0.7 else who.unit
        if target not in self.model.channels.known:
            made = self.model.channels.adds(target)
            self._type(self._some("管理员"), f"通道 {target} 短信 json://gateway.local/{made.phone}", "通道")

    async def gateway(self) -> None:
        """The gateway goes away, loses its answers, refuses a number, or works again."""
        gateway, known = self.model.channels.gateway, [*self.model.channels.known.values()]
        match self.dice.choice(("away", "loses", "refuses", "works", "works")):
            case "refuses" if known:
                gateway.refused.add(self.dice.choice(known).phone)
            case "refuses":
                return
            case mood:
                gateway.turns(mood)

    async def links(self) -> None:
        """Those who read a text message open its page and answer there, perhaps twice, or by a link of before."""
        texts = [one for one in self.world.heard if one.chat >= PHONES and LINK.search(one.text)]
        for one in self.dice.sample(texts, min(len(texts), 2)):
            number, link = re.search(r"W\d+", one.text), LINK.search(one.text)
            name = next((p.name for p in self.world.street.people if f"{p.name}，" in one.text), "")
            if number and link and name and self.world.up:
                for _ in range(self.dice.choice((1, 1, 2))):
                    self.model.reads(name, number[0])
                    await self.world.answers(link[1], self.dice.choice(("ack", "ack", "pass")))

    # --- exercises --------------------------------------------------------------------------------------------

    async def drill(self) -> None:
        """A leader or the admin begins an exercise, or ends the one that runs."""
        on = not self.model.drills.on
        who = self._some(self.dice.choice(("带班领导", "管理员")))
        if self._type(who, "演练 开" if on else "演练 关"):
            self.model.drills.switches(on=on)

    async def figures(self) -> None:
        """A leader asks for the month's figures."""
        self._type(self._some("带班领导"), "统计")

    # --- roll calls -------------------------------------------------------------------------------------------

    async def rollcall(self) -> None:
        """A leader, the admin or the room above asks whether the officer is there."""
        self._type(self._some(self.dice.choice(("带班领导", "管理员", "上级值班室"))), "点名")

    async def answer_call(self) -> None:
        """The officer who was asked last answers: rightly in several words, wrongly, or another tries to."""
        if not self.model.rollcalls.calls:
            return
        call = [*self.model.rollcalls.calls.values()][-1]
        officer = self.world.street.by_account(call.officer)
        if self.dice.random() < 0.15:
            officer = self._some(self.dice.choice(("值班员", "副班", "责任人")))
        words = (f"点名 {call.code}", call.code, f"口令{call.code}", "点名 0000", f"点名 {call.code} 在岗")
        if officer is not None:
            self._type(officer, self.dice.choice(words))

    # --- changeover -----------------------------------------------------------------------------------------

    async def hand_over(self) -> None:
        """The outgoing officer opens the sheet and signs."""
        officer = self._holder()
        self._type(officer, "交班", "H0")
        await self.world.settle()
        self._press(officer, "交班")

    async def take_over(self) -> None:
        """The incoming officer takes everything over and signs."""
        await self._takes_over(self._named(self.model.shifts.turn("officer", 1).newest))

    async def _takes_over(self, taker: Person) -> None:
        self._type(taker, "接班", "H0")
        await self.world.settle()
        self._press(taker, "全部接收")
        await self.world.settle()
        tried: set[str] = set()
        for _ in range(6):
            words = [b[1] for b in self.world.buttons(taker.account) if b[1].startswith("重点 ")]
            new = [w for w in words if w not in tried]
            if not new:
                break
            tried.add(new[0])
            self._press(taker, new[0])
            await self.world.settle()
        self._press(taker, "接班")

    async def arrive(self) -> None:
        """Somebody who is on tomorrow says that they have come; perhaps somebody says it who is not."""
        turn = self.model.shifts.turn(self.dice.choice(("leader", "officer")), 1)
        who = self._named(turn.newest) if self.dice.random() < 0.9 else self._some(COLUMN[turn.post])
        self._type(who, "到岗")

    async def arrive_deputy(self) -> None:
        """Tomorrow's deputy says that they have come, or the other one does."""
        who = self._named(self.model.shifts.turn("deputy", 1).newest)
        self._type(
            who if self.dice.random() < 0.8 else self._some("副班"), self.dice.choice(("到岗", "已到岗"))
        )

    async def take_over_deputy(self) -> None:
        """A deputy takes over from the officer, whose watch it is not, or signs for the officer who is not there."""
        await self._takes_over(self._some("副班"))

    async def force(self) -> None:
        """A leader forces the handover, with or without a reason."""
        leader = self._some("带班领导")
        name = self.model.shifts.turn("officer", 1).newest
        self._type(leader, f"强制交接 {name}" + self.dice.choice(("", " 联系不上", " 突发疾病")))
