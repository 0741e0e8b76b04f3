"""What is to be printed is a row until it is printed: a full disk, a crash or a spoilt file loses nothing in silence."""

from pathlib import Path

from tests.stories.room import Room
from tests.stories.test_records_and_log import ADMIN, IN, OUT, _hand_over

RECORD = "[交接班记录20260726-0820.docx]"


def _full(room: Room) -> Path:
    """Let nothing be kept any more, as on a full disk; return the folder that could be written."""
    folder = room.app.prints.folder
    room.app.prints.folder = room.data / "rules.toml"  # no folder: every write into it fails
    return folder


async def test_a_print_that_cannot_be_kept_is_tried_until_it_is_and_the_admins_hear_once_a_day(
    room: Room,
) -> None:
    folder = _full(room)
    await _hand_over(room)
    await room.fast_forward(minutes=16)
    told = [text for text in room.heard(ADMIN) if "「交接班记录 H1」没有打印出来" in text]
    assert len(told) == 1
    assert "每 5 分钟" in told[0]
    assert RECORD not in "\n".join(room.heard(IN))
    room.clock.move(24 * 3600)
    await room.settle()
    assert sum("「交接班记录 H1」没有打印出来" in text for text in room.heard(ADMIN)) == 2
    room.app.prints.folder = folder
    await room.fast_forward(minutes=6)
    for name in (OUT, IN):
        assert sum(RECORD in text for text in room.heard(name)) == 1
    await room.fast_forward(minutes=20)
    assert sum(RECORD in text for text in room.heard(IN)) == 1
