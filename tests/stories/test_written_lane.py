"""The written lane: signed or sent back, up, received by name; nobody waited for in vain, nothing that went up changes."""

import pytest
import sqlalchemy

from storage import schema
from storage.database import StorageFailed
from tests.stories.room import Room

OFFICER, LEADER, DEPUTY, ADMIN, SUPERIOR = "郑伟", "张慧敏", "杨帆", "宋倩", "崔海波"
SMALL = "首报 今早8点福安里社区门口水管爆了，没人受伤，已通知水务"
FIRE = "首报 刚才海棠里3号楼电动车着火，有2人被困，119已打"


def said(room: Room, name: str) -> str:
    """Return everything a person has heard."""
    return "\n".join(room.heard(name))


async def reports(room: Room) -> list[dict[str, object]]:
    """Return the reports as they are kept."""
    async with room.app.db.read() as tx:
        rows = await tx.all(sqlalchemy.select(schema.reports).order_by(schema.reports.c.id))
        return [dict(r._mapping) for r in rows]


async def issues(room: Room) -> list[tuple[object, object]]:
    return [(r["issue"], r["state"]) for r in await reports(room)]


async def test_what_the_leader_signs_is_what_goes_up_whatever_is_reported_later(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.presses(OFFICER, "发送")
    waiting = room.last(LEADER)
    await room.types(OFFICER, "续报 E1 2人受伤送医")
    await room.presses(OFFICER, "发送")
    frozen = [r["content"] for r in await reports(room)]
    await room.types(LEADER, "签发 E1")
    await room.types(OFFICER, "续报 E1 更正 1人受伤，医院核实另一人是陪同")
    await room.presses(OFFICER, "发送")
    assert [r["content"] for r in await reports(room)][:2] == frozen
    text = next(line for line in waiting.splitlines() if line.startswith("7月25日8时许"))
    first = next(t for t in room.heard(SUPERIOR) if "7月25日8时许" in t)
    assert text in first
    assert "送医" not in first


async def test_a_report_written_anew_takes_the_number_of_the_one_that_came_back(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.presses(OFFICER, "发送")
    await room.types(LEADER, "退回 E1 写清楚几户停水")
    await room.types(OFFICER, "首报 刚才河滨路有树倒了，没人受伤")
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "首报 E1 今早8点福安里社区门口水管爆了，约30户停水，没人受伤")
    await room.presses(OFFICER, "发送")
    assert await issues(room) == [(1, "returned"), (2, "to_sign"), (1, "to_sign")]
    for order, why in ((1, "写清楚谁在抢修"), (2, "")):
        await room.types(OFFICER, f"续报 E1 水务2人在抢修，第{order}稿")
        await room.presses(OFFICER, "发送")
        if why:
            await room.types(LEADER, f"退回 E1 {why}")
    assert (await issues(room))[3:] == [(3, "returned"), (3, "to_sign")]
    content = (await reports(room))[-1]["content"]
    assert isinstance(content, dict)
    assert content["order"] == 1


async def test_a_dropped_draft_uses_up_no_number_and_the_order_is_the_order_of_sending(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "续报 E1 消防到场")
    await room.presses(OFFICER, "取消")
    assert "续报一" in (await room.types(OFFICER, "续报 E1 明火已灭"))[-1]
    early = room.api.chat(room.ids[OFFICER])[-1]
    button = next(k["callback_data"] for row in early["keyboard"] for k in row if k["text"] == "发送")
    assert "续报一" in (await room.types(OFFICER, "续报 E1 正在清理"))[-1]
    assert "续报一" in await room.presses(OFFICER, "发送")
    query = room.api.press_stale(room.ids[OFFICER], early["message_id"], button)
    await room.settle()
    assert "续报二" in ((await room.api.answer(query)).text or "")
    up = [t for t in room.heard(SUPERIOR) if "续报" in t.split("\n")[1]]
    assert ["正在清理" in up[0], "明火已灭" in up[1]] == [True, True]
    assert ["续报一" in up[0], "续报二" in up[1]] == [True, True]


async def test_a_skipped_number_is_noticed(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    shown = (await room.types(OFFICER, "续报 E1 续报三：明火已灭"))[-1]
    assert "第 3 次续报，按编号这是第 1 次" in shown


async def test_what_went_up_is_not_returned_but_corrected(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    answer = (await room.types(LEADER, "退回 E1 地点不对"))[-1]
    assert "不能退回" in answer
    assert "续报 E1 更正" in answer
    assert [r["state"] for r in await reports(room)] == ["sent"]


async def test_a_receipt_told_by_phone_has_a_name_and_who_wrote_it_down(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    assert "谁收到" in (await room.types(OFFICER, "上级已收到 E1"))[-1]
    assert "值班员" in (await room.types(LEADER, "上级已收到 E1 王科长"))[-1]
    assert "王科长 收到事件 E1" in (await room.types(OFFICER, "上级已收到 E1 王科长"))[-1]
    assert f"王科长 已收到（电话核实，{OFFICER}记）" in (await room.types(OFFICER, "E1"))[-1]
    assert "王科长 已收到" in room.last_words(SUPERIOR)
    assert "没有待确认" in (await room.types(SUPERIOR, "收到 E1"))[-1]
    kept = (await reports(room))[0]
    assert (kept["receipt"], kept["receipt_how"], kept["state"]) == ("王科长", "phone", "confirmed")


async def test_a_superior_who_never_confirms_is_called_after_told_to_the_leader_and_shown(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    await room.fast_forward(minutes=21)
    assert "还没有确认收到" in said(room, OFFICER)
    assert "还没有确认收到" not in said(room, LEADER)
    await room.fast_forward(minutes=10)
    assert "还没有确认收到" in said(room, LEADER)
    assert "上级未确认 3" in next(t for t in room.heard(OFFICER) if "已报送" in t)
    before = said(room, OFFICER).count("还没有确认收到")
    await room.fast_forward(hours=3)
    assert said(room, OFFICER).count("还没有确认收到") == before + 3
    await room.types(OFFICER, "续报 E1 明火已灭")
    await room.presses(OFFICER, "发送")
    await room.presses(SUPERIOR, "收到")
    assert [r["state"] for r in await reports(room)] == ["sent", "confirmed"], (
        "only the later one was pressed"
    )
    before = said(room, OFFICER).count("还没有确认收到")
    await room.fast_forward(hours=2)
    assert said(room, OFFICER).count("还没有确认收到") == before


async def test_an_unsigned_report_goes_to_one_leader_more_at_each_reminder_and_the_first_signs(
    room: Room,
) -> None:
    await room.types(OFFICER, SMALL)
    await room.presses(OFFICER, "发送")
    others = [n for n in await leaders(room) if n != LEADER]
    await room.fast_forward(minutes=11)
    assert not any("请签发" in said(room, n) for n in others)
    await room.fast_forward(minutes=10)
    asked = [n for n in others if "请签发" in said(room, n)]
    assert len(asked) == 1
    assert f"已同时请 {asked[0]} 签发" in said(room, OFFICER)
    await room.fast_forward(minutes=10)
    assert len([n for n in others if "请签发" in said(room, n)]) == min(2, len(others))
    assert "已签发" in await room.presses(asked[0], "签发")
    assert "7月25日8时许" in room.last_words(SUPERIOR)
    assert f"{asked[0]} 已签发" in said(room, LEADER)
    assert "签发" not in room.buttons(LEADER)
    assert f"已由 {asked[0]} 签发" in (await room.types(LEADER, "签发 E1"))[-1]


async def test_where_no_leader_on_duty_can_be_written_to_the_next_is_asked_at_once(room: Room) -> None:
    async with room.app.db.write() as tx:
        unbound = sqlalchemy.text("UPDATE people SET telegram_id = NULL WHERE name = :name")
        await tx.run(unbound.bindparams(name=LEADER))
    await room.types(OFFICER, SMALL)
    answer = await room.presses(OFFICER, "发送")
    others = [n for n in await leaders(room) if n != LEADER]
    asked = [n for n in others if "请签发" in said(room, n)]
    assert [name in answer for name in asked] == [True]
    assert "已签发" in await room.presses(asked[0], "签发")


async def leaders(room: Room) -> list[str]:
    async with room.app.db.read() as tx:
        rows = await tx.all(
            sqlalchemy.text(
                "SELECT name FROM people WHERE id IN"
                " (SELECT person_id FROM posts_held WHERE role = 'leader') ORDER BY id"
            )
        )
        return [r.name for r in rows]


async def test_the_database_itself_keeps_what_went_up(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    with pytest.raises(StorageFailed, match="never changes"):
        async with room.app.db.write() as tx:
            await tx.run(sqlalchemy.text("UPDATE reports SET raw = 'x'"))


async def figures(room: Room) -> list[tuple[object, ...]]:
    async with room.app.db.read() as tx:
        rows = await tx.all(sqlalchemy.text("SELECT name, value, text FROM figures ORDER BY id"))
        return [tuple(r) for r in rows]


async def test_only_what_changed_is_said_each_figure_with_what_stood_before_and_by_whom(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "续报 E1 仍有2人被困，1人受伤送医")
    draft = room.last_words(OFFICER)
    assert "变化：受伤 1人" in draft
    assert "被困" not in draft.split("变化：")[1].split("\n")[0]
    await room.presses(OFFICER, "发送")
    await room.fast_forward(minutes=5)
    await room.types(OFFICER, "续报 E1 医院报2人受伤，被困人员救出2人，无人被困")
    draft = room.last_words(OFFICER)
    assert f"受伤 2人（医院说）（原报 1人（{OFFICER} 10:00））" in draft
    assert f"原报 2人（{OFFICER} 10:00）" in draft
    await room.presses(OFFICER, "发送")
    up = room.last_words(SUPERIOR)
    assert "续报二" in up
    assert "无人被困" in up


async def test_a_lower_figure_needs_a_reason_and_the_old_value_stands_beside_the_correction(
    room: Room,
) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "续报 E1 2人受伤送医")
    await room.presses(OFFICER, "发送")
    for lowering in ("续报 E1 1人受伤", "续报 E1 更正 1人受伤"):
        answer = (await room.types(OFFICER, lowering))[-1]
        assert "受伤由2人减为1人，没有发出" in answer
        assert "草稿 D" in answer
    await room.types(OFFICER, "续报 E1 更正 1人受伤，医院核实另一人是陪同")
    await room.presses(OFFICER, "发送")
    assert "更正：受伤，原报“2人”，更正为“1人”。" in room.last_words(SUPERIOR)
    assert f"受伤 1人（更正）（原报 2人（{OFFICER} 10:00））" in (await room.types(OFFICER, "E1"))[-1]
    assert ("injured", 2, "2人") in await figures(room)


THREE = "消防说2人受伤，派出所说3人受伤，社区说1人受伤"


async def test_three_words_on_one_figure_are_asked_about_and_sent_with_each_others_name(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    draft = (await room.types(OFFICER, f"续报 E1 {THREE}"))[-1]
    assert "口径不一：受伤 消防说2人、派出所说3人、社区说1人" in draft
    await room.presses(OFFICER, "发送")
    assert "受伤 1人（社区说，口径不一：消防说2人、派出所说3人、社区说1人）" in room.last_words(SUPERIOR)
    assert [f for f in await figures(room) if f[0] == "injured"] == [
        ("injured", 2, "2人"),
        ("injured", 3, "3人"),
        ("injured", 1, "1人"),
    ]


async def test_three_words_in_three_follow_ups_overwrite_nothing(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    draft = ""
    for words in THREE.split("，"):
        draft = (await room.types(OFFICER, f"续报 E1 {words}"))[-1]
        await room.presses(OFFICER, "发送")
    assert "口径不一：受伤 消防说2人、派出所说3人、社区说1人" in draft
    card = (await room.types(OFFICER, "E1"))[-1]
    assert "受伤 1人（社区说）（原报 2人（消防 10:00） → 3人（派出所 10:00））" in card


async def test_three_reporters_words_joined_are_kept_apart_before_any_is_sent(room: Room) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    for reporter, words in (("张玉梅", "2人受伤"), ("刘海芝", "3人受伤"), ("黄淑军", "1人受伤")):
        await room.types(reporter, f"首报 海棠里3号楼着火，{words}")
        await room.presses(OFFICER, "并入 E1")
    assert "口径不一：受伤 张玉梅说2人、刘海芝说3人、黄淑军说1人" in room.last_words(OFFICER)
    await room.presses(OFFICER, "正在核实")
    await room.presses(OFFICER, "发送")
    assert "受伤 正在核实（张玉梅说2人，刘海芝说3人，黄淑军说1人）" in room.last_words(SUPERIOR)


@pytest.mark.parametrize(
    ("word", "sent"),
    [("采用 派出所说3人", "受伤 3人"), ("正在核实", "受伤 正在核实（消防说2人，派出所说3人，社区说1人）")],
)
async def test_one_of_three_words_is_chosen_or_said_to_be_verified(room: Room, word: str, sent: str) -> None:
    await room.types(OFFICER, FIRE)
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, f"续报 E1 {THREE}")
    assert "已记录" in await room.presses(OFFICER, word)
    assert "口径不一" not in room.last_words(OFFICER)
    await room.presses(OFFICER, "发送")
    assert sent in room.last_words(SUPERIOR)
    assert "社区说1人" not in (await room.types(OFFICER, "续报 E1 消防说2人受伤"))[-1]


async def test_a_report_that_came_back_is_written_anew_in_one_version(room: Room) -> None:
    await room.types(OFFICER, SMALL)
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "续报 E1 1人受伤")
    await room.presses(OFFICER, "发送")
    await room.types(LEADER, "退回 E1 伤情写清楚")
    await room.types(OFFICER, "续报 E1 1人腿部受伤")
    shown = (await room.types(OFFICER, "续报 E1 1人左腿受伤"))[-1]
    assert "退回后重写：伤情写清楚" in shown
    assert "续报一" in shown
    assert [r["state"] for r in await reports(room)] == ["to_sign", "returned", "returned", "draft"]
    assert "变化：受伤 1人" in shown


async def test_a_signature_that_names_two_incidents_is_given_to_both(room: Room) -> None:
    for words in (SMALL, SMALL.replace("福安里", "东柳").replace("水管爆了", "路灯杆倒了")):
        await room.types(OFFICER, words)
        await room.presses(OFFICER, "发送")
    assert [r["state"] for r in await reports(room)] == ["to_sign", "to_sign"]
    answers = await room.types(LEADER, "签发 E1、E2")
    assert ["E1" in answers[0], "E2" in answers[1]] == [True, True]
    assert not {"to_sign"} & {r["state"] for r in await reports(room)}
