"""The field's dated tables, read from the data files shipped beside this module.

Warnings' hazards (domain.md §3.2-3.3), incident kinds (§2.9) and the direct-report checklist (§2.6).
"""

import tomllib
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

DATA = Path(__file__).parent / "data"


class Row(BaseModel):
    """A frozen row of a table; an unknown key is refused so that a typing slip is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Hazard(Row):
    """A hazard: national name, 12379 code ("" = none verified), allowed colours, other spellings.

    `by_response`: its warnings are also announced as a response level alone (重污染天气Ⅱ级应急响应).
    `rising`: its levels are counted upwards, 二级 blue to 五级 red (森林火险气象等级).
    """

    name: str
    code: str = ""
    colours: str = ""
    local: tuple[str, ...] = ()
    by_response: bool = False
    rising: bool = False


class Places(Row):
    """Names of the city, its districts and the spoken groups of them, of seas, and of the other provinces."""

    city: str
    districts: tuple[str, ...]
    groups: tuple[str, ...]
    seas: tuple[str, ...]
    provinces: tuple[str, ...]

    @cached_property
    def on_land(self) -> list[str]:
        """Return districts and groups, longest first."""
        return sorted([*self.districts, *self.groups], key=len, reverse=True)

    @cached_property
    def at_sea(self) -> list[str]:
        """Return the seas, longest first."""
        return sorted(self.seas, key=len, reverse=True)


class HazardTable(Row):
    """All hazards, with the place names that bulletins use."""

    dated: str
    places: Places
    hazard: tuple[Hazard, ...]

    def find(self, word: str) -> Hazard | None:
        """Return the hazard of this national or local name, None for an unknown word."""
        return next((h for h in self.hazard if word == h.name or word in h.local), None)

    def by_code(self, code: str) -> Hazard | None:
        """Return the hazard of this 12379 code, None for an unknown one."""
        return next((h for h in self.hazard if code and h.code == code), None)

    def words(self) -> list[str]:
        """Return every known spelling, longest first."""
        return self._spellings

    @cached_property
    def _spellings(self) -> list[str]:
        return sorted({w for h in self.hazard for w in (h.name, *h.local)}, key=lambda w: (-len(w), w))


class IncidentType(Row):
    """A sub-type: words that name it, and what a superior asks about it.

    `words`: patterns, any one suffices; those joined by "+" must all stand in the text. File order is priority.
    `unless`: patterns taken out of the text before it is looked at.
    """

    category: str
    subtype: str
    words: tuple[str, ...]
    unless: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


class IncidentTypes(Row):
    """Sub-types in the order of priority and the homophones that voice typing makes of their words."""

    dated: str
    homophones: dict[str, str]
    type: tuple[IncidentType, ...]


class DirectReason(Row):
    """One line of the direct-report checklist with the patterns that tick it, as in IncidentType."""

    reason: str
    words: tuple[str, ...]
    unless: tuple[str, ...] = ()


class DirectTable(Row):
    """The direct-report checklist (domain.md §2.6)."""

    dated: str
    direct: tuple[DirectReason, ...]


class PartnersFor(Row):
    """Which partner units are likely for some sub-types, by words in the units' names, the first first."""

    subtypes: tuple[str, ...]
    units: tuple[str, ...]


class WarningsFor(Row):
    """Which hazards' warnings an incident of some sub-types may belong to."""

    hazards: tuple[str, ...]
    subtypes: tuple[str, ...]


class ResponseTable(Row):
    """Whom an incident is told to, and which warning it may belong to; names are those of the other tables."""

    dated: str
    partners: tuple[PartnersFor, ...]
    warnings: tuple[WarningsFor, ...]

    @model_validator(mode="after")
    def _known(self) -> "ResponseTable":
        kinds = {t.subtype for t in load_incident_types().type}
        hazards = {h.name for h in load_hazards().hazard}
        said = {s for told in self.partners for s in told.subtypes}
        said |= {s for warned in self.warnings for s in warned.subtypes}
        if unknown := (said - kinds) | ({h for row in self.warnings for h in row.hazards} - hazards):
            raise ValueError(f"没有这些名称：{'、'.join(sorted(unknown))}")
        return self

    def units_for(self, subtype: str | None) -> list[str]:
        """Return the words of the units that are likely for a sub-type, the first first."""
        return [word for row in self.partners if subtype in row.subtypes for word in row.units]

    def belongs(self, subtype: str | None, hazard: str | None) -> bool:
        """Return True if an incident of this sub-type may come of this hazard."""
        return any(subtype in row.subtypes and hazard in row.hazards for row in self.warnings)


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text("utf-8"))


@cache
def load_hazards() -> HazardTable:
    """Return the shipped hazards; raise pydantic.ValidationError when the file is wrong."""
    return HazardTable.model_validate(_read("hazards.toml"))


@cache
def load_incident_types() -> IncidentTypes:
    """Return the shipped incident kinds; raise pydantic.ValidationError when the file is wrong."""
    return IncidentTypes.model_validate(_read("incident_types.toml"))


@cache
def load_direct() -> DirectTable:
    """Return the shipped checklist; raise pydantic.ValidationError when the file is wrong."""
    return DirectTable.model_validate(_read("direct_report.toml"))


@cache
def load_response() -> ResponseTable:
    """Return the shipped table of partners and warnings; raise pydantic.ValidationError when the file is wrong."""
    return ResponseTable.model_validate(_read("response.toml"))
