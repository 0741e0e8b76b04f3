"""首报, 续报, 终报 and what follows from them."""

from actions import incident as act
from actions import incident_files, incident_list, incident_mend, incident_triage, incident_words, report
from actions.incident_words import Told
from domain.notices import base
from domain.people import Role
from handlers.desk import Answer, Desk, answer, command, press, twin, with_words
from handlers.dutylog import file_of
from handlers.show import by_number
from storage import draft


def number(subject: str) -> int:
    """Return the key in E7."""
    return int(subject[1:])


@command(
    "report",
    "首报",
    Role.OFFICER,
    Role.DEPUTY,
    Role.REPORTER,
    Role.CONTACT,
    Role.LEADER,
    describe="报告突发事件，一句话即可",
    example="首报 刚才3号楼电动车着火，有人没下来",
    free=True,
    daily=(Role.OFFICER, Role.DEPUTY, Role.REPORTER),
)
async def first(desk: Desk) -> Answer:
    """Take a first report; as an answer to a message, that one's words and file."""
    desk.text = "\n".join(filter(None, (desk.text, desk.quoted)))
    if not desk.text and desk.attachment is None:
        return base.WrongForm(
            why="请在「首报」后面写一句话：什么时候、哪里、什么事、有没有人。",
            example="首报 刚才海棠里3号楼着火，119已打",
        )
    return await incident_words.receive(desk.tx, desk.who, desk.now, told(desk, said=True))


def told(desk: Desk, *, said: bool = False, placed: bool = False) -> Told:
    """Return what came in as a first word, with its file or why there is none."""
    file = desk.attachment
    return Told(
        text=desk.text,
        file=file_of(desk),
        file_name=file.name if file else "",
        refused=file.refused if file else None,
        album=desk.album,
        origin=desk.origin,
        said=said,
        placed=placed,
        received_at=desk.received_at,
    )


@command(
    "followup",
    "续报",
    Role.OFFICER,
    Role.DEPUTY,
    Role.LEADER,
    describe="续报，只说变化",
    example="续报 E7 明火已灭，1人送医",
    free=True,
)
async def followup(desk: Desk) -> Answer:
    """Read a follow-up; a leader's words for one go to the officers."""
    return await report.follow_up(desk.tx, desk.who, desk.now, desk.text, "followup")


@command(
    "final",
    "终报",
    Role.OFFICER,
    Role.DEPUTY,
    Role.LEADER,
    describe="终报，结束事件",
    example="终报 E7 处置完毕，人员全部返回",
    free=True,
)
async def final(desk: Desk) -> Answer:
    """Read a final report; a leader's words for one go to the officers."""
    return await report.follow_up(desk.tx, desk.who, desk.now, desk.text, "final")


@command(
    "incidents",
    "事件",
    Role.OFFICER,
    Role.DEPUTY,
    Role.LEADER,
    Role.ADMIN,
    Role.SUPERIOR,
    describe="进行中的事件，先到期的在前",
    daily=(Role.OFFICER, Role.DEPUTY, Role.LEADER),
)
async def incidents(desk: Desk) -> Answer:
    """List open incidents; with a number behind it show that one."""
    if shown := await by_number(desk):
        return shown
    return await incident_list.listing(desk.tx, desk.who, desk.now)


@press("incident.followup")
async def pick_followup(desk: Desk, subject: str) -> Answer:
    """The incident of a kept follow-up was picked."""
    return await _picked(desk, subject, "followup")


@press("incident.final")
async def pick_final(desk: Desk, subject: str) -> Answer:
    """The incident of a kept final report was picked."""
    return await _picked(desk, subject, "final")


async def _picked(desk: Desk, subject: str, stage: str) -> Answer:
    event, _, kept = subject.partition(":")
    found = await draft.by_id(desk.tx, int(kept))
    if found is None or not await draft.use(desk.tx, desk.now, found.id):
        return base.DraftUsed()
    return await report.follow_up(desk.tx, desk.who, desk.now, f"{event} {found.text}", stage)


@press("incident.take")
async def take(desk: Desk, subject: str) -> Answer:
    """A reporter's word becomes an incident."""
    return await act.take(desk.tx, desk.who, desk.now, number(subject))


@press("incident.log_only")
async def log_only(desk: Desk, subject: str) -> Answer:
    """A reporter's word is only logged."""
    return await act.log_only(desk.tx, desk.who, desk.now, number(subject))


@press("incident.join")
async def join(desk: Desk, subject: str) -> Answer:
    """A reporter's word joins an incident."""
    event, _, target = subject.partition(":")
    return await act.join(desk.tx, desk.who, desk.now, number(event), number(target))


@answer("incident.send", "发送", "E", several=True)
@with_words("发送", "E")
async def say_send(desk: Desk, key: int, rest: str) -> Answer:
    """发送 E7."""
    del rest
    return await report.send_newest(desk.tx, desk.who, desk.now, key)


@press("incident.send_report")
async def press_send_report(desk: Desk, subject: str) -> Answer:
    """发送 under a follow-up."""
    return await report.send(desk.tx, desk.who, desk.now, int(subject))


@press("incident.drop_report")
async def press_drop_report(desk: Desk, subject: str) -> Answer:
    """取消 under a follow-up."""
    return await report.drop(desk.tx, desk.who, desk.now, int(subject))


@answer("incident.discard", "取消", "E", several=True)
@with_words("取消", "E")
async def say_discard(desk: Desk, key: int, rest: str) -> Answer:
    """取消 E7."""
    del rest
    return await act.discard(desk.tx, desk.who, desk.now, key)


@answer("incident.phoned", "已电话报告", "E", several=True)
async def say_phoned(desk: Desk, key: int, rest: str) -> Answer:
    """已电话报告 E7 张科长."""
    return await report.phoned(desk.tx, desk.who, desk.now, key, rest.strip())


@answer("incident.no_change", "无变化", "E", several=True)
async def say_no_change(desk: Desk, key: int, rest: str) -> Answer:
    """无变化 E7; 无变化 E7 现场仍在抢修."""
    return await report.no_change(desk.tx, desk.who, desk.now, key, rest)


# --- joining, parting, mending, files ----------------------------------------------------------------------


def _two(subject: str) -> tuple[int, str]:
    """Return the event and what stands behind it in E7:…."""
    event, _, rest = subject.partition(":")
    return number(event), rest


@press("incident.merge")
async def press_merge(desk: Desk, subject: str) -> Answer:
    """并入 on the card of an incident told twice."""
    event, other = _two(subject)
    return await incident_triage.merge(desk.tx, desk.who, desk.now, event, number(other))


@twin("并入", "E")
async def say_merge(desk: Desk, key: int, rest: str) -> Answer:
    """并入 E9 E7."""
    other = incident_files.named(rest)
    return await incident_triage.merge(desk.tx, desk.who, desk.now, key, other[0] if other else None)


@press("incident.split")
async def press_split(desk: Desk, subject: str) -> Answer:
    """拆成两起."""
    return await incident_triage.split(desk.tx, desk.who, desk.now, number(subject))


@twin("拆成两起", "E")
async def say_split(desk: Desk, key: int, rest: str) -> Answer:
    """拆成两起 E7."""
    del rest
    return await incident_triage.split(desk.tx, desk.who, desk.now, key)


@twin("补", "E")
@twin("更正", "E")
@twin("改正", "E")
async def mend(desk: Desk, key: int, rest: str) -> Answer:
    """补 E7 地点 …; what a reporter wants to mend is told to the officer."""
    if desk.who.has(*incident_words.REPORTERS) and not desk.who.has(Role.OFFICER, Role.DEPUTY):
        desk.text = rest
        return await incident_words.receive(desk.tx, desk.who, desk.now, told(desk))
    return await incident_mend.mend(desk.tx, desk.who, desk.now, key, rest)


@press("incident.mend")
async def press_mend(desk: Desk, subject: str) -> Answer:
    """One field is to be mended."""
    event, field = _two(subject)
    return await incident_mend.ask(desk.tx, desk.who, desk.now, event, field)


@press("incident.kind")
async def press_kind(desk: Desk, subject: str) -> Answer:
    """A type was picked."""
    event, place = _two(subject)
    return await incident_mend.pick_kind(desk.tx, desk.who, desk.now, event, int(place))


@press("incident.fill")
async def press_fill(desk: Desk, subject: str) -> Answer:
    """What a reporter added is filled in."""
    event, kept = _two(subject)
    return await incident_mend.fill(desk.tx, desk.who, desk.now, event, int(kept))


@press("incident.amend")
async def press_amend(desk: Desk, subject: str) -> Answer:
    """One field that stands otherwise is corrected."""
    event, rest = _two(subject)
    kept, _, field = rest.partition(":")
    return await incident_mend.amend(desk.tx, desk.who, desk.now, event, int(kept), field)


@answer("incident.files", "附件", "E")
async def files(desk: Desk, key: int, rest: str) -> Answer:
    """附件 E7."""
    del rest
    return await incident_files.send(desk.tx, desk.who, key)


@press("incident.attach")
async def press_attach(desk: Desk, subject: str) -> Answer:
    """An entry of the duty log is attached to an event."""
    event, entry = _two(subject)
    return await incident_files.attach_entry(desk.tx, desk.who, desk.now, event, number(entry))
