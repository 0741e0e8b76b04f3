"""来源: who may hand in bulletins by HTTP."""

from actions import source as act
from domain.notices import base
from domain.people import Role
from domain.source import read_wish
from handlers.desk import Answer, Desk, command
from handlers.identity import web_url


@command(
    "sources",
    "来源",
    Role.ADMIN,
    describe="哪些系统可以送预警进来，发令牌、停用",
    example="来源 新增 区应急局",
)
async def sources(desk: Desk) -> Answer:
    """List sources, give one a token, or end one."""
    wish = read_wish(desk.text)
    if wish is None:
        return base.WrongForm(
            why="「来源」后面看不懂，没有改动。名称 20 字以内，中间不要空格。",
            example="来源、来源 新增 区应急局、来源 停用 区应急局",
        )
    return await act.answer(desk.tx, desk.who, desk.now, wish, web_url())
