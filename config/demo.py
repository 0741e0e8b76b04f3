"""The synthetic street 沽水街道: people and roster as sheets; all names and numbers are made up.

Pure and deterministic: the same call gives the same cells. Phones are placeholders 138000xxxxx.
"""

from datetime import date, timedelta
from functools import cache
from itertools import count, islice
from typing import NamedTuple

STREET = "沽水街道"
SUPERIOR = "区总值班室"
PEOPLE_HEADER = ["单位", "上级单位", "层级", "角色", "AB角", "姓名", "职务", "电话", "telegram_id", "标签"]
ROSTER_HEADER = [
    *("日期", "星期", "带班领导", "职务", "电话", "值班员(主班)", "电话"),
    *("副班", "电话", "驾驶员", "电话", "备注"),
]
VILLAGES = (
    *("海棠里社区", "柳湾社区", "东柳村", "福安里社区", "御河湾社区", "清波里社区", "望潮里社区", "桂苑社区"),
    *(
        "枫林里社区",
        "晴川里社区",
        "长堤社区",
        "渔歌里社区",
        "槐荫里社区",
        "月河社区",
        "春和里社区",
        "锦绣园社区",
    ),
    *("双桥新苑社区", "南窑村", "西堤头村", "北苇村", "大芦庄村", "小渔庄村"),
)
GRIDS = 65
TAGS = {"柳湾社区": "低洼", "东柳村": "低洼", "小渔庄村": "低洼、沿河", "月河社区": "沿河", "北苇村": "沿河"}
"""What the demo's units are tagged with, so that a warning can go to some of them."""
LEADERS = (
    ("王志强", "党工委书记"),
    ("李建国", "办事处主任"),
    ("张慧敏", "副主任"),
    ("赵文斌", "副主任"),
    ("孙立新", "武装部部长"),
)
OFFICERS = ("刘芳", "陈刚", "周凯", "吴静", "郑伟", "何琳")
DEPUTIES = ("冯磊", "许佳", "沈悦", "韩冰", "杨帆", "朱敏")
DRIVERS = ("马永军", "高建平", "罗树林")
ADMINS = ("宋倩", "唐宁")
SUPERIORS = ("崔海波", "潘晓东")
PARTNERS = ("消防站", "派出所", "卫生服务中心", "供热站", "房管站", "排水管理所", "市场监管所")
SITES = (
    *(("海河机械厂", "企业"), ("沽水物流园", "企业"), ("临港食品公司", "企业")),
    *(("沽水第一小学", "学校"), ("沽水中学", "学校"), ("海棠里幼儿园", "学校"), ("沽水医院", "医院")),
)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
FIRST = "秀建志玉春海立文国晓德永淑桂振红金凤家世"
SECOND = "兰平明华荣生英霞山林波芝强云梅涛民芬勇军"
FIXED = frozenset((*(name for name, _ in LEADERS), *OFFICERS, *DEPUTIES, *DRIVERS, *ADMINS, *SUPERIORS))


class Person(NamedTuple):
    """A person of the street."""

    name: str
    title: str
    phone: str
    account: str


class _Street:
    """Makes people one after another: distinct names, phones and accounts."""

    def __init__(self) -> None:
        self.numbers = count(1)
        self.names = (name for name in map(_name, count()) if name not in FIXED)

    def person(self, title: str, name: str = "") -> Person:
        """Return the next person."""
        number = next(self.numbers)
        return Person(name or next(self.names), title, f"138000{number:05}", str(10000 + number))


def _name(n: int) -> str:
    """Return the n-th made-up name; distinct for 16,000 names."""
    given = (n * 37 + n // 40) % 400  # 40 further on it moves by 281, coprime to 400: no pair returns early
    return SURNAMES[n % 40] + FIRST[given // 20] + SECOND[given % 20]


@cache
def _office() -> dict[str, tuple[Person, ...]]:
    street = _Street()
    return {
        "officer": tuple(street.person("值班室干部", name) for name in OFFICERS),
        "leader": tuple(street.person(title, name) for name, title in LEADERS),
        "deputy": tuple(street.person("科员", name) for name in DEPUTIES),
        "driver": tuple(street.person("驾驶员", name) for name in DRIVERS),
        "admin": tuple(street.person("党政办干部", name) for name in ADMINS),
        "superior": tuple(street.person("区值班员", name) for name in SUPERIORS),
    }


@cache
def demo_people() -> tuple[tuple[str, ...], ...]:
    """Return the rows of the people sheet below its header."""
    rows = _office_rows()
    street = _Street()
    for _ in rows:  # numbers and accounts go on where the office's end
        next(street.numbers)
    rows += _village_rows(street)
    rows += _partner_rows(street)
    return tuple(tuple(row) for row in rows)


def demo_people_rows() -> list[list[str]]:
    """Return the people sheet: header and rows; 22 villages, 65 grids, about 200 people."""
    return [list(PEOPLE_HEADER), *(list(row) for row in demo_people())]


def _row(unit: tuple[str, str, str], role: str, ab: str, person: Person) -> list[str]:
    tags = TAGS.get(unit[0], "") if ab == "A" else ""
    return [*unit, role, ab, person.name, person.title, person.phone, person.account, tags]


def _office_rows() -> list[list[str]]:
    words = {
        "officer": "值班员",
        "leader": "带班领导",
        "deputy": "副班",
        "driver": "驾驶员",
        "admin": "管理员",
        "superior": "上级值班室",
    }
    units = {"superior": (SUPERIOR, "", "上级")}
    street = (STREET, "", "街道")
    return [
        _row(units.get(role, street), words[role], "", person)
        for role, people in _office().items()
        for person in people
    ]


def _village_rows(street: _Street) -> list[list[str]]:
    rows = []
    numbers = count(1)
    for index, village in enumerate(VILLAGES):
        kind = "村" if village.endswith("村") else "社区"
        unit = (village, STREET, kind)
        rows.append(_row(unit, "责任人", "A", street.person(f"{kind}书记")))
        rows.append(_row(unit, "责任人", "B", street.person(f"{kind}副书记")))
        rows.append(_row(unit, "信息报告员", "", street.person("信息报告员")))
        own = GRIDS // len(VILLAGES) + (index < GRIDS % len(VILLAGES))
        rows += _grid_rows(street, village, list(islice(numbers, own)))
    return rows


def _grid_rows(street: _Street, village: str, numbers: list[int]) -> list[list[str]]:
    """A grid's own worker is A, the next grid's worker of the village is B."""
    workers = [street.person("网格员") for _ in numbers]
    rows = []
    for index, _ in enumerate(numbers):
        unit = (f"{village}第{index + 1}网格", village, "网格")
        rows.append(_row(unit, "网格员", "A", workers[index]))
        rows.append(_row(unit, "网格员", "B", workers[(index + 1) % len(workers)]))
    return rows


def _partner_rows(street: _Street) -> list[list[str]]:
    rows = []
    for name in PARTNERS:
        unit = (name, STREET, "联动单位")
        rows.append(_row(unit, "联络员", "A", street.person("负责人")))
        rows.append(_row(unit, "联络员", "B", street.person("联络员")))
        rows.append(_row(unit, "信息报告员", "", street.person("信息报告员")))
    for name, level in SITES:
        unit = (name, STREET, level)
        rows.append(_row(unit, "责任人", "A", street.person("安全负责人")))
        rows.append(_row(unit, "责任人、信息报告员", "B", street.person("值班负责人")))
        rows.append(_row(unit, "信息报告员", "", street.person("信息报告员")))
    return rows


def demo_roster_rows(first: date, days: int) -> list[list[str]]:
    """Return a roster in the office's layout from a calendar day on; each post goes round in turn."""
    width = len(ROSTER_HEADER)
    title = [f"{STREET}{first.year}年{first.month}月值班表", *[""] * (width - 1)]
    foot = ["值班电话:022-28880000  传真:022-28880001  交接时间:8:30", *[""] * (width - 1)]
    return [title, list(ROSTER_HEADER), *(_roster_day(first + timedelta(days=n)) for n in range(days)), foot]


def _roster_day(day: date) -> list[str]:
    number = day.toordinal()
    office = _office()
    leader, officer, deputy, driver = (
        office[post][number % len(office[post])] for post in ("leader", "officer", "deputy", "driver")
    )
    return [
        *(day.isoformat(), "一二三四五六日"[day.weekday()]),
        *(leader.name, leader.title, leader.phone, officer.name, officer.phone),
        *(deputy.name, deputy.phone, driver.name, driver.phone, ""),
    ]
