"""签发, 退回 and the receipt above: the written lane after 发送; 补报 and 重开 after 终报."""

from actions import report, report_final, report_reopen, report_sign, response
from domain.answer_words import stage_first
from domain.people import Role
from handlers.desk import Answer, Desk, answer, command, press, twin, with_words


@press("incident.sign")
async def press_sign(desk: Desk, subject: str) -> Answer:
    """签发."""
    return await report_sign.sign(desk.tx, desk.who, desk.now, int(subject))


@twin("签发", "E", several=True)
async def say_sign(desk: Desk, key: int, rest: str) -> Answer:
    """签发 E7; 签发 E7 续报: the reports of that stage only."""
    stage, words = stage_first(rest)

    @with_words("签发", "E")
    async def sign(desk: Desk, key: int, rest: str) -> Answer:
        del rest
        return await report_sign.sign_newest(desk.tx, desk.who, desk.now, key, stage)

    return await sign(desk, key, words)


@press("incident.return")
async def press_return(desk: Desk, subject: str) -> Answer:
    """退回."""
    return await report_sign.ask_reason(desk.tx, desk.who, desk.now, int(subject))


@twin("退回", "E")
async def say_return(desk: Desk, key: int, rest: str) -> Answer:
    """退回 E7 原因."""
    return await report_sign.give_back(desk.tx, desk.who, desk.now, key, rest)


@press("incident.confirm")
async def press_confirm(desk: Desk, subject: str) -> Answer:
    """收到 by the superior."""
    return await report_sign.confirm(desk.tx, desk.who, desk.now, int(subject), desk.how)


@twin("收到", "E", several=True)
@with_words("收到", "E")
async def say_confirm(desk: Desk, key: int, rest: str) -> Answer:
    """收到 E7: the superior's receipt, or a partner unit's."""
    del rest
    return await response.received(desk.tx, desk.who, desk.now, key, desk.how)


@twin("上级已收到", "E")
async def say_received_above(desk: Desk, key: int, rest: str) -> Answer:
    """上级已收到 E7 王科长."""
    return await report_sign.confirmed_by_phone(desk.tx, desk.who, desk.now, key, rest.strip())


@press("incident.choose")
async def press_choose(desk: Desk, subject: str) -> Answer:
    """采用 one of several words on a figure."""
    key, name, voice = subject.split(":")
    return await report.choose_word(desk.tx, desk.who, desk.now, int(key), name, voice)


@command(
    "supplement",
    "补报",
    Role.OFFICER,
    Role.DEPUTY,
    describe="终报之后的补报，如伤亡变化",
    example="补报 E7 1名伤者经抢救无效死亡",
    free=True,
)
async def supplement(desk: Desk) -> Answer:
    """Read what is reported after 终报."""
    return await report.supplement(desk.tx, desk.who, desk.now, desk.text)


@command(
    "reopen",
    "重开",
    Role.OFFICER,
    Role.DEPUTY,
    describe="重开已终报的事件，写明原因",
    example="重开 E7 余火复燃",
)
async def reopen(desk: Desk) -> Answer:
    """Open a closed incident again."""
    return await report_reopen.by_hand(desk.tx, desk.who, desk.now, desk.text)


@answer("incident.out", "已出院", "E", several=True)
@with_words("已出院", "E")
async def say_out(desk: Desk, key: int, rest: str) -> Answer:
    """已出院 E7."""
    del rest
    return await report_final.answer_hospital(desk.tx, desk.who, desk.now, key, out=True)


@answer("incident.still_in", "仍住院", "E", several=True)
@with_words("仍住院", "E")
async def say_still_in(desk: Desk, key: int, rest: str) -> Answer:
    """仍住院 E7."""
    del rest
    return await report_final.answer_hospital(desk.tx, desk.who, desk.now, key, out=False)
