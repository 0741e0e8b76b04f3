"""通道: how people without the chat are reached."""

from actions import channel as act
from domain.channel import read_wish
from domain.notices import base
from domain.people import Role
from handlers.desk import Answer, Desk, command
from handlers.identity import web_url


@command(
    "channels",
    "通道",
    Role.ADMIN,
    describe="短信、企业微信、钉钉、邮件等备用通道",
    example="通道 李强 短信 json://短信网关地址/路径",
    secret=True,
)
async def channels(desk: Desk) -> Answer:
    """List, add, end or try fallback channels."""
    wish = read_wish(desk.text)
    if wish is None:
        return base.WrongForm(
            why="「通道」后面看不懂，没有改动。请写：姓名或单位、通道名（12 字以内）、地址，中间空格。",
            example="通道 李强 短信 json://网关地址/路径；通道 李强 试发；通道 李强 删除 短信；通道",
        )
    return await act.answer(desk.tx, desk.who, desk.now, wish, web_url())
