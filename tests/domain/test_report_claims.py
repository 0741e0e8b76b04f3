"""Who gives which figure, told apart by the source named before it."""

import pytest

from domain.report_claims import read_claims, reason_given, tells_of_death


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        (
            "消防说2人受伤，派出所说3人受伤，社区说1人受伤",
            ["injured 消防 2人", "injured 派出所 3人", "injured 社区 1人"],
        ),
        ("消防说被困2人，派出所说3人", ["trapped 消防 2人", "trapped 派出所 3人"]),
        ("受伤人数：消防报2人，医院报3人", ["injured 消防 2人", "injured 医院 3人"]),
        ("社区王书记说1人受伤", ["injured 社区王书记 1人"]),
        ("消防到场，2人受伤送医", []),
        ("2人受伤", []),
        ("更正 1人受伤，医院核实另一人是陪同", []),
    ],
)
def test_each_source_has_its_own_word(text: str, claims: list[str]) -> None:
    assert [f"{c.name} {c.source} {c.figure.text}" for c in read_claims(text)] == claims


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("更正 1人受伤", False),
        ("更正：死亡改为0人", False),
        ("更正 1人受伤，医院核实另一人是陪同", True),
        ("更正 2人受伤，原来重复统计", True),
    ],
)
def test_a_correction_says_why(text: str, *, given: bool) -> None:
    assert reason_given(text) is given


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("伤者1人抢救无效死亡", True),
        ("伤者今早在医院去世", True),
        ("无人死亡", False),
        ("没有人员死亡", False),
        ("1人出院", False),
    ],
)
def test_a_death_is_told_of_or_denied(text: str, *, told: bool) -> None:
    assert tells_of_death(text, {}) is told
