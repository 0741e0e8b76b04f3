"""What the simulated days found, each as a short story."""

from tests.stories.room import Room
from tests.stories.test_duty_day import BLUE

OFFICER, ADMIN = "郑伟", "宋倩"
A, NEW = "赵永明", "钱新人"


async def _new_holder(room: Room, account: int) -> None:
    sheet = (
        "单位,上级单位,层级,角色,AB角,姓名,职务,电话,telegram_id\n"
        f"柳湾社区,沽水街道,社区,责任人,A,{NEW},书记,13900000001,{account}\n"
    )
    room.api.add_account(account, NEW)
    room.ids[NEW] = account
    await room.sends_file(ADMIN, "人员.csv", sheet.encode())
    await room.presses(ADMIN, "确认")


async def test_who_takes_a_unit_over_in_a_warning_gets_its_text_once(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    await room.fast_forward(minutes=3)
    await _new_holder(room, 77001)
    await room.fast_forward(minutes=1)
    assert await room.app.clockwork.audit() == []
    await room.settle()
    assert sum(BLUE in text for text in room.heard(NEW)) == 1


async def test_a_reason_said_twice_is_told_to_the_officer_once(room: Room) -> None:
    await room.types(OFFICER, BLUE)
    await room.presses(OFFICER, "下发")
    for _ in range(2):
        answer = (await room.types(A, "无法传达 W1 停电"))[-1]
        assert "停电" in answer
    assert sum("无法传达" in text and "停电" in text and A in text for text in room.heard(OFFICER)) == 1
    await room.types(A, "无法传达 W1 桥断了")
    assert any("桥断了" in text for text in room.heard(OFFICER))


async def test_a_figure_is_not_lowered_past_an_uncertain_one(room: Room) -> None:
    await room.types(OFFICER, "首报 刚才海棠里社区17号楼路面积水，3人受伤，已通知消防")
    await room.presses(OFFICER, "发送")
    await room.types(OFFICER, "续报 E1 有人受伤，人数不详")
    await room.presses(OFFICER, "发送")
    answer = (await room.types(OFFICER, "续报 E1 1人受伤"))[-1]
    assert "更正" in answer
