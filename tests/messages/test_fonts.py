"""A Chinese font is found by fontconfig's list, else by the names fonts have on common systems."""

import shutil
from pathlib import Path

import pytest

from bot.fonts import best, by_name, cjk_font

NOTO = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
LINES = [
    ["/f/NotoSerifCJK-Regular.ttc", "2", "Noto Serif CJK SC", "Regular"],
    ["/f/NotoSansCJK-Bold.ttc", "2", "Noto Sans CJK SC", "Bold"],
    ["/f/NotoSansCJK-Regular.ttc", "0", "Noto Sans CJK JP", "Regular"],
    ["/f/NotoSansCJK-Regular.ttc", "131074", "Noto Sans CJK SC", "Regular"],
    ["/f/wqy-microhei.ttc", "0", "WenQuanYi Micro Hei,文泉驿微米黑", "Regular"],
    ["a line of another form"],
]


def test_the_best_is_a_regular_sans_with_simplified_forms() -> None:
    found = best(LINES)
    assert found is not None
    assert (found.path.name, found.index) == ("NotoSansCJK-Regular.ttc", 2)


@pytest.mark.parametrize(
    ("left", "name"),
    [
        (LINES[4:], "wqy-microhei.ttc"),
        (LINES[1:2], "NotoSansCJK-Bold.ttc"),
        (LINES[:1], "NotoSerifCJK-Regular.ttc"),
    ],
)
def test_another_one_serves_where_the_best_is_missing(left: list[list[str]], name: str) -> None:
    found = best(left)
    assert found is not None
    assert found.path.name == name


def test_a_machine_without_one_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "DejaVuSans.ttf").write_bytes(b"")
    assert best([]) is None
    assert by_name([tmp_path, tmp_path / "missing"]) is None


def test_a_font_is_found_by_its_files_name_below_a_folder(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "simhei.ttf").write_bytes(b"")
    found = by_name([tmp_path])
    assert found is not None
    assert (found.path.name, found.index) == ("simhei.ttf", 0)


@pytest.mark.skipif(not NOTO.is_file(), reason="no Noto CJK: apt-get install fonts-noto-cjk")
def test_both_ways_find_the_same_face_of_a_collection() -> None:
    by_names = by_name([NOTO.parent])
    assert by_names is not None
    assert by_names.index == 2
    if shutil.which("fc-list"):
        assert cjk_font() == by_names
