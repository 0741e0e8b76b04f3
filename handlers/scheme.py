"""班制."""

from actions import scheme as act
from domain.people import Role
from handlers.desk import Answer, Desk, command


@command(
    "scheme",
    "班制",
    Role.ADMIN,
    describe="岗位、班次、加强值班，查看和修改",
    example="班制 班次 夜班 17:30-08:30 主班1",
)
async def scheme(desk: Desk) -> Answer:
    """Show or change the scheme."""
    return await act.show_or_change(desk.tx, desk.who, desk.now, desk.text)
