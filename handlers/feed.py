"""日历: links that a calendar subscribes to."""

from actions import feed as act
from domain.feed import read_wish
from domain.notices import base
from handlers.desk import Answer, Desk, command
from handlers.identity import web_url


@command("calendar", "日历", *act.READERS, describe="把班次订阅到手机日历", example="日历")
async def calendar(desk: Desk) -> Answer:
    """A fresh link to one's own shifts or the room's, or an end to them."""
    wish = read_wish(desk.text)
    if wish is None:
        return base.WrongForm(
            why=f"「日历」后面看不懂「{desk.text[:20]}」。", example="日历、日历 值班室、日历 停用"
        )
    return await act.answer(desk.tx, desk.who, desk.now, wish, web_url())
