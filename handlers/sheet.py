"""导入: a sheet sent to the bot, previewed, confirmed."""

from actions import sheet as act
from domain.notices import people as say
from domain.people import Role
from handlers.desk import Answer, Desk, command, press, twin


@command("import", "导入", Role.ADMIN, describe="导入人员表、值班表", daily=(Role.ADMIN,))
async def ask(desk: Desk) -> Answer:
    """Say what to send, or read the sheet that came with the word, as a file or as text."""
    file = desk.attachment
    if file is not None:
        return await act.receive(desk.tx, desk.who, desk.now, file.name, file.rows, file.refused, file.merged)
    if desk.text:
        return await act.receive_text(desk.tx, desk.who, desk.now, desk.text)
    return say.ImportAsk()


@press("import.confirm")
async def press_confirm(desk: Desk, subject: str) -> Answer:
    """确认."""
    return await act.confirm(desk.tx, desk.who, desk.now, int(subject))


@twin("确认", "D")
async def say_confirm(desk: Desk, key: int, rest: str) -> Answer:
    """确认 D3 因为 原因."""
    return await act.confirm(desk.tx, desk.who, desk.now, key, rest.removeprefix("因为").strip(" :："))


@press("import.cancel")
async def press_cancel(desk: Desk, subject: str) -> Answer:
    """取消."""
    return await act.cancel(desk.tx, desk.who, desk.now, int(subject))


@twin("取消", "D")
async def say_cancel(desk: Desk, key: int, rest: str) -> Answer:
    """取消 D3."""
    del rest
    return await act.cancel(desk.tx, desk.who, desk.now, key)
