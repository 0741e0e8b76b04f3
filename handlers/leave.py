"""请假, 销假."""

from actions import leave as act
from handlers.desk import Answer, Desk, answer, command, twin


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


@answer("leave.grant", "同意", "Q", several=True)
async def say_grant(desk: Desk, key: int, rest: str) -> Answer:
    """同意 Q3."""
    return await act.decide(desk.tx, desk.who, desk.now, key, yes=True, why=rest)


@answer("leave.refuse", "不同意", "Q", several=True)
async def say_refuse(desk: Desk, key: int, rest: str) -> Answer:
    """不同意 Q3."""
    return await act.decide(desk.tx, desk.who, desk.now, key, yes=False, why=rest)


@twin("销假", "Q")
async def say_end(desk: Desk, key: int, rest: str) -> Answer:
    """销假 Q3."""
    del rest
    return await act.end(desk.tx, desk.who, desk.now, key)
