"""联动, 到场, 申请增援, 转移, 返回, 时间线, 关联: the response to an incident."""

from actions import evacuation, timeline
from actions import response as act
from domain.evacuation_text import counts_people
from domain.people import Role
from handlers.desk import Answer, Desk, answer, command, press, twin, with_words

ROOM = (Role.OFFICER, Role.DEPUTY, Role.LEADER)


def _numbers(subject: str) -> tuple[int, int]:
    """Return the keys in E7:12."""
    event, _, other = subject.partition(":")
    return int(event[1:]), int(other)


@command("partners", "联动", *ROOM, describe="告知联动单位，看收到和到场", example="联动 E7 消防站")
async def partners(desk: Desk) -> Answer:
    """Partner units of the only open incident."""
    return await act.open_partners(desk.tx, desk.who, desk.now, None, desk.text)


@answer("response.open", "联动", "E")
async def say_partners(desk: Desk, key: int, rest: str) -> Answer:
    """联动 E7; 联动 E7 消防站; 联动 E7 消防站 电话."""
    return await act.open_partners(desk.tx, desk.who, desk.now, key, rest)


@press("response.tell")
async def press_tell(desk: Desk, subject: str) -> Answer:
    """A unit's button."""
    return await act.tell(desk.tx, desk.who, desk.now, *_numbers(subject))


@press("response.phoned")
async def press_phoned(desk: Desk, subject: str) -> Answer:
    """已电话告知."""
    return await act.phoned(desk.tx, desk.who, desk.now, *_numbers(subject))


@press("response.arrived_for")
async def press_arrived_for(desk: Desk, subject: str) -> Answer:
    """到场 of a unit, by the officer."""
    return await act.arrived_for(desk.tx, desk.who, desk.now, *_numbers(subject))


@press("response.ack")
async def press_ack(desk: Desk, subject: str) -> Answer:
    """收到 by a partner unit."""
    return await act.acknowledge(desk.tx, desk.who, desk.now, int(subject[1:]), desk.how)


@answer("response.arrive", "到场", "E")
async def say_arrive(desk: Desk, key: int, rest: str) -> Answer:
    """到场 E7 2车8人; 到场 E7 消防站 2车8人."""
    return await act.arrive(desk.tx, desk.who, desk.now, key, rest, desk.how)


@command(
    "onsite",
    "到场",
    *ROOM,
    Role.CONTACT,
    Role.REPORTER,
    Role.SUPERIOR,
    describe="联动单位报到场",
    example="到场 E7 2车8人",
)
async def onsite(desk: Desk) -> Answer:
    """到场 in the one incident it can be."""
    return await act.arrive(desk.tx, desk.who, desk.now, None, desk.text, desk.how)


@command(
    "reinforce",
    "申请增援",
    *ROOM,
    describe="向上级或联动单位要人要物",
    example="申请增援 E7 排水泵2台 送柳湾地道",
)
async def reinforce(desk: Desk) -> Answer:
    """Ask for reinforcement in the only open incident."""
    return await act.reinforce(desk.tx, desk.who, desk.now, None, desk.text)


@twin("增援", "E")
@twin("申请增援", "E")
async def say_reinforce(desk: Desk, key: int, rest: str) -> Answer:
    """申请增援 E7 排水泵2台 送柳湾地道."""
    return await act.reinforce(desk.tx, desk.who, desk.now, key, rest)


@command(
    "evacuate",
    "转移",
    *ROOM,
    describe="转移安置登记和清单",
    example="转移 E7 3号楼22户46人 到 柳湾小学",
    free=counts_people,
)
async def evacuate(desk: Desk) -> Answer:
    """Record the evacuated of the only open incident."""
    return await evacuation.move(desk.tx, desk.who, desk.now, None, desk.text)


@answer("response.evacuated", "转移", "E")
async def say_evacuate(desk: Desk, key: int, rest: str) -> Answer:
    """转移 E7 3号楼22户46人 到 柳湾小学; 转移 E7."""
    return await evacuation.move(desk.tx, desk.who, desk.now, key, rest)


@command("back", "返回", *ROOM, describe="转移人员返回", example="返回 E7 12人 柳湾小学", free=counts_people)
async def back(desk: Desk) -> Answer:
    """Who came back in the only open incident."""
    return await evacuation.give_back(desk.tx, desk.who, desk.now, None, desk.text)


@twin("返回", "E")
async def say_back(desk: Desk, key: int, rest: str) -> Answer:
    """返回 E7 12人 柳湾小学; 返回 E7 2."""
    return await evacuation.give_back(desk.tx, desk.who, desk.now, key, rest)


@press("response.all_back")
async def press_all_back(desk: Desk, subject: str) -> Answer:
    """全部返回 of a line."""
    return await evacuation.all_back(desk.tx, desk.who, desk.now, *_numbers(subject))


@twin("撤销转移", "E")
async def say_withdraw(desk: Desk, key: int, rest: str) -> Answer:
    """撤销转移 E7 2 写错了楼号."""
    return await evacuation.withdraw(desk.tx, desk.who, desk.now, key, rest)


@twin("撤销返回", "E")
async def say_withdraw_back(desk: Desk, key: int, rest: str) -> Answer:
    """撤销返回 E7 2 记错了."""
    return await evacuation.withdraw(desk.tx, desk.who, desk.now, key, rest, returned=True)


@command("timeline", "时间线", *timeline.READERS, describe="一个事件的全过程", example="时间线 E7")
async def course(desk: Desk) -> Answer:
    """The course of the only open incident."""
    return await timeline.timeline(desk.tx, desk.who, desk.now, None, desk.text)


@answer("response.timeline", "时间线", "E")
async def say_course(desk: Desk, key: int, rest: str) -> Answer:
    """时间线 E7."""
    del rest
    return await timeline.timeline(desk.tx, desk.who, desk.now, key)


@press("response.link")
async def press_link(desk: Desk, subject: str) -> Answer:
    """关联 of a warning that is offered."""
    event, _, warning = subject.partition(":")
    return await act.link(desk.tx, desk.who, desk.now, int(event[1:]), warning)


@twin("关联", "E")
async def say_link(desk: Desk, key: int, rest: str) -> Answer:
    """关联 E7 W12."""
    return await act.link(desk.tx, desk.who, desk.now, key, rest)


@twin("取消关联", "E")
@with_words("取消关联", "E")
async def say_unlink(desk: Desk, key: int, rest: str) -> Answer:
    """取消关联 E7."""
    del rest
    return await act.unlink(desk.tx, desk.who, desk.now, key)
