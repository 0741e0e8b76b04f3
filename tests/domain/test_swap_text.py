"""调班 as people type it."""

import pytest

from domain.swap import Offer, read_offer


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("S31 周凯", Offer(31, "周凯", None, "")),
        ("S31 周凯 S45", Offer(31, "周凯", 45, "")),
        ("S31 周凯 S45 家中有事", Offer(31, "周凯", 45, "家中有事")),
        ("S31 周凯 S45，家中有事", Offer(31, "周凯", 45, "家中有事")),
        ("S31 周凯 s45家里有事", Offer(31, "周凯", 45, "家里有事")),
        ("S31 周凯，S45", Offer(31, "周凯", 45, "")),
        ("S31、周凯、S45。", Offer(31, "周凯", 45, "")),
        ("S31周凯S45", Offer(31, "周凯", 45, "")),
        ("S31 周凯 换S45", Offer(31, "周凯", 45, "")),
        ("Ｓ３１　周凯　Ｓ４５", Offer(31, "周凯", 45, "")),
        ("S31 周凯，家中有事", Offer(31, "周凯", None, "家中有事")),
        ("S31 周凯 那天开会", Offer(31, "周凯", None, "那天开会")),
        ("S31 周凯 孩子发烧，要去医院", Offer(31, "周凯", None, "孩子发烧，要去医院")),
        ("S31 周凯 家中有事 S45", None),
        ("S31", None),
        ("周凯 S31", None),
        ("", None),
    ],
)
def test_a_swap_is_read_as_it_is_typed(text: str, meant: Offer | None) -> None:
    assert read_offer(text) == meant
