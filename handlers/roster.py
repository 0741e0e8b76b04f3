"""值班, 值班表, 我的班, 到岗, 调班, 我来顶."""

from actions import cover as covering
from actions import roster as act
from actions import shift, swap
from domain.day_text import ASKING, is_tonight, names_day, names_month, read_month
from domain.notices import base
from domain.people import Role
from handlers.desk import Answer, Desk, answer, command, twin

ON_ROSTER = (Role.OFFICER, Role.DEPUTY, Role.LEADER, Role.DRIVER)


@command(
    "duty",
    "值班",
    describe="现在（或某天）谁在值班",
    example="值班 明天",
    daily=(*ON_ROSTER, Role.CONTACT, Role.REPORTER, Role.SUPERIOR, Role.ADMIN),
    free=lambda rest: not rest.strip(ASKING) or names_day(rest.strip(ASKING)),
    also=("谁值班", "谁在值班", "现在谁值班", "今天谁值班"),
)
async def duty(desk: Desk) -> Answer:
    """Who is on now or that day."""
    local, said = desk.now.astimezone(desk.tx.zone), desk.text.strip(ASKING)
    if not said or is_tonight(said, local):
        return await act.on_duty(desk.tx, desk.who, desk.now, masked=not desk.private)
    return await act.on_days(desk.tx, desk.who, desk.now, said, masked=not desk.private)


@command("roster", "值班表", describe="一个月的值班表", example="值班表 2026-10", free=names_month)
async def roster(desk: Desk) -> Answer:
    """A month's roster."""
    found = read_month(desk.text, desk.now.astimezone(desk.tx.zone).date())
    if found is None:
        return base.WrongForm(why=f"看不懂月份「{desk.text[:20]}」。", example="值班表 2026-10")
    return await act.month(desk.tx, desk.who, desk.now, *found)


@command("mine", "我的班", *ON_ROSTER, describe="我接下来的班次", daily=ON_ROSTER)
async def mine(desk: Desk) -> Answer:
    """My shifts."""
    return await act.mine(desk.tx, desk.who, desk.now)


@command("arrive", "到岗", *ON_ROSTER, describe="报到岗", daily=ON_ROSTER)
async def arrive(desk: Desk) -> Answer:
    """I am at my post."""
    return await shift.arrive(desk.tx, desk.who, desk.now)


@answer("shift.arrive", "到岗", "S")
async def say_arrive(desk: Desk, key: int, rest: str) -> Answer:
    """到岗 S31."""
    del rest
    return await shift.arrive(desk.tx, desk.who, desk.now, key)


@answer("shift.confirm", "收到", "S")
async def say_confirm(desk: Desk, key: int, rest: str) -> Answer:
    """收到 S31."""
    del rest
    return await shift.confirm(desk.tx, desk.who, desk.now, key)


@command(
    "swap",
    "调班",
    *swap.SWAPPERS,
    describe="请人换班",
    example="调班 7月28日 刘芳",
    free=lambda rest: names_day(rest.split(maxsplit=1)[0]),
    also=("换班",),
)
async def offer(desk: Desk) -> Answer:
    """Offer a swap."""
    return await swap.offer_in_words(desk.tx, desk.who, desk.now, desk.text)


@command("cover", "我来顶", *ON_ROSTER, describe="临时顶班，立即生效", example="我来顶 S31", free=True)
async def cover(desk: Desk) -> Answer:
    """Cover at once."""
    return await covering.cover(desk.tx, desk.who, desk.now, None, desk.text)


@twin("我来顶", "S")
async def say_cover(desk: Desk, key: int, rest: str) -> Answer:
    """我来顶 S31 家里有急事."""
    return await covering.cover(desk.tx, desk.who, desk.now, key, rest)


@answer("swap.agree", "同意", "S", several=True)
async def say_agree(desk: Desk, key: int, rest: str) -> Answer:
    """同意 S31."""
    return await swap.agree(desk.tx, desk.who, desk.now, key, yes=True, why=rest)


@answer("swap.decline", "不同意", "S", several=True)
async def say_decline(desk: Desk, key: int, rest: str) -> Answer:
    """不同意 S31."""
    return await swap.agree(desk.tx, desk.who, desk.now, key, yes=False, why=rest)


@answer("swap.withdraw", "撤回", "S")
async def say_withdraw(desk: Desk, key: int, rest: str) -> Answer:
    """撤回 S31."""
    del rest
    return await swap.withdraw(desk.tx, desk.who, desk.now, key)
