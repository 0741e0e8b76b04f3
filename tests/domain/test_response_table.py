"""The table of partner units and warnings fits the other tables and the street."""

import pytest
from pydantic import ValidationError

from config.demo import PARTNERS, demo_people
from config.tables import ResponseTable, load_hazards, load_incident_types, load_response


def test_every_sub_type_has_likely_partner_units_and_each_is_a_unit_of_the_street() -> None:
    table = load_response()
    for kind in load_incident_types().type:
        words = table.units_for(kind.subtype)
        assert words, kind.subtype
        assert all(any(word in unit for unit in PARTNERS) for word in words), words


def test_the_street_has_a_person_for_each_partner_unit() -> None:
    assert set(PARTNERS) <= {row[0] for row in demo_people() if row[4] == "A" and row[7] and row[8]}


@pytest.mark.parametrize(
    ("subtype", "hazard", "fits"),
    [
        ("城市内涝", "暴雨", "yes"),
        ("供热中断", "寒潮", "yes"),
        ("火灾", "暴雨", ""),
        ("城市内涝", "寒潮", ""),
        (None, "暴雨", ""),
        ("城市内涝", None, ""),
    ],
)
def test_an_incident_may_belong_to_a_warning_that_fits_its_kind(
    subtype: str | None, hazard: str | None, fits: str
) -> None:
    assert load_response().belongs(subtype, hazard) is bool(fits)


@pytest.mark.parametrize("wrong", ["失火", "大暴雨"])
def test_a_name_that_no_other_table_knows_is_refused(wrong: str) -> None:
    assert load_hazards().find(wrong) is None
    with pytest.raises(ValidationError, match=wrong):
        ResponseTable.model_validate(
            {
                "dated": "2026-11-24",
                "partners": [{"subtypes": [wrong], "units": ["消防"]}],
                "warnings": [{"hazards": [wrong], "subtypes": ["火灾"]}],
            }
        )
