"""快报, 正文."""

from actions import flash
from domain.notices import base
from domain.people import Role
from handlers.desk import Answer, Desk, command, twin
from handlers.process import lent


@command("flash", "快报", *flash.READERS, describe="事件的信息快报文件", example="快报 E7")
async def files(desk: Desk) -> Answer:
    """Send the documents of an event's reports again; an unsent one as a draft."""
    return await flash.look(desk.tx, desk.who, desk.now, desk.text, lent().kept)


@command(
    "body",
    "正文",
    Role.OFFICER,
    Role.DEPUTY,
    describe="发送前改写快报正文",
    example="正文 E7 7月25日14时20分许，金桥路工地发生沟槽坍塌，1人受伤已送医。",
)
async def body(desk: Desk) -> Answer:
    """Words without an event's number: say which form is right; the others go to `reword`."""
    del desk
    return base.WrongForm(
        why="请在「正文」后面写事件编号和内容，没有改动。", example="正文 E7 7月25日14时20分许，……"
    )


@twin("正文", "E")
async def reword(desk: Desk, key: int, rest: str) -> Answer:
    """Replace the body of the newest unsent report of an event."""
    return await flash.reword(desk.tx, desk.who, desk.now, key, rest)
