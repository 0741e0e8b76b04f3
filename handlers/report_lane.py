"""What is said about an incident's clocks, grade and pace."""

from actions import report_grade, report_lane
from handlers.desk import Answer, Desk, answer, twin, with_words


@twin("延期", "E")
async def say_more_time(desk: Desk, key: int, rest: str) -> Answer:
    """延期 E7 电话 20分钟 原因."""
    return await report_lane.ask_more_time(desk.tx, desk.who, desk.now, key, rest)


@twin("已报送", "E")
async def say_handed_in(desk: Desk, key: int, rest: str) -> Answer:
    """已报送 E7 区卫生健康委 王科长."""
    return await report_lane.handed_in(desk.tx, desk.who, desk.now, key, rest)


@twin("免报", "E")
async def say_excused(desk: Desk, key: int, rest: str) -> Answer:
    """免报 E7 电话 原因."""
    return await report_lane.excuse(desk.tx, desk.who, desk.now, key, rest)


@twin("定级", "E")
async def say_grade(desk: Desk, key: int, rest: str) -> Answer:
    """定级 E7 较大 原因."""
    return await report_grade.set_grade(desk.tx, desk.who, desk.now, key, rest)


@answer("incident.stable", "稳定", "E", several=True)
@with_words("稳定", "E")
async def say_stable(desk: Desk, key: int, rest: str) -> Answer:
    """稳定 E7."""
    del rest
    return await report_lane.set_phase(desk.tx, desk.who, desk.now, key, "stable")


@answer("incident.long", "长期", "E", several=True)
@with_words("长期", "E")
async def say_long(desk: Desk, key: int, rest: str) -> Answer:
    """长期 E7."""
    del rest
    return await report_lane.set_phase(desk.tx, desk.who, desk.now, key, "long")


@answer("incident.unresolved", "未稳定", "E", several=True)
@with_words("未稳定", "E")
async def say_unresolved(desk: Desk, key: int, rest: str) -> Answer:
    """未稳定 E7."""
    del rest
    return await report_lane.set_phase(desk.tx, desk.who, desk.now, key, "unresolved")
