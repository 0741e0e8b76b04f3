"""记录, 更正, 日志, 批示, 待办, 已办结."""

from actions import album, dutylog, dutylog_search, task, todo
from domain.dutylog import LISTED
from domain.notices.room import FileKept
from domain.people import Role
from handlers.desk import Answer, Desk, command, press, twin
from messages.room_files import act_word


def file_of(desk: Desk) -> FileKept | None:
    """Return the file that came with the message, None when there is none or it could not be kept."""
    file = desk.attachment
    if file is None or file.refused:
        return None
    return FileKept(name=file.name, sha256=file.sha256, size=file.size, kind=file.kind, text=file.text)


@command(
    "log",
    "记录",
    Role.OFFICER,
    Role.LEADER,
    Role.DEPUTY,
    describe="记入值班日志，可带照片、语音、位置",
    example="记录 22:10 巡查河道，水位正常",
    free=True,
    daily=(Role.OFFICER, Role.DEPUTY),
)
async def write(desk: Desk) -> Answer:
    """Write an entry of the duty log."""
    refused = desk.attachment.refused if desk.attachment else None
    return await album.write(desk.tx, desk.who, desk.now, desk.text, file_of(desk), refused, desk.album)


@twin("更正", "L")
async def correct(desk: Desk, number: int, rest: str) -> Answer:
    """Correct an entry by a new one."""
    return await dutylog.correct(desk.tx, desk.who, desk.now, number, rest)


@command(
    "daylog",
    "日志",
    *dutylog_search.READERS,
    describe="查值班日志：日期、姓名、编号、字词；打印一天",
    example="日志 7.25 刘芳",
)
async def search(desk: Desk) -> Answer:
    """Look through the duty log, or print a day of it."""
    words = {act: act_word(act) for act in LISTED}
    return await dutylog_search.search(desk.tx, desk.who, desk.now, desk.text, words)


@command(
    "instruct",
    "批示",
    Role.LEADER,
    describe="批示，可写给谁、几点前",
    example="批示 给刘芳 核查3号楼积水 17:00前",
    free=True,
    daily=(Role.LEADER,),
)
async def instruct(desk: Desk) -> Answer:
    """Give an instruction."""
    return await task.instruct(desk.tx, desk.who, desk.now, desk.text)


@command(
    "todo",
    "待办",
    Role.OFFICER,
    Role.LEADER,
    Role.DEPUTY,
    describe="未办结的事项；写内容就是添加",
    example="待办 明天8点前报送雨情",
    daily=(Role.OFFICER, Role.DEPUTY, Role.LEADER),
)
async def todos(desk: Desk) -> Answer:
    """List what is open, or add to it."""
    if desk.text:
        return await task.add_todo(desk.tx, desk.who, desk.now, desk.text)
    return await todo.listing(desk.tx, desk.who, desk.now)


@twin("已办结", "T", several=True)
async def done(desk: Desk, number: int, rest: str) -> Answer:
    """Finish a task."""
    return await task.done(desk.tx, desk.who, desk.now, number, rest)


@twin("收到", "T")
async def seen(desk: Desk, number: int, rest: str) -> Answer:
    """收到 T3: its owner has it."""
    return await task.seen(desk.tx, desk.who, desk.now, number, rest)


@press("task.done")
async def pressed_done(desk: Desk, subject: str) -> Answer:
    """Finish a task by its button."""
    return await task.done(desk.tx, desk.who, desk.now, int(subject[1:]))
