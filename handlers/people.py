"""Start, help, invitations, people and units."""

import re

from actions import people as act
from domain.actor import Actor
from domain.notice import Notice
from domain.notices import people as say
from domain.people import Role
from handlers.desk import COMMANDS, GAPS, Answer, Command, Desk, command

ORDER = (
    "duty", "handover", "takeover", "warn", "warnings", "calls", "callrecord", "report", "followup", "final",
    "incidents", "partners", "reinforce", "evacuate", "back", "onsite", "timeline", "arrive",
    "log", "daylog", "record", "todo", "instruct", "mine", "calendar", "roster", "swap", "cover", "leave", "equipment",
    "force", "rollcall", "nil", "drill", "tasks", "stats", "evidence", "import", "invite", "people", "units",
    "channels", "sources", "scheme", "generate", "template", "config",
    "export", "health", "backup", "audit", "start", "help",
)  # fmt: skip
"""The order in which help, menu and keyboard show the commands: what is needed in a hurry first."""


_NAME = 4
"""Characters of a name that may stand right behind 邀请."""


def commands_of(who: Actor) -> list[Command]:
    """Return the commands this person may use."""
    return sorted((c for c in COMMANDS.values() if who.has(*c.roles)), key=_place)


def _place(entry: Command) -> int:
    return ORDER.index(entry.name) if entry.name in ORDER else len(ORDER)


def words_of(who: Actor) -> list[list[str]]:
    """Return the daily words of a person, three in a row, for the reply keyboard."""
    words = [c.word for c in commands_of(who) if who.has(*c.daily)] if who.roles else []
    words = words or ["值班"]
    words.append("帮助")
    return [words[i : i + 3] for i in range(0, len(words), 3)]


def menu_of(who: Actor) -> list[tuple[str, str]]:
    """Return the command menu of a person."""
    return [(c.name, f"{c.word}:{c.describe}"[:256]) for c in commands_of(who)]


@command("start", "开始", describe="打开首页", example="开始")
async def start(desk: Desk) -> Answer:
    """Bind by a code, or show the home card."""
    if not desk.private:
        return say.GroupBound(room=desk.tx.rules.room.name)
    if desk.text:
        bound = await act.bind(desk.tx, desk.now, desk.chat_id, desk.text, desk.who.name)
        if isinstance(bound, Notice):
            return bound
        return [act.bound(desk.tx, bound, words_of(bound))]
    return await act.home(desk.tx, desk.who, desk.now, words_of(desk.who), menu_of(desk.who))


@command("help", "帮助", describe="您能做什么", example="帮助")
async def show_help(desk: Desk) -> Answer:
    """Show what this person can do."""
    twins = ["收到 W12", "已传达 W12 广播 120户", "无法传达 W12 停电"] if desk.who.has(Role.CONTACT) else []
    twins += ["签发 E7", "免报 E7 电话 已当面报告", "同意 S31"] if desk.who.has(Role.LEADER) else []
    twins += ["批示 E7 给刘芳 17:00前排查"] if desk.who.has(Role.LEADER) else []
    twins += ["收到 E7"] if desk.who.has(Role.CONTACT) else []
    officer = ["下发 W12 低洼", "提示 W12 低洼住户上楼", "电话已叫应 W12 李强", "已电话报告 E7 张科长"]
    officer += ["延期 E7 电话 20分钟 占线", "定级 E7 较大 死亡3人", "稳定 E7"]
    officer += ["到场 E7 消防站 2车8人", "撤销转移 E7 2 写错了", "关联 E7 W12"]
    twins += officer if desk.who.has(Role.OFFICER) else []
    twins += ["收到 E7"] if desk.who.has(Role.SUPERIOR) else []
    return say.Help(
        lines=tuple(
            say.HelpLine(word=c.word, name=c.name, describe=c.describe, example=c.example)
            for c in commands_of(desk.who)
        ),
        twins=tuple(twins),
        room_phone=desk.tx.rules.room.phone,
    )


@command(
    "invite",
    "邀请",
    Role.ADMIN,
    describe="给一个人发一次性邀请",
    example="邀请 刘芳",
    daily=(Role.ADMIN,),
    free=lambda rest: 1 < len(rest) <= _NAME,
)
async def invite(desk: Desk) -> Answer:
    """Make an invitation."""
    from handlers.identity import bot_name  # noqa: PLC0415 - set once the bot is known

    return await act.invite(desk.tx, desk.who, desk.now, desk.text, bot_name())


@command("people", "人员", Role.ADMIN, describe="人员名单、停用", example="人员 刘芳", daily=(Role.ADMIN,))
async def people(desk: Desk) -> Answer:
    """List people, or revoke one."""
    revoked = re.fullmatch(rf"(?:停用|revoke)(?:{GAPS.pattern})?(.*)|(.+?){GAPS.pattern}停用", desk.text)
    if revoked:
        whom = (revoked[1] or revoked[2] or "").strip()
        return await act.revoke_each(desk.tx, desk.who, desk.now, whom)
    return await act.listing(desk.tx, desk.who, desk.now, desk.text)


@command("units", "单位", Role.ADMIN, describe="单位和责任人", example="单位 海棠里")
async def units(desk: Desk) -> Answer:
    """List units, or give one tags."""
    name, mark, words = desk.text.partition(" 标签")
    if mark:
        return await act.tag(desk.tx, desk.who, desk.now, name.strip(), words.replace("、", " ").split())
    return await act.units(desk.tx, desk.who, desk.now, desk.text)
