"""交班, 接班."""

from actions import equipment as checking
from actions import handover as act
from domain.handover import ANSWERS, names_receiver
from domain.people import Role
from handlers.desk import GAPS, Answer, Desk, command, press, twin, with_words


@command(
    "handover",
    "交班",
    Role.OFFICER,
    Role.DEPUTY,
    describe="打开交接班记录",
    example="交班 传真机缺墨",
    daily=(Role.OFFICER, Role.DEPUTY),
    free=names_receiver,
    also=("我要交班", "我来交班", "我下班了", "我要下班了"),
)
async def hand_over(desk: Desk) -> Answer:
    """Open the sheet; to whom is the roster's to say."""
    return await act.hand_over(desk.tx, desk.who, desk.now, "" if names_receiver(desk.text) else desk.text)


@command(
    "takeover",
    "接班",
    Role.OFFICER,
    Role.DEPUTY,
    describe="逐项接收并签字",
    daily=(Role.OFFICER, Role.DEPUTY),
    also=("我来接班", "我接班"),
)
async def take_over(desk: Desk) -> Answer:
    """Walk the carried items."""
    return await act.take_over(desk.tx, desk.who, desk.now)


@command(
    "force",
    "强制交接",
    Role.LEADER,
    describe="联系不上时由领导确认交接，须写原因",
    example="强制交接 陈刚 刘芳突发疾病送医",
    free=True,
)
async def force(desk: Desk) -> Answer:
    """Force a handover."""
    name, *reason = GAPS.split(desk.text, maxsplit=1)
    return await act.force(desk.tx, desk.who, desk.now, name, "".join(reason).strip())


@press("handover.sign_out")
async def press_sign_out(desk: Desk, subject: str) -> Answer:
    """交班."""
    return await act.sign_out(desk.tx, desk.who, desk.now, int(subject))


@twin("交班", "H")
async def say_sign_out(desk: Desk, key: int, rest: str) -> Answer:
    """交班 H3."""
    del rest
    return await act.sign_out(desk.tx, desk.who, desk.now, key)


@press("handover.sign_in")
async def press_sign_in(desk: Desk, subject: str) -> Answer:
    """接班."""
    return await act.sign_in(desk.tx, desk.who, desk.now, int(subject))


@twin("接班", "H")
async def say_sign_in(desk: Desk, key: int, rest: str) -> Answer:
    """接班 H3."""
    del rest
    return await act.sign_in(desk.tx, desk.who, desk.now, key)


@press("handover.accept")
async def press_accept(desk: Desk, subject: str) -> Answer:
    """接收."""
    return await act.answer(desk.tx, desk.who, desk.now, int(subject), "accepted")


@press("handover.finish")
async def press_finish(desk: Desk, subject: str) -> Answer:
    """已办结."""
    return await act.answer(desk.tx, desk.who, desk.now, int(subject), "finished")


@press("handover.refer")
async def press_refer(desk: Desk, subject: str) -> Answer:
    """转交."""
    return await act.answer(desk.tx, desk.who, desk.now, int(subject), "referred")


@press("handover.accept_all")
async def press_accept_all(desk: Desk, subject: str) -> Answer:
    """全部接收."""
    return await act.accept_all(desk.tx, desk.who, desk.now, int(subject))


@twin("全部接收", "H")
async def say_accept_all(desk: Desk, key: int, rest: str) -> Answer:
    """全部接收 H3."""
    del key, rest
    return await act.accept_the_rest(desk.tx, desk.who, desk.now)


@press("handover.read_back")
async def press_read_back(desk: Desk, subject: str) -> Answer:
    """重点."""
    return await act.read_back(desk.tx, desk.who, desk.now, int(subject))


@command(
    "equipment", "设备", Role.OFFICER, Role.DEPUTY, describe="设备核对和故障", example="设备 传真机 缺墨"
)
async def equipment(desk: Desk) -> Answer:
    """Show the equipment, or note its state."""
    return await checking.check(desk.tx, desk.who, desk.now, desk.text)


@press("equipment.fine")
async def press_fine(desk: Desk, subject: str) -> Answer:
    """设备正常."""
    del subject
    return await checking.all_fine(desk.tx, desk.who, desk.now)


def _for(letter: str) -> None:
    """Register what is said of an event of one letter: 重点 E7, 下一步 E7 20:00前复核."""

    @twin("重点", letter, several=True)
    async def pick(desk: Desk, key: int, rest: str) -> Answer:
        del rest
        return await act.read_back_by_number(desk.tx, desk.who, desk.now, f"{letter}{key}")

    @twin("下一步", letter, several=True)
    async def plan(desk: Desk, key: int, rest: str) -> Answer:
        return await act.set_next_action(desk.tx, desk.who, desk.now, f"{letter}{key}", rest)


for one in "EWTR":
    _for(one)


def _answered(word: str, letter: str) -> None:
    """Register an answer to a carried item of one letter: 接收 E7, 转交 T2."""

    @twin(word, letter, several=True)
    @with_words(word, letter)
    async def carried(desk: Desk, key: int, rest: str) -> Answer:
        del rest
        return await act.answer_by_number(desk.tx, desk.who, desk.now, f"{letter}{key}", ANSWERS[word])


for said in ANSWERS:
    for one in "EWTR":
        if (ANSWERS[said], one) != ("finished", "T"):  # finishing a task is a word of its own
            _answered(said, one)
