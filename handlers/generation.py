"""排班."""

from actions import generation as act
from domain.day_text import names_month
from domain.people import Role
from handlers.desk import Answer, Desk, command
from handlers.process import lent


@command(
    "generate",
    "排班",
    Role.ADMIN,
    describe="自动排一个月或一年的班",
    example="排班 2026-12",
    free=names_month,
)
async def generate(desk: Desk) -> Answer:
    """Keep the request; the solver starts right after this unit of work."""
    answer, key = await act.ask(desk.tx, desk.who, desk.now, desk.text)
    if key is not None:
        desk.tx.after.append(lambda: lent().generate(key))
    return answer
