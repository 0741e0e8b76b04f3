"""请假, 销假."""

from actions import leave as act
from handlers.desk import Answer, Desk, command, press, twin


@command(
    "leave",
    "请假",
    *act.ASKERS,
    describe="请假；管理员可写姓名代登记",
    example="请假 8.1-8.5 年休假",
    free=True,
)
async def ask(desk: Desk) -> Answer:
    """Ask for leave, or list what stands."""
    return await act.ask(desk.tx, desk.who, desk.now, desk.text)


@press("leave.grant")
async def press_grant(desk: Desk, subject: str) -> Answer:
    """同意."""
    return await act.decide(desk.tx, desk.who, desk.now, int(subject), yes=True)


@twin("同意", "Q")
async def say_grant(desk: Desk, key: int, rest: str) -> Answer:
    """同意 Q3."""
    del rest
    return await act.decide(desk.tx, desk.who, desk.now, key, yes=True)


@press("leave.refuse")
async def press_refuse(desk: Desk, subject: str) -> Answer:
    """不同意."""
    return await act.decide(desk.tx, desk.who, desk.now, int(subject), yes=False)


@twin("不同意", "Q")
async def say_refuse(desk: Desk, key: int, rest: str) -> Answer:
    """不同意 Q3."""
    del rest
    return await act.decide(desk.tx, desk.who, desk.now, key, yes=False)


@twin("销假", "Q")
async def say_end(desk: Desk, key: int, rest: str) -> Answer:
    """销假 Q3."""
    del rest
    return await act.end(desk.tx, desk.who, desk.now, key)
