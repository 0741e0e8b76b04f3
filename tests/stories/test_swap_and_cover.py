"""Shifts change hands by consent and approval, or at once when somebody steps in; prompts follow the shift."""

from datetime import datetime

import pytest

from domain.people import Role
from storage import people
from tests.stories.room import ZONE, Room

OUT, IN, LEADER, NEXT_LEADER, ADMIN = "郑伟", "何琳", "张慧敏", "赵文斌", "宋倩"


async def _until(room: Room, day: int, clock: str) -> None:
    hour, minute = (int(part) for part in clock.split(":"))
    then = datetime(2026, 7, day, hour, minute, tzinfo=ZONE)
    await room.fast_forward(seconds=(then - room.clock.now()).total_seconds())


async def _shift(room: Room, name: str) -> str:
    """Return the number of a person's next shift that has not begun."""
    lines = (await room.types(name, "我的班"))[-1].splitlines()
    return next(
        line.split()[0] for line in lines if line.startswith("S") and "7月25日" not in line.split(" 至")[0]
    )


async def _other_officer(room: Room) -> str:
    async with room.app.db.read() as tx:
        return next(a.name for a in await people.with_role(tx, Role.OFFICER) if a.name not in (OUT, IN))


async def test_a_swap_needs_the_others_consent_and_the_leaders_approval(room: Room) -> None:
    other, shift = await _other_officer(room), await _shift(room, IN)
    assert "在此之前仍由您值班" in (await room.types(IN, f"调班 {shift} {other} 家中有事"))[-1]
    assert "何琳 想请" in room.last(other)
    assert "家中有事" in room.last(other)
    await room.presses(other, "同意")
    assert "待带班领导批准" in "\n".join(room.heard(IN))
    assert "主班：何琳" in (await room.types(OUT, "值班 明天"))[-1]
    assert "请批准" in room.last(LEADER)
    await room.presses(LEADER, "同意")
    assert f"主班：{other}" in (await room.types(OUT, "值班 明天"))[-1]
    assert "已批准生效" in "\n".join(room.heard(IN))
    assert "已批准生效" in "\n".join(room.heard(other))
    await _until(room, 25, "16:05")
    assert "值班提醒" not in "\n".join(room.heard(IN))
    assert "值班提醒" in "\n".join(room.heard(other))


async def test_the_other_person_may_decline(room: Room) -> None:
    other, shift = await _other_officer(room), await _shift(room, IN)
    await room.types(IN, f"调班 {shift} {other}")
    await room.presses(other, "不同意")
    assert "对方不同意，班次不变" in room.last(IN)
    assert "请批准" not in "\n".join(room.heard(LEADER))
    assert "没有" in (await room.types(LEADER, f"同意 {shift}"))[-1]
    assert "主班：何琳" in (await room.types(OUT, "值班 明天"))[-1]


@pytest.mark.parametrize("said", ["撤回", "不同意，孩子病了"])
async def test_who_agreed_may_take_it_back_until_it_is_approved(room: Room, said: str) -> None:
    other, shift = await _other_officer(room), await _shift(room, IN)
    await room.types(IN, f"调班 {shift} {other}")
    await room.presses(other, "同意")
    assert "撤回" in room.buttons(other)
    word, _, why = said.partition("，")
    await room.types(other, f"{word} {shift}" + (f"，{why}" if why else ""))
    assert "对方不同意，班次不变" in room.last(IN)
    assert why in room.last(IN)
    assert "对方已回复不同意" in (await room.types(LEADER, f"同意 {shift}"))[-1]
    assert "主班：何琳" in (await room.types(OUT, "值班 明天"))[-1]


async def test_the_leader_may_refuse(room: Room) -> None:
    other, shift = await _other_officer(room), await _shift(room, IN)
    await room.types(IN, f"调班 {shift} {other}")
    await room.types(other, f"同意 {shift}")
    await room.types(LEADER, f"不同意 {shift}")
    assert "领导不同意，班次不变" in room.last(IN)
    assert "领导不同意，班次不变" in room.last(other)
    assert "主班：何琳" in (await room.types(OUT, "值班 明天"))[-1]


async def test_nobody_but_those_asked_answers_a_swap(room: Room) -> None:
    other, shift = await _other_officer(room), await _shift(room, IN)
    await room.types(IN, f"调班 {shift} {other}")
    for name in (OUT, IN, LEADER, "王秀兰"):
        answer = (await room.types(name, f"同意 {shift}"))[-1]
        assert "没有变动" in answer
    await room.types(other, f"同意 {shift}")
    for name in (OUT, IN, other, "王秀兰"):
        answer = (await room.types(name, f"同意 {shift}"))[-1]
        assert "带班领导" in answer
    assert "主班：何琳" in (await room.types(OUT, "值班 明天"))[-1]


async def test_what_cannot_be_swapped_is_said(room: Room) -> None:
    other, shift = await _other_officer(room), await _shift(room, IN)
    running = (await room.types(OUT, "我的班"))[-1].splitlines()[1].split()[0]
    for name, text, word in (
        (OUT, f"调班 {running} {IN}", "已经开始"),
        (OUT, f"调班 {shift} {other}", "不是您的"),
        (IN, f"调班 {shift} {IN}", "没有可换的人"),
        (IN, f"调班 {shift} 王秀兰", "没有可换的人"),
        (IN, f"调班 {shift} 无此人", "没有可换的人"),
        (IN, f"调班 {shift} {other} S1", "S1 不是"),
        (IN, "调班", "例"),
        (IN, "调班 明天", "例"),
    ):
        assert word in (await room.types(name, text))[-1], text


async def test_two_shifts_are_exchanged(room: Room) -> None:
    mine, theirs = await _shift(room, IN), await _shift(room, OUT)
    await room.types(IN, f"调班 {mine} {OUT} {theirs}")
    await room.presses(OUT, "同意")
    await room.presses(LEADER, "同意")
    assert "主班：郑伟" in (await room.types(OUT, "值班 明天"))[-1]
    assert "7月31日" in (await room.types(IN, "我的班"))[-1]


async def test_deputies_and_drivers_swap_among_themselves(room: Room) -> None:
    shift = await _shift(room, "朱敏")
    assert "已发给 杨帆" in (await room.types("朱敏", f"调班 {shift} 杨帆"))[-1]
    shift = await _shift(room, "罗树林")
    assert "已发给 高建平" in (await room.types("罗树林", f"调班 {shift} 高建平"))[-1]


async def test_a_deputy_does_not_cover_the_leader(room: Room) -> None:
    shift = await _shift(room, NEXT_LEADER)
    assert "不能顶" in (await room.types("杨帆", f"我来顶 {shift}"))[-1]


async def test_who_steps_in_is_on_watch_at_once(room: Room) -> None:
    answer = (await room.types(IN, "我来顶 郑伟发烧"))[0]
    assert "何琳 顶替 郑伟" in answer
    assert "主班：何琳" in (await room.types("王秀兰", "值班"))[-1]
    assert "顶替" in room.last(OUT)
    assert "何琳 已临时顶替 郑伟" in room.last(LEADER)
    assert "郑伟发烧" in room.last(LEADER)
    await room.presses(LEADER, "同意")
    assert "顶班已补批" in "\n".join(room.heard(IN))


async def test_a_shift_is_prompted_the_day_before_two_hours_and_a_quarter_before(room: Room) -> None:
    await _until(room, 25, "15:59")
    assert room.heard(IN) == []
    await _until(room, 25, "16:01")
    assert room.heard(IN)[-1].startswith("值班提醒：")
    assert "已记录：收到" in await room.presses(IN, "收到")
    await _until(room, 26, "06:31")
    assert room.last(IN).startswith("快到班了：")
    await _until(room, 26, "08:16")
    assert "请到岗" in "\n".join(room.heard(IN))
    assert "到岗" in await room.presses(IN, "到岗")
    await _until(room, 26, "09:00")
    assert "何琳 未报到岗" not in "\n".join(room.heard(NEXT_LEADER) + room.heard(ADMIN))


async def test_who_does_not_arrive_is_told_to_the_leader_then_to_the_admin(room: Room) -> None:
    await _until(room, 26, "08:39")
    assert "何琳 未报到岗" not in "\n".join(room.heard(NEXT_LEADER))
    await _until(room, 26, "08:41")
    assert "何琳 未报到岗" in "\n".join(room.heard(NEXT_LEADER))
    assert "何琳 未报到岗" not in "\n".join(room.heard(ADMIN))
    await _until(room, 26, "08:51")
    assert "何琳 未报到岗" in "\n".join(room.heard(ADMIN))
    assert "可替班" in "\n".join(room.heard(ADMIN))
