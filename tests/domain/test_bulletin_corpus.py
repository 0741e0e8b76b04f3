"""Every field of every text of the corpus is read as a careful person reads it."""

from pathlib import Path

import pytest

from config.tables import load_hazards
from domain.bulletin_file import read_bulletin_file
from domain.bulletin_xml import BulletinRefused
from tests.domain.bulletin_corpus import OWN, ZONE, Case, own_cases, shared_cases, wrong_fields

OWN_CASES = list(own_cases())
SHARED_CASES = list(shared_cases())


@pytest.mark.parametrize("case", [*SHARED_CASES, *OWN_CASES], ids=lambda c: c.name)
def test_a_text_is_read_in_every_field(case: Case) -> None:
    assert wrong_fields(case, case.got()) == []


@pytest.mark.parametrize("case", [c for c in OWN_CASES if c.refused], ids=lambda c: c.name)
def test_bad_xml_is_refused_with_its_reason(case: Case) -> None:
    with pytest.raises(BulletinRefused, match=case.refused):
        read_bulletin_file(case.data, case.received_at, ZONE, load_hazards())


def test_each_file_of_the_corpus_stands_in_its_manifest_once() -> None:
    names = [case.name for case in OWN_CASES]
    assert sorted(names) == sorted(p.name for p in Path(OWN).iterdir() if p.suffix in {".txt", ".xml"})


def test_the_corpus_is_as_broad_as_promised() -> None:
    assert len(OWN_CASES) >= 90
    assert sum(not c.expected and c.name.endswith(".txt") for c in OWN_CASES) >= 15
    assert sum(c.name.endswith(".xml") for c in OWN_CASES) >= 10
