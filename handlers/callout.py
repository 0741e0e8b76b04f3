"""预警: pasted, dispatched, acknowledged, passed on, phoned."""

from collections.abc import Sequence

from actions import bulletin, bulletin_dispatch, callout_phone, callout_record
from actions import callout as act
from domain.notices import base
from domain.people import Role
from handlers.desk import Answer, Desk, answer, command, press, presses, twin, with_words
from handlers.show import by_number


def number(subject: str) -> int:
    """Return the key in W12."""
    return int(subject[1:])


@command(
    "warn",
    "预警",
    Role.OFFICER,
    Role.DEPUTY,
    describe="粘贴预警原文，核对后下发",
    example="预警 天津市气象台于…发布…",
    free=True,
)
async def warn(desk: Desk) -> Answer:
    """Read a pasted or attached bulletin."""
    text = desk.text or (desk.attachment.text if desk.attachment and desk.attachment.text else "")
    if not text:
        return base.WrongForm(
            why="请把预警原文粘贴在「预警」后面，或转发、发送文件。",
            example="预警 天津市气象台于7月25日10时30分发布暴雨蓝色预警信号：…",
        )
    return await bulletin.receive(desk.tx, desk.who, desk.now, text)


@command(
    "warnings",
    "预警列表",
    Role.OFFICER,
    Role.LEADER,
    Role.DEPUTY,
    Role.ADMIN,
    Role.SUPERIOR,
    describe="进行中和近期的预警",
    daily=(Role.OFFICER, Role.DEPUTY, Role.LEADER),
)
async def warnings(desk: Desk) -> Answer:
    """List warnings; with a number behind it show that one."""
    if shown := await by_number(desk):
        return shown
    return await bulletin.listing(desk.tx, desk.who, desk.now)


@answer("callout.dispatch_anyway", "仍要下发", "W")
async def say_anyway(desk: Desk, key: int, rest: str) -> Answer:
    """仍要下发 W12."""
    return await bulletin_dispatch.dispatch(desk.tx, desk.who, desk.now, key, rest, anyway=True)


@answer("callout.dispatch_as_before", "按原范围下发", "W")
async def say_as_before(desk: Desk, key: int, _: str) -> Answer:
    """按原范围下发 W12."""
    return await bulletin_dispatch.dispatch_as_before(desk.tx, desk.who, desk.now, key)


@answer("callout.second", "同意下发", "W")
@with_words("同意下发", "W")
async def say_agree(desk: Desk, key: int, _: str) -> Answer:
    """同意下发 W12."""
    return await bulletin_dispatch.agree(desk.tx, desk.who, desk.now, key)


@answer("callout.dispatch", "下发", "W")
async def say_dispatch(desk: Desk, key: int, rest: str) -> Answer:
    """下发 W12; 下发 W12 低洼、海棠里社区."""
    return await bulletin_dispatch.dispatch(desk.tx, desk.who, desk.now, key, rest)


@twin("范围", "W")
async def say_scope(desk: Desk, key: int, rest: str) -> Answer:
    """范围 W12 低洼."""
    return await bulletin.pick(desk.tx, desk.who, desk.now, key, rest)


@twin("提示", "W")
@twin("街道提示", "W")
async def say_advice(desk: Desk, key: int, rest: str) -> Answer:
    """提示 W12 低洼住户请上楼."""
    return await bulletin.advise(desk.tx, desk.who, desk.now, key, rest)


@twin("改正", "W")
async def say_correct(desk: Desk, key: int, rest: str) -> Answer:
    """改正 W12 颜色 橙."""
    return await bulletin.correct(desk.tx, desk.who, desk.now, key, rest)


@press("callout.colour")
async def press_colour(desk: Desk, subject: str) -> Answer:
    """改为橙色."""
    key, _, colour = subject.partition(":")
    return await bulletin.correct_colour(desk.tx, desk.who, desk.now, number(key), colour)


@press("callout.join")
async def press_join(desk: Desk, subject: str) -> Answer:
    """并入 W3，不另发."""
    key, _, other = subject.partition(":")
    return await bulletin.join(desk.tx, desk.who, desk.now, number(key), other)


@twin("并入", "W")
async def say_join(desk: Desk, key: int, rest: str) -> Answer:
    """并入 W12 W3."""
    return await bulletin.join(desk.tx, desk.who, desk.now, key, rest)


@answer("callout.discard", "取消", "W")
@with_words("取消", "W")
async def say_discard(desk: Desk, key: int, rest: str) -> Answer:
    """取消 W12."""
    del rest
    return await bulletin.discard(desk.tx, desk.who, desk.now, key)


@twin("解除", "W")
@twin("撤回", "W")
@twin("撤销", "W")
@twin("发错", "W")
async def say_recall(desk: Desk, key: int, rest: str) -> Answer:
    """撤回 W12: a warning that is out cannot be taken back, only ended."""
    del rest
    return await bulletin_dispatch.recall(desk.tx, desk.who, desk.now, key)


@answer("callout.end", "结束预警", "W")
@with_words("结束预警", "W")
async def say_end(desk: Desk, key: int, rest: str) -> Answer:
    """结束预警 W12."""
    del rest
    return await bulletin_dispatch.end(desk.tx, desk.who, desk.now, key)


@presses("callout.ack")
async def press_ack(desks: Sequence[Desk], subject: str) -> Sequence[Answer]:
    """收到, by as many as pressed it."""
    first = desks[0]
    return await act.acknowledge_all(first.tx, [desk.who for desk in desks], first.now, number(subject))


@twin("收到", "W", several=True)
@with_words("收到", "W")
async def say_ack(desk: Desk, key: int, rest: str) -> Answer:
    """收到 W12."""
    del rest
    return await act.acknowledge(desk.tx, desk.who, desk.now, key, "text")


@answer("callout.pass", "已传达", "W", several=True)
async def say_pass(desk: Desk, key: int, rest: str) -> Answer:
    """已传达 W12 广播 120户."""
    return await act.pass_on(desk.tx, desk.who, desk.now, key, rest, desk.how)


@press("callout.cannot_why")
async def press_cannot_why(desk: Desk, subject: str) -> Answer:
    """One of the usual reasons."""
    key, _, why = subject.partition(":")
    return await act.cannot_pass(desk.tx, desk.who, desk.now, number(key), why)


@answer("callout.cannot", "无法传达", "W")
async def say_cannot(desk: Desk, key: int, rest: str) -> Answer:
    """无法传达 W12 停电，广播不响."""
    return await act.cannot_pass(desk.tx, desk.who, desk.now, key, rest, desk.how)


@command(
    "calls",
    "叫应名单",
    *callout_phone.CALLERS,
    describe="所有预警里要打电话的人",
)
async def calls(desk: Desk) -> Answer:
    """List whom to call over all live warnings."""
    return await callout_phone.book(desk.tx, desk.who, desk.now)


@command(
    "callrecord",
    "叫应记录",
    *callout_record.READERS,
    describe="一条预警的叫应记录表",
    example="叫应记录 W12",
)
async def call_record(desk: Desk) -> Answer:
    """Make the record of a warning."""
    return await callout_record.record(desk.tx, desk.who, desk.now, desk.text)


@answer("callout.claim", "我来打", "W")
async def say_claim(desk: Desk, key: int, rest: str) -> Answer:
    """我来打 W12 李强."""
    return await callout_phone.claim(desk.tx, desk.who, desk.now, key, rest)


@press("callout.reached")
async def press_reached(desk: Desk, subject: str) -> Answer:
    """电话已叫应."""
    return await callout_phone.called(desk.tx, desk.who, desk.now, int(subject), reached=True)


@press("callout.unreached")
async def press_unreached(desk: Desk, subject: str) -> Answer:
    """未叫通."""
    return await callout_phone.called(desk.tx, desk.who, desk.now, int(subject), reached=False)


@twin("电话已叫应", "W")
async def say_reached(desk: Desk, key: int, rest: str) -> Answer:
    """电话已叫应 W12 李强."""
    return await callout_phone.called_by_name(desk.tx, desk.who, desk.now, key, rest.strip(), reached=True)


@twin("未叫通", "W")
async def say_unreached(desk: Desk, key: int, rest: str) -> Answer:
    """未叫通 W12 李强."""
    return await callout_phone.called_by_name(desk.tx, desk.who, desk.now, key, rest.strip(), reached=False)


@twin("撤销叫应", "W")
async def say_withdraw(desk: Desk, key: int, rest: str) -> Answer:
    """撤销叫应 W12 李强 打错了人."""
    return await callout_phone.withdraw(desk.tx, desk.who, desk.now, key, rest)
