"""A message that tells of two events: where the second begins."""

import re

from config.tables import IncidentTypes
from domain.report_kind import find_kind, mend

_LISTED = re.compile(
    r"(?:^|[\s。;；,，])(?:1|一|①)\s?[.、.:：)）](?!\d)(?P<one>.+?)(?:^|[\s。;；,，])?(?:2|二|②)\s?[.、.:：)）](?!\d)(?P<two>.+)",
    re.DOTALL,
)
_AND = re.compile(r"[。;；,，!！\n]\s?(?:另外|另,|另，|还有|第二[件个][事是]?|其二|另一起|另有)[,，:：]?\s?")
_SHORTEST = 4


def split(text: str, types: IncidentTypes) -> tuple[str, str] | None:
    """Return the two parts of a text that tells of two events of different kinds, None for any other."""
    listed = _LISTED.search(text)
    parts = [(listed["one"], listed["two"])] if listed else []
    parts += [(text[: found.start()], text[found.end() :]) for found in _AND.finditer(text)]
    for one, two in parts:
        kinds = [find_kind(mend(part, types.homophones), types)[0] for part in (one, two)]
        if all(kinds) and kinds[0] != kinds[1] and min(len(one), len(two)) >= _SHORTEST:
            return one.strip(" ,，。;；\n"), two.strip(" ,，。;；\n")
    return None
