"""The obligations of the policy document, as data: one row per duty (domain.md §5, obligations.csv)."""

import csv
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

SHIPPED = Path(__file__).parent / "data" / "obligations.csv"


class ObligationRow(BaseModel):
    """One duty: its number, whose it is, how often, from what count, shown by what; `bot` Y: tracked here."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    clause: str
    subject: str
    obligation: str
    frequency: str
    threshold: str
    evidence: str
    kind: str = Field(alias="class")
    bot: str

    @property
    def left_open(self) -> bool:
        """True where the document does not say how often."""
        return "频次未定" in self.frequency and self.bot == "Y"

    @property
    def per_village(self) -> bool:
        """True when each village has to do it, not the street once."""
        return "每村" in self.threshold or self.subject.startswith("村")


@cache
def load_obligations() -> tuple[ObligationRow, ...]:
    """Return every row; raise pydantic.ValidationError when the file is wrong."""
    with SHIPPED.open(encoding="utf-8", newline="") as file:
        return tuple(ObligationRow.model_validate(row) for row in csv.DictReader(file))
