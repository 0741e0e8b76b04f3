"""The admin asks for a month's roster: it is fair, keeps the rules, says what it could not do, and is confirmed."""

from datetime import timedelta

from storage import draft, roster
from tests.stories.room import Room

ADMIN, LEADER, OFFICERS = "宋倩", "张慧敏", ("刘芳", "陈刚", "周凯", "吴静", "郑伟", "何琳")


async def _counts(room: Room, post: str) -> dict[str, int]:
    async with room.app.db.read() as tx:
        start = room.clock.now() + timedelta(days=9)
        shifts = await roster.between(tx, start, start + timedelta(days=60))
    names = [s.name for s in shifts if s.post == post]
    return {name: names.count(name) for name in set(names)}


async def test_a_month_is_generated_looked_through_and_published(room: Room) -> None:
    assert "正在排 9月1日至9月30日的班" in (await room.types(ADMIN, "排班 2026-09"))[0]
    card = next(text for text in room.heard(ADMIN) if "排出" in text)
    assert "排出 120 个班次" in card
    assert "2026年9月值班表（待确认 D1）.xlsx" in room.last(ADMIN)
    assert any("9.15 周二" in text and "待确认" in text for text in room.heard(ADMIN))
    assert "没有排班" in (await room.types(ADMIN, "值班 9.15"))[-1]
    await room.presses(ADMIN, "确认")
    answer = "\n".join(room.heard(ADMIN))
    assert "值班表已发布" in answer
    assert "9月1日至9月30日，共 120 个班次" in answer
    assert "主班：" in (await room.types(ADMIN, "值班 9.15"))[-1]
    counts = await _counts(room, "officer")
    assert set(counts) == set(OFFICERS)
    assert max(counts.values()) - min(counts.values()) <= 2


async def test_leave_is_kept_and_what_cannot_be_filled_is_said_with_its_reason(room: Room) -> None:
    for name in OFFICERS[:5]:
        assert "已批准" in (await room.types(ADMIN, f"请假 {name} 9.10-9.12 培训"))[-1]
    await room.types(ADMIN, "排班 2026-09")
    card = next(text for text in room.heard(ADMIN) if "排出" in text)
    assert "排不满、必须有人的" in card
    assert "主班 缺1人" in card
    assert "请假" in card
    assert "确认" not in room.buttons(ADMIN)
    number = card[card.index("确认 D") :].split()[1]
    await room.types(ADMIN, f"确认 {number} 因为 人手不足，已报区里")
    assert "值班表已发布" in "\n".join(room.heard(ADMIN))
    assert "无人排班" in (await room.types(ADMIN, "值班 9.11"))[-1]


async def test_a_request_survives_a_crash_before_it_is_solved(room: Room) -> None:
    async with room.app.db.write() as tx:
        data = {"first": "2026-09-01", "last": "2026-09-30", "state": "asked"}
        await draft.keep(tx, room.clock.now(), 18, "import-generated", "2026年9月值班表", data)
    await room.crash()
    assert any("排出 120 个班次" in text for name in room.ids for text in room.heard(name))


async def test_a_year_comes_as_one_table(room: Room) -> None:
    await room.types(ADMIN, "排班 2027")
    assert "排出 1460 个班次" in "\n".join(room.heard(ADMIN))
    assert "2027年值班表（待确认）.xlsx" in room.last(ADMIN)
    await room.presses(ADMIN, "确认")
    assert "共 1460 个班次" in "\n".join(room.heard(ADMIN))


async def test_wrong_requests_are_refused_with_the_right_form(room: Room) -> None:
    assert "排班 2026-12" in (await room.types(ADMIN, "排班 很快"))[-1]
    assert "已经过去" in (await room.types(ADMIN, "排班 2026-01"))[-1]
    assert "管理员" in (await room.types("刘芳", "排班 2026-09"))[-1]


async def test_a_year_without_published_holidays_says_so(room: Room) -> None:
    await room.types(ADMIN, "排班 2027-01")
    card = next(text for text in room.heard(ADMIN) if "排出" in text)
    assert "2027 年节假日安排尚未公布" in card
