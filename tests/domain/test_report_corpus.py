"""Every field of every first word and follow-up of the corpus is read as a careful person reads it."""

import tomllib
from collections import Counter

import pytest

from config.tables import load_incident_types
from tests.domain.report_corpus import OWN, Case, own_cases, shared_cases, wrong_fields

OWN_CASES = list(own_cases())
SHARED_CASES = list(shared_cases())
DOMAIN_KINDS = 60


@pytest.mark.parametrize("case", [*SHARED_CASES, *OWN_CASES], ids=lambda c: c.name)
def test_a_line_is_read_in_every_field_but_those_known_to_be_weak(case: Case) -> None:
    wrong = wrong_fields(case, case.got())
    assert [one for one in wrong if one[0] not in case.weak] == []
    assert {name for name, _, _ in wrong} >= set(case.weak), "read rightly now: no longer weak"


def test_each_line_of_the_corpus_stands_in_its_manifest_once() -> None:
    assert not [name for name, times in Counter(case.name for case in OWN_CASES).items() if times > 1]
    assert not [text for text, times in Counter(case.text for case in OWN_CASES).items() if times > 1]


def test_each_key_of_the_manifest_is_known() -> None:
    known = {
        *("id", "batch", "got", "text", "kind", "when", "place", "figures", "actions", "source", "contacts"),
        *(
            "direct",
            "asks",
            "sequence",
            "rescued",
            "correction",
            "no_change",
            "status",
            "tasks",
            "leader",
            "weak",
        ),
    }
    manifest = tomllib.loads(OWN.read_text("utf-8"))
    assert {key for row in [*manifest["report"], *manifest["followup"]] for key in row} <= known


def test_the_table_holds_each_kind_once() -> None:
    kinds = [kind.subtype for kind in load_incident_types().type]
    assert len(kinds) == len(set(kinds)) >= DOMAIN_KINDS
