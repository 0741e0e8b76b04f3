"""点名, 演练, 周期任务, 统计, 台账, 设置, 审计, 导出."""

from actions import audit, drill, evidence, export, obligation, rollcall, rule
from actions import stats as figures
from domain.day_text import names_month
from domain.notice import Notice
from domain.people import Role
from handlers.desk import Answer, Desk, command
from handlers.dutylog import file_of
from handlers.process import after_check


@command(
    "rollcall",
    "点名",
    Role.LEADER,
    Role.ADMIN,
    Role.SUPERIOR,
    Role.OFFICER,
    Role.DEPUTY,
    describe="点名查岗，可写姓名；被点的人用口令应答",
    example="点名 何琳",
    free=True,
)
async def roll_call(desk: Desk) -> Answer:
    """Ask the officer on duty or who is named, or answer with the code."""
    called = await rollcall.call_named(desk.tx, desk.who, desk.now, desk.text)
    return called or await rollcall.call_or_answer(desk.tx, desk.who, desk.now, desk.text)


@command(
    "drill",
    "演练",
    Role.ADMIN,
    Role.LEADER,
    describe="开始或结束演练",
    example="演练 开",
    free=drill.WORDS.__contains__,
)
async def drilling(desk: Desk) -> Answer:
    """Begin or end the exercise, or show whether one runs."""
    return await drill.switch(desk.tx, desk.who, desk.now, desk.text)


@command(
    "tasks",
    "周期任务",
    Role.OFFICER,
    Role.LEADER,
    Role.ADMIN,
    Role.DEPUTY,
    describe="周期任务的期限、完成情况和登记",
    example="周期任务 完成 O-01 会议纪要第7期",
    free=lambda rest: rest.startswith(("频次", "完成")),
)
async def obligations(desk: Desk) -> Answer:
    """Show the periodic obligations, or record that one was met."""
    if set_ := await obligation.set_frequency(desk.tx, desk.who, desk.now, desk.text):
        return set_
    if desk.text or desk.attachment:
        return await obligation.done(desk.tx, desk.who, desk.now, desk.text, file_of(desk))
    return await obligation.listing(desk.tx, desk.who, desk.now)


@command(
    "stats",
    "统计",
    Role.LEADER,
    Role.ADMIN,
    describe="叫应、报告和值班的月度数字",
    example="统计 2026-07",
    free=names_month,
)
async def stats(desk: Desk) -> Answer:
    """Show the figures of a month."""
    return await figures.month(desk.tx, desk.who, desk.now, desk.text)


@command(
    "evidence",
    "台账",
    Role.OFFICER,
    Role.LEADER,
    Role.ADMIN,
    Role.DEPUTY,
    describe="一个事件或预警的全部材料",
    example="台账 E7",
)
async def pack(desk: Desk) -> Answer:
    """Pack the evidence of one event."""
    who, text = desk.who, desk.text
    event = await evidence.about(desk.tx, text)
    if isinstance(event, Notice):
        return event
    after_check(desk, lambda tx, now, checked: evidence.pack(tx, who, now, text, checked))
    return None


@command(
    "config",
    "设置",
    Role.ADMIN,
    describe="查看和修改规则",
    example="设置 callout.red.remind 1m 因为 汛期",
    free=rule.names_rule,
)
async def config(desk: Desk) -> Answer:
    """Show or change the rules."""
    return await rule.read_or_change(desk.tx, desk.who, desk.now, desk.text)


@command("audit", "审计", Role.ADMIN, describe="最近的操作记录和日志链校验", example="审计 50")
async def newest(desk: Desk) -> Answer:
    """Show the newest log entries."""
    who, text = desk.who, desk.text
    if wrong := audit.wrong(text):
        return wrong
    after_check(desk, lambda tx, now, checked: audit.newest(tx, who, now, text, checked))
    return None


@command("export", "导出", Role.ADMIN, describe="导出人员、单位、值班表和日志")
async def everything(desk: Desk) -> Answer:
    """Export everything as sheets."""
    return await export.everything(desk.tx, desk.who, desk.now)
