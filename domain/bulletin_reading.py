"""What can be read from an issued warning: colours, actions and the reading with its doubts.

A reading never replaces the text: `raw` is verbatim and is what gets forwarded (气象灾害防御条例 art. 30).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Colour(StrEnum):
    """The four levels of a warning, IV to I (突发事件应对法 art. 63)."""

    BLUE = "蓝"
    YELLOW = "黄"
    ORANGE = "橙"
    RED = "红"

    @property
    def rank(self) -> int:
        """Return 1 for blue to 4 for red."""
        return list(Colour).index(self) + 1


class Action(StrEnum):
    """What the issuer does with the warning."""

    NEW = "new"
    CONTINUE = "continue"
    UPGRADE = "upgrade"
    DOWNGRADE = "downgrade"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class BulletinReading:
    """One warning as read from a bulletin; None and () mean not said, `doubts` are questions to the officer.

    Times are aware; `window` is the words of the text, or PTnH for "未来n小时"; `raw` is the verbatim slice.
    `identifier`, `references`, `sent` and `status` come from XML only.
    """

    issuer: str | None
    issued_at: datetime | None
    action: Action
    hazard: str | None
    local_hazard: str | None
    colour: Colour | None
    from_colour: Colour | None
    area: tuple[str, ...]
    window: str | None
    onset: datetime | None
    expires: datetime | None
    event_code: str | None
    doubts: tuple[str, ...]
    raw: str
    identifier: str | None = None
    references: tuple[str, ...] = ()
    sent: datetime | None = None
    status: str | None = None


def to_json(reading: BulletinReading) -> dict[str, object]:
    """Return the reading's fields as JSON values; null means not said."""
    return {
        "issuer": reading.issuer,
        "issued_at": reading.issued_at.isoformat() if reading.issued_at else None,
        "action": reading.action.value,
        "hazard": reading.hazard,
        "colour": reading.colour.value if reading.colour else None,
        "from_colour": reading.from_colour.value if reading.from_colour else None,
        "area": list(reading.area),
        "window": reading.window,
        "event_code": reading.event_code,
        "doubts": list(reading.doubts),
    }
