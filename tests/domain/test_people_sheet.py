"""A people sheet is read whole or its problems are named, each with its cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.people import AB, Role, UnitLevel
from domain.people_sheet import PeopleSheet, RoleRow, read_people
from domain.phone import NotPhone, Phone, read_phone
from domain.sheet_kind import SheetKind, detect_kind

HEADER = ["单位", "上级单位", "层级", "角色", "AB角", "姓名", "职务", "电话", "telegram_id"]
STREET = ["沽水街道", "", "街道", "值班员", "", "刘芳", "干部", "13800000001", "10001"]
VILLAGE = ["东柳村", "沽水街道", "村", "村书记", "A", "王秀兰", "书记", "13800000002", ""]


def row(**cells: str) -> list[str]:
    """A village row with some cells otherwise."""
    keys = ("unit", "parent", "level", "role", "ab", "name", "title", "phone", "telegram_id")
    return [cells.get(key, was) for key, was in zip(keys, VILLAGE, strict=True)]


def read(*rows: list[str]) -> PeopleSheet:
    """Read rows under the usual header, the street first."""
    return read_people([HEADER, STREET, *rows])


def test_units_and_people_come_out_with_parents_first() -> None:
    sheet = read_people([["人员表"], HEADER, VILLAGE, STREET])
    assert [(u.name, u.parent, u.level, u.row) for u in sheet.units] == [
        ("沽水街道", "", UnitLevel.STREET, 4),
        ("东柳村", "沽水街道", UnitLevel.VILLAGE, 3),
    ]
    assert sheet.people[0].roles == (RoleRow("东柳村", Role.CONTACT, AB.A),)
    assert (sheet.people[1].telegram_id, sheet.people[1].phone) == (10001, "13800000001")
    assert sheet.errors == sheet.warnings == ()


def test_columns_may_stand_in_any_order_under_other_names() -> None:
    header = ["手机号", "姓 名", "岗位", "所属单位", "级别", "上级", "A/B角（选填）"]
    sheet = read_people(
        [header, ["13800000001", "刘　芳", "主班、管理员", "沽水街道", "street", "", ""]],
    )
    assert sheet.errors == ()
    assert [r.role for r in sheet.people[0].roles] == [Role.OFFICER, Role.ADMIN]
    assert sheet.people[0].name == "刘芳"


def test_one_person_in_two_rows_has_both_roles() -> None:
    sheet = read(VILLAGE, row(unit="东柳村第1网格", parent="东柳村", level="网格", role="网格长", title=""))
    found = sheet.people[1]
    assert found.rows == (3, 4)
    assert [r.unit for r in found.roles] == ["东柳村", "东柳村第1网格"]
    assert sheet.errors == ()


def test_a_unit_merged_over_several_rows_counts_for_each() -> None:
    sheet = read(VILLAGE, row(unit="", parent="", level="", ab="B", name="李国强", phone="13800000003"))
    assert sheet.errors == ()
    assert sheet.people[2].roles == (RoleRow("东柳村", Role.CONTACT, AB.B),)


def test_a_row_without_a_name_is_a_unit_and_blank_rows_are_none() -> None:
    bare = row(role="", ab="", name="", title="", phone="")
    sheet = read(bare, [""] * 9, ["填表人：", "某某"])
    assert [u.name for u in sheet.units] == ["沽水街道", "东柳村"]
    assert sheet.errors == ()
    assert [w.reason for w in sheet.warnings] == ["没有责任人，预警叫应时找不到人"]


def test_a_single_contact_without_ab_is_the_a_role() -> None:
    assert read(row(ab="")).people[1].roles[0].ab is AB.A


def test_people_may_be_added_to_known_units_without_the_tree() -> None:
    rows = [["单位", "角色", "姓名", "电话"], ["东柳村", "信息员", "李国强", "13800000003"]]
    sheet = read_people(rows, known={"东柳村": UnitLevel.VILLAGE})
    assert (sheet.errors, sheet.units) == ((), ())
    assert sheet.people[0].roles == (RoleRow("东柳村", Role.REPORTER, None),)


def test_a_known_unit_without_its_parent_stays_where_it_stands() -> None:
    known = {"东柳村": UnitLevel.VILLAGE}
    sheet = read_people([HEADER, row(parent="")], known=known)
    assert (sheet.errors, sheet.units) == ((), ())
    moved = read_people([HEADER, row(parent="", level="企业")], known=known)
    assert [e.cell for e in moved.errors] == ["B2"]


OTHER = {"name": "李国强", "phone": "13800000003"}
ERRORS = [
    ("an unknown level", [row(level="村庄")], "C3", "是不是“村”"),
    ("no level at all", [row(level="")], "C3", "没有写层级"),
    ("an unknown role with the nearest", [row(role="信息报告人", ab="")], "D3", "是不是“信息报告员”"),
    ("no role", [row(role="", ab="")], "D3", "角色空着"),
    ("a missing parent", [row(parent="沽水街")], "B3", "是不是“沽水街道”"),
    ("no parent", [row(parent="")], "B3", "没有写上级单位"),
    ("a circle", [row(parent="甲村"), row(unit="甲村", parent="东柳村", **OTHER)], "B3", "绕回"),
    ("a unit of two parents", [row(), row(parent="别的街道", ab="B", **OTHER)], "B4", "第3行写的上级单位是"),
    ("a unit of two levels", [row(), row(level="网格", ab="B", **OTHER)], "C4", "前面写的层级"),
    ("two A-roles", [row(), row(ab="A角", **OTHER)], "E4", "已有A角王秀兰"),
    ("several contacts, one without AB", [row(), row(ab="", **OTHER)], "E4", "每位都要写 A 或 B"),
    ("an AB role that is neither", [row(ab="C")], "E3", "应写 A 或 B"),
    ("a short mobile", [row(phone="1380000000")], "H3", "有 10 位"),
    ("no phone", [row(phone="")], "H3", "电话空着"),
    ("an account by its name", [row(telegram_id="@liufang")], "I3", "一串数字"),
    ("an account of two people", [row(telegram_id="10001")], "I3", "只属于一个人"),
    (
        "two accounts of one person",
        [row(telegram_id="7"), row(role="信息员", ab="", telegram_id="8")],
        "I4",
        "只能写一个",
    ),
    ("a role without a name", [row(name="")], "F3", "却没有姓名"),
]


@pytest.mark.parametrize(("rows", "cell", "reason"), [e[1:] for e in ERRORS], ids=[e[0] for e in ERRORS])
def test_an_error_names_its_cell_and_the_right_form(rows: list[list[str]], cell: str, reason: str) -> None:
    errors = read(*rows).errors
    assert cell in [e.cell for e in errors]
    assert any(e.cell == cell and reason in e.reason for e in errors), errors


WARNINGS = [
    ("two names, one phone", [row(), row(ab="B", name="李国强")], "H4", "刘芳"),
    ("one name, two phones", [row(), row(ab="B", phone="13800000003")], "F4", "按两个人读"),
    ("a landline without its zero", [row(phone="2228880000")], "H3", "022-28880000"),
    ("an AB role that means nothing", [row(role="信息员"), row(ab="A", **OTHER)], "E3", "没有用上"),
]


@pytest.mark.parametrize(("rows", "cell"), [w[1:3] for w in WARNINGS], ids=[w[0] for w in WARNINGS])
def test_a_doubt_is_a_warning_and_no_error(rows: list[list[str]], cell: str) -> None:
    sheet = read(*rows)
    assert sheet.errors == ()
    assert cell in [w.cell for w in sheet.warnings]


def test_missing_columns_are_named_with_the_header_that_stands() -> None:
    errors = read_people([["单位", "姓名", "层级", "上级单位"], VILLAGE]).errors
    assert [e.reason for e in errors] == [
        "缺少列：角色、电话。现在的表头是：单位 | 姓名 | 层级 | 上级单位",
    ]


def test_a_first_row_without_its_unit_is_an_error() -> None:
    assert [e.cell for e in read_people([HEADER, row(unit="")]).errors] == ["A2"]


@given(
    st.lists(st.lists(st.sampled_from(["", "A", "村", "同上", "甲村", "责任人", "刘芳", "13800000001", "7"])))
)
def test_no_table_of_cells_breaks_the_reader(rows: list[list[str]]) -> None:
    sheet = read_people([HEADER, *rows])
    assert all(e.reason and e.where for e in (*sheet.errors, *sheet.warnings))
    assert sheet.errors or sheet.people or sheet.units


def test_a_header_without_rows_says_so() -> None:
    assert [e.where for e in read_people([HEADER]).errors] == ["整张表"]


@pytest.mark.parametrize("rows", [[], [["x"]], [["菜单", "价格"], ["面", "12"]]])
def test_a_sheet_without_a_header_says_what_it_should_be(rows: list[list[str]]) -> None:
    assert "单位、上级单位、层级、角色、姓名、电话" in read_people(rows).errors[0].reason


PHONES = [
    ("13800000001", Phone("13800000001")),
    (" 138 0000 0001 ", Phone("13800000001")),
    ("138-0000-0001", Phone("13800000001")),
    ("１３８０００００００１", Phone("13800000001")),
    ("+8613800000001", Phone("13800000001")),
    ("022-28880000", Phone("022-28880000")),
    ("(022)28880000", Phone("022-28880000")),
    ("13800000001（微信同号）", Phone("13800000001", "后面的“微信同号”没有读入，号码读作")),
    ("2228880000", Phone("022-28880000", "座机区号少了开头的0，已按补0读")),
]


@pytest.mark.parametrize(("text", "phone"), PHONES)
def test_a_phone_has_one_form(text: str, phone: Phone) -> None:
    assert read_phone(text) == phone


@pytest.mark.parametrize(
    "text", ["", "28880000", "1.38E+10", "12345", "138000000011", "13800000001/13800000002", "没有"]
)
def test_what_is_no_phone_says_the_right_form(text: str) -> None:
    phone = read_phone(text)
    assert isinstance(phone, NotPhone)
    assert "022-28880000" in phone.reason


def test_the_kind_of_a_sheet_is_told_by_its_header() -> None:
    assert detect_kind([["x"], HEADER]) is SheetKind.PEOPLE
    assert detect_kind([["2026年7月值班表"], ["日期", "带班领导", "值班员", "电话"]]) is SheetKind.ROSTER
    assert detect_kind([["菜单"], ["面"]]) is None
