"""The fields of a CAP 1.2 or 12379 file: their texts, pairs, times, references and areas."""

import re
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from config.tables import Places

_STAMPED = re.compile(
    r"(\d{4}-\d{1,2}-\d{1,2})[T ]+(\d{1,2}:\d{2}(?::\d{2})?)(?:\.\d+)?\s*([+-]\d{2}:?\d{2}|Z)?"
)
_BASIC = re.compile(r"\d{14}")


@dataclass(frozen=True, slots=True)
class Said:
    """An alert's and one info's fields, by name of the tag."""

    alert: Element
    info: Element

    def text(self, *names: str) -> str | None:
        """Return the first non-empty text of these tags, looked for in info, then alert."""
        for name in names:
            for parent in (self.info, self.alert):
                found = (parent.findtext(name) or "").strip()
                if found:
                    return found
        return None

    def pairs(self, name: str) -> dict[str, str]:
        """Return valueName to value of the CAP elements `name`."""
        return {
            (e.findtext("valueName") or "").strip(): (e.findtext("value") or "").strip()
            for e in self.info.iter(name)
        }

    def code(self) -> str | None:
        """Return the 12379 event code in either shape's place."""
        codes = [self.text("eventType") or "", *self.pairs("eventCode").values()]
        return next((code for code in codes if re.fullmatch(r"1[0-9A-Z]{4,5}", code)), None)

    def verbatim(self) -> str:
        """Return headline, description and instruction as sent, one under the other."""
        parts = [self.info.findtext(name) or "" for name in ("headline", "description", "instruction")]
        return "\n".join(part for part in parts if part.strip())


def read_time(text: str | None, zone: ZoneInfo) -> datetime | None:
    """Return the time of either style, `zone` when no offset is written; None when it is no time."""
    if text is None:
        return None
    found = _STAMPED.fullmatch(text.strip())
    try:
        if found:
            day = "-".join(part.zfill(2) for part in found.group(1).split("-"))
            offset = (found.group(3) or "").replace("Z", "+00:00")
            value = datetime.fromisoformat(f"{day}T{found.group(2).zfill(5)}{offset}")
        elif _BASIC.fullmatch(text.strip()):
            value = datetime.fromisoformat(f"{text.strip()[:8]}T{text.strip()[8:]}")
        else:
            return None
        return value.astimezone(zone) if value.tzinfo else value.replace(tzinfo=zone)
    except (ValueError, OverflowError):
        return None


def read_references(text: str | None) -> tuple[str, ...]:
    """Return the identifiers: CAP writes sender,identifier,sent triples, 12379 bare ids."""
    out = []
    for part in re.split(r"\s+(?!\d{2}:)", text or ""):
        fields = part.split(",")
        out.append(fields[1] if len(fields) >= 3 else part)  # noqa: PLR2004 - a CAP triple
    return tuple(ref for ref in out if ref)


def split_areas(said: Said, places: Places) -> tuple[str, ...]:
    """Return the names in areaDesc; the city before one of its districts is left off."""
    parts = [
        part.strip()
        for e in said.info.iter("areaDesc")
        for part in re.split(r"[,，、;；\n]|(?<=[一-龥])\s+(?=[一-龥])", e.text or "")
    ]
    return tuple(dict.fromkeys(_district(part, places) for part in parts if part))


def _district(name: str, places: Places) -> str:
    rest = name.removeprefix(places.city)
    return rest if rest in places.districts else name
