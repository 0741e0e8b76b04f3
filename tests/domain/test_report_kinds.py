"""Every kind of incident is found by everyday words for it, one short phrase at a time."""

import tomllib

import pytest

from config.tables import load_incident_types
from domain.plain import make_plain
from domain.report_kind import find_kind, mend
from tests.domain.report_corpus import ROOT

FEWEST = 6
TYPES = load_incident_types()
KINDS: dict[str, list[str]] = tomllib.loads(
    (ROOT / "tests" / "inputs" / "reports" / "phrasings.toml").read_text("utf-8")
)["kinds"]


def kind_of(text: str) -> str | None:
    kind, _ = find_kind(mend(make_plain(text, tight=False).text, TYPES.homophones), TYPES)
    return kind.subtype if kind else None


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_found_by_everyday_words(kind: str) -> None:
    assert [(phrase, kind_of(phrase)) for phrase in KINDS[kind] if kind_of(phrase) != kind] == []


def test_every_kind_of_the_table_has_its_phrases() -> None:
    assert set(KINDS) == {row.subtype for row in TYPES.type}
    assert [kind for kind, phrases in KINDS.items() if len(set(phrases)) < FEWEST] == []
