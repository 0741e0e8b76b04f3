"""Swaps withdrawn, expired, made void, chained, made for others; open posts covered; everybody told once."""

from datetime import datetime

import pytest

from domain.roster import Post
from storage import roster
from tests.stories.room import ZONE, Room
from tests.stories.test_swap_and_cover import _other_officer, _shift, _until

OUT, IN, LEADER, NEXT_LEADER, ADMIN = "郑伟", "何琳", "张慧敏", "赵文斌", "宋倩"


def _count(room: Room, name: str, words: str) -> int:
    return sum(words in text for text in room.heard(name))


async def _turns(room: Room) -> dict[str, int]:
    """Return how often it is each person's turn, whoever stands there."""
    async with room.app.db.read() as tx:
        start = datetime(2026, 7, 1, tzinfo=ZONE)
        shifts = await roster.between(tx, start, datetime(2026, 9, 1, tzinfo=ZONE))
    turns = [s.turn_id for s in shifts if s.post is Post.OFFICER]
    return {str(person): turns.count(person) for person in sorted(set(turns))}


async def test_whoever_asked_takes_an_offer_back(room: Room) -> None:
    other, shift = await _other_officer(room), await _shift(room, IN)
    await room.types(IN, f"调班 {shift} {other}")
    assert "只有申请人能撤回" in (await room.types(OUT, f"撤回 {shift}"))[-1]
    await room.presses(IN, "撤回")
    assert "申请已撤回，班次不变" in room.last(IN)
    assert "申请已撤回" in room.last(other)
    assert "申请人已撤回" in (await room.types(other, f"同意 {shift}"))[-1]
    assert "申请人已撤回" in (await room.types(IN, f"撤回 {shift}"))[-1]
    assert "主班：何琳" in (await room.types(OUT, "值班 明天"))[-1]


async def test_after_both_agreed_it_may_still_be_taken_back_but_not_after_approval(room: Room) -> None:
    other, shift = await _other_officer(room), await _shift(room, IN)
    await room.types(IN, f"调班 {shift} {other}")
    await room.types(other, f"同意 {shift}")
    await room.types(IN, f"撤回 {shift}")
    assert "申请人已撤回" in (await room.types(LEADER, f"同意 {shift}"))[-1]
    await room.types(IN, f"调班 {shift} {other}")
    await room.types(other, f"同意 {shift}")
    await room.types(LEADER, f"同意 {shift}")
    assert "已批准" in (await room.types(IN, f"撤回 {shift}"))[-1]


async def test_an_offer_nobody_answers_ends_at_the_beginning_of_the_shift(room: Room) -> None:
    other, shift = await _other_officer(room), await _shift(room, IN)
    await room.types(IN, f"调班 {shift} {other}")
    await _until(room, 26, "08:31")
    assert _count(room, IN, "过时没有批准，作废，班次不变") == 1
    assert _count(room, other, "过时没有批准，作废，班次不变") == 1
    assert "过时作废" in (await room.types(other, f"同意 {shift}"))[-1]


async def test_an_offer_far_ahead_ends_after_the_time_to_answer_but_an_agreed_one_waits(room: Room) -> None:
    lines = (await room.types("刘芳", "我的班"))[-1].splitlines()
    shift = next(line.split()[0] for line in reversed(lines) if line.startswith("S"))
    await room.types("刘芳", f"调班 {shift} 陈刚")
    await room.fast_forward(hours=24.1)
    assert _count(room, "刘芳", "过时没有批准") == 1
    await room.types("刘芳", f"调班 {shift} 陈刚")
    await room.types("陈刚", f"同意 {shift}")
    await room.fast_forward(hours=25)
    assert _count(room, "刘芳", "过时没有批准") == 1
    await room.types(ADMIN, f"同意 {shift}")
    assert "已批准生效" in room.last("刘芳")


async def test_a_shift_is_in_one_offer_at_a_time(room: Room) -> None:
    other, shift = await _other_officer(room), await _shift(room, IN)
    await room.types(IN, f"调班 {shift} {other}")
    assert f"先撤回：撤回 {shift}" in (await room.types(IN, f"调班 {shift} 刘芳"))[-1]


async def test_swaps_go_on_in_a_chain_and_the_rotation_stays(room: Room) -> None:
    before, shift = await _turns(room), await _shift(room, IN)
    await room.types(IN, f"调班 {shift} 刘芳")
    await room.types("刘芳", f"同意 {shift}")
    await room.types(LEADER, f"同意 {shift}")
    number = room.last("刘芳").partition("新班次 ")[2].split("。")[0]
    assert "还没有" not in (await room.types("刘芳", f"调班 {number} 陈刚"))[-1]
    await room.types("陈刚", f"同意 {number}")
    await room.types(LEADER, f"同意 {number}")
    assert "主班：陈刚" in (await room.types(OUT, "值班 明天"))[-1]
    assert await _turns(room) == before


async def test_the_admin_acts_for_both_and_both_hear_of_it(room: Room) -> None:
    other, shift = await _other_officer(room), await _shift(room, IN)
    assert "（代 何琳）" in (await room.types(ADMIN, f"调班 {shift} {other} 何琳住院"))[-1]
    assert "宋倩 代为申请" in room.last(IN)
    assert f"（宋倩 代 {other}）" in (await room.types(ADMIN, f"同意 {shift}"))[-1]
    assert "对方已同意" in room.last(other)
    assert "主班：何琳" in (await room.types(OUT, "值班 明天"))[-1]
    await room.presses(LEADER, "同意")
    assert f"主班：{other}" in (await room.types(OUT, "值班 明天"))[-1]
    for name in (IN, other):
        assert _count(room, name, "已批准生效") == 1, name


async def test_who_is_busy_or_away_cannot_take_a_shift(room: Room) -> None:
    shift, theirs = await _shift(room, IN), await _shift(room, OUT)
    await room.types(IN, f"调班 {shift} {OUT} {theirs}")
    await room.types(IN, f"撤回 {shift}")
    await room.types(ADMIN, "请假 刘芳 7.26 看病")
    assert "刘芳 请假到 7月26日" in (await room.types(IN, f"调班 {shift} 刘芳"))[-1]
    deputy = await _shift(room, "朱敏")
    assert "朱敏 这时已有班" in (await room.types(IN, f"调班 {shift} 朱敏"))[-1]
    assert deputy.startswith("S")


async def test_a_swap_says_when_somebody_would_rest_too_little(room: Room) -> None:
    shift = await _shift(room, IN)
    await room.types(IN, f"调班 {shift} {OUT}")
    assert "换班后 郑伟 两班之间休息不足" in room.last(OUT)


async def test_a_new_roster_makes_open_offers_of_its_days_void(room: Room) -> None:
    shift = await _shift(room, IN)
    await room.types(IN, f"调班 {shift} 刘芳")
    day = "日期,带班领导,值班人员\n2026-07-26,赵文斌,陈刚\n"
    await room.sends_file(ADMIN, "值班表.csv", day.encode())
    await room.presses(ADMIN, "确认")
    assert _count(room, IN, "班次已变动，申请作废") == 1
    assert _count(room, "刘芳", "班次已变动，申请作废") == 1


async def test_the_group_sees_the_result_and_the_superior_gets_it_filed(room: Room) -> None:
    room.api.create_group(-100500, "值班群", [room.ids[ADMIN]])
    room.api.add_bot_to_group(-100500, by=room.ids[ADMIN])
    await room.settle()
    await room.types(ADMIN, "设置 roster.swap_filed true")
    shift = await _shift(room, IN)
    await room.types(IN, f"调班 {shift} 刘芳")
    await room.types("刘芳", f"同意 {shift}")
    await room.types(LEADER, f"同意 {shift}")
    group = [room._text(m) for m in room.api.chat(-100500) if m["from"]["is_bot"]]
    assert any("何琳 → 刘芳：已批准生效" in text for text in group)
    assert any("何琳 → 刘芳：已批准生效" in text for text in room.heard("崔海波"))


async def test_an_open_post_is_told_once_and_covered_by_who_says_so(room: Room) -> None:
    day = "日期,带班领导,值班人员\n2026-07-26,赵文斌,\n"
    await room.sends_file(ADMIN, "值班表.csv", day.encode())
    number = next(w for w in room.last(ADMIN).split() if w.startswith("D"))
    await room.types(ADMIN, f"确认 {number} 因为 待定")
    assert _count(room, ADMIN, "空岗：7月26日（周日） 08:30") == 1
    assert _count(room, LEADER, "空岗：7月26日（周日） 08:30") == 1
    assert "⚠️ 主班：无人排班" in (await room.types(OUT, "值班 明天"))[-1]
    answer = (await room.types("刘芳", "我来顶"))[-1]
    assert "刘芳 顶上空岗" in answer
    assert "主班：刘芳" in (await room.types(OUT, "值班 明天"))[-1]
    await room.presses(LEADER, "同意")
    assert "顶班已补批" in room.last("刘芳")
    await _until(room, 26, "08:31")
    assert _count(room, ADMIN, "现在空岗") == 0


async def test_a_post_that_stays_open_is_said_again_when_it_begins(room: Room) -> None:
    day = "日期,带班领导,值班人员\n2026-07-26,,郑伟\n"
    await room.sends_file(ADMIN, "值班表.csv", day.encode())
    number = next(w for w in room.last(ADMIN).split() if w.startswith("D"))
    await room.types(ADMIN, f"确认 {number} 因为 待定")
    await _until(room, 26, "08:31")
    assert _count(room, ADMIN, "现在空岗") == 1
    assert "⚠️ 带班领导：无人排班" in (await room.types(OUT, "值班"))[-1]


@pytest.mark.parametrize("minutes", [5])
async def test_who_swapped_in_five_minutes_ago_is_the_incoming_officer(room: Room, minutes: int) -> None:
    await _until(room, 26, "08:20")
    shift = await _shift(room, IN)
    await room.types(IN, f"调班 {shift} 刘芳")
    await room.types("刘芳", f"同意 {shift}")
    await room.types(LEADER, f"同意 {shift}")
    await room.fast_forward(minutes=minutes)
    await room.types(OUT, "交班")
    await room.presses(OUT, "交班")
    assert "刘芳" in (await room.types(IN, "接班"))[-1]
    await room.types("刘芳", "接班")
    await room.presses("刘芳", "接班")
    assert "主班：刘芳" in (await room.types(OUT, "值班"))[-1]
    await _until(room, 26, "08:45")
    assert not any("未报到岗" in text and "何琳" in text for text in room.heard(NEXT_LEADER))
    assert not any("请到岗" in text for text in room.heard(IN)[-3:])
