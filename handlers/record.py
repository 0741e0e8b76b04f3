"""交接班记录, 模板."""

from actions import record
from domain.notices import base
from domain.notices import record as say
from domain.people import Role
from handlers.desk import Answer, Desk, command
from handlers.process import lent


@command("record", "交接班记录", *record.READERS, describe="交接班记录的列表和文件", example="交接班记录 H3")
async def records(desk: Desk) -> Answer:
    """List handovers, or send the printed one."""
    return await record.look(desk.tx, desk.who, desk.now, desk.text, lent().kept)


@command("template", "模板", Role.ADMIN, describe="查看和更换 Word 模板", example="模板 交接班记录 恢复")
async def template(desk: Desk) -> Answer:
    """Show the templates, take a new one, or go back to the shipped one."""
    name = record.template_named(desk.text, desk.attachment.name if desk.attachment else "")
    if desk.attachment is None and "恢复" not in desk.text:
        return await record.templates(desk.tx, desk.who, desk.now)
    if name is None:
        return base.WrongForm(why="没有这个模板，没有改动。", example="模板 交接班记录 恢复")
    if desk.attachment is None:
        await record.put_template(desk.tx, desk.now, desk.who.id, name, None)
        return None
    if desk.attachment.refused:
        return say.TemplateRefused(name=name, why=desk.attachment.refused)
    return await record.try_template(desk.tx, desk.who, desk.now, name, desk.attachment.sha256)
