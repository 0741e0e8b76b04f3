"""Writes the sample rosters anew: `python tests/inputs/rosters/make.py`. The same bytes each time.

Six are right and six have one error each, as offices make them; people are the synthetic street's (config/demo.py).
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

HERE = Path(__file__).parent
LEADERS = ("王志强", "李建国", "张慧敏", "赵文斌", "孙立新")
OFFICERS = ("刘芳", "陈刚", "周凯", "吴静", "郑伟", "何琳")
DEPUTIES = ("冯磊", "许佳", "沈悦", "韩冰", "杨帆", "朱敏")
DRIVERS = ("马永军", "高建平", "罗树林")
PHONES = {name: 13800000001 + n for n, name in enumerate((*OFFICERS, *LEADERS, *DEPUTIES, *DRIVERS))}
STOPPED = (1980, 1, 1, 0, 0, 0)
THIN = Side(style="thin")
FOOT = "值班电话：022-28880000  传真：022-28880001  交接时间：8:30"

Cells = Sequence[object]


def turn(people: Sequence[str], n: int) -> str:
    """Return whose turn the n-th is."""
    return people[n % len(people)]


def days(first: date, count: int) -> list[date]:
    """Return days from the first on."""
    return [first + timedelta(days=n) for n in range(count)]


def weekday(day: date) -> str:
    """Return the weekday in one letter."""
    return "一二三四五六日"[day.weekday()]


def book(rows: Iterable[Cells], merged: Iterable[str] = (), dates: str = "") -> bytes:
    """Return a workbook as an office formats it: borders, a large title, colours; `dates`: how dates are shown."""
    made = Workbook()
    page = made.worksheets[0]
    page.title = "值班表"
    for row in rows:
        page.append(list(row))
    for cells in merged:
        page.merge_cells(cells)
    _dress(page, dates)
    out = io.BytesIO()
    made.save(out)
    return _stopped(out.getvalue())


def _dress(page: Worksheet, dates: str) -> None:
    page["A1"].font = Font(name="SimHei", size=20, bold=True)
    for row in page.iter_rows(min_row=2):
        for cell in row:
            cell.border = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            if isinstance(cell.value, date):
                cell.number_format = dates
                if cell.value.weekday() > 4:
                    cell.fill = PatternFill("solid", fgColor="FFF2CC")


def _stopped(data: bytes) -> bytes:
    """Return a workbook without the time at which it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as parts, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for name in parts.namelist():
            if name != "docProps/core.xml":
                kept.writestr(zipfile.ZipInfo(name, STOPPED), parts.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def text(rows: Iterable[Cells], mark: str = ",") -> str:
    """Return rows as lines."""
    return "".join(mark.join(str(cell) for cell in row) + "\r\n" for row in rows)


def holiday() -> bytes:
    """One row per day: merged title, real dates, numbers as phones, two leaders in a cell, a foot."""
    head = ["序号", "日期", "星期", "带班领导", "联系方式", "值班人员", "联系方式", "驾驶员", "备注"]
    rows: list[Cells] = [["沽水街道2026年国庆节值班安排表"], head]
    for n, day in enumerate(days(date(2026, 10, 1), 7)):
        first, second = turn(LEADERS, n), turn(LEADERS, n + 1)
        leaders = f"{first}（书记）、{second}" if n == 0 else first
        phones: object = f"{PHONES[first]}\n{PHONES[second]}" if n == 0 else PHONES[first]
        officers = f"{turn(OFFICERS, n)}、{turn(DEPUTIES, n)}"
        numbers = f"{PHONES[turn(OFFICERS, n)]} {PHONES[turn(DEPUTIES, n)]}"
        driver = turn(DRIVERS, n) if n else "同上"
        rows.append(
            [n + 1, day, weekday(day), leaders, phones, officers, numbers, driver if n else "马永军", ""]
        )
    rows.append([FOOT])
    return book(rows, ["A1:I1", "A10:I10"], 'm"月"d"日"')


def columns() -> bytes:
    """Day and night beside one another, under a header of two rows."""
    rows: list[Cells] = [
        ["沽水街道2026年10月值班表"],
        ["日期", "星期", "带班领导", "白班(8:30-17:30)", "", "夜班(17:30-次日8:30)", "", "备注"],
        ["", "", "", "值班员", "电话", "值班员", "电话", ""],
    ]
    for n, day in enumerate(days(date(2026, 10, 1), 10)):
        early, late = turn(OFFICERS, 2 * n), turn(OFFICERS, 2 * n + 1)
        when = f"10.{day.day}"
        rows.append([when, weekday(day), turn(LEADERS, n), early, PHONES[early], late, PHONES[late], ""])
    return book(rows, ["A1:H1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:G2", "H2:H3"])


def by_rows() -> bytes:
    """A day in two rows, its date and leader merged over both."""
    rows: list[Cells] = [
        ["值班安排（2026年10月）"],
        ["日期", "星期", "班次", "带班领导", "值班员", "联系电话"],
    ]
    merged = ["A1:F1"]
    for n, day in enumerate(days(date(2026, 10, 8), 6)):
        early, late = turn(OFFICERS, 2 * n), turn(OFFICERS, 2 * n + 1)
        rows.append([day, weekday(day), "白班", turn(LEADERS, n), early, PHONES[early]])
        rows.append(["", "", "夜班", "", late, PHONES[late]])
        merged += [f"{letter}{2 * n + 3}:{letter}{2 * n + 4}" for letter in "ABD"]
    return book(rows, merged, "yyyy/m/d")


def people_month(first: date, width: int, title: str) -> list[list[object]]:
    """Return people down and days across, with marks and their legend."""
    across = days(first, width)
    rows: list[list[object]] = [
        [title],
        ["序号", "姓名", "岗位", *(n + 1 for n in range(width))],
        ["", "", "", *(weekday(day) for day in across)],
    ]
    for word, people in (("带班领导", LEADERS), ("主班", OFFICERS), ("副班", DEPUTIES)):
        for number, name in enumerate(people):
            marks = ["√" if n % len(people) == number else "" for n in range(width)]
            rows.append([len(rows) - 2, name, word, *marks])
    return [*rows, ["注：√=值班，空=休息"]]


def whole_month() -> bytes:
    """A month's matrix with people down."""
    return book(people_month(date(2026, 10, 1), 31, "沽水街道2026年10月值班表"), ["A1:AH1"])


def posts_month() -> bytes:
    """A month's matrix with posts down; a leader stands merged over several days."""
    across = days(date(2026, 11, 1), 30)
    leaders = [turn(LEADERS, n // 5) if n % 5 == 0 else "" for n in range(30)]
    rows: list[Cells] = [
        ["2026年11月份值班表"],
        ["岗位", *(f"{day.day}日" for day in across)],
        ["星期", *(weekday(day) for day in across)],
        ["带班领导", *leaders],
        ["主班", *(turn(OFFICERS, n) for n in range(30))],
        ["副班/驾驶员", *(f"{turn(DEPUTIES, n)}/{turn(DRIVERS, n)}" for n in range(30))],
    ]
    letters = ["B4:F4", "G4:K4", "L4:P4", "Q4:U4", "V4:Z4", "AA4:AE4"]
    return book(rows, ["A1:AE1", *letters])


def leaders_only() -> bytes:
    """The leaders' own table, as it is filed with the district."""
    rows: list[Cells] = [["日期", "星期", "带班领导", "职务", "电话"]]
    for n, day in enumerate(days(date(2026, 10, 1), 8)):
        name = turn(LEADERS, n)
        rows.append([f"{day.month}月{day.day}日", f"周{weekday(day)}", name, "", PHONES[name]])
    return text(rows).encode("gb18030")


def wrong_weekday() -> bytes:
    """1 October 2026 is a Thursday; the second row says otherwise."""
    rows: list[Cells] = [["2026年10月值班表"], ["日期", "星期", "带班领导", "值班员"]]
    rows += [["2026/10/1", "四", "王志强", "刘芳"], ["2026/10/2", "六", "李建国", "陈刚"]]
    return text(rows).encode("utf-8-sig")


def strange_names() -> bytes:
    """A name one letter wrong, and one that two people bear."""
    rows: list[Cells] = [["2026年10月值班表"], ["日期", "带班领导", "主班", "副班"]]
    rows += [["10月1日", "王志强", "刘方", "冯磊"], ["10月2日", "李建国", "周凯", "许佳"]]
    return book(rows, ["A1:D1"])


def twice() -> bytes:
    """One person on two posts of a day; a CSV that calls itself xlsx."""
    rows: list[Cells] = [["2026年10月值班表"], ["日期", "带班领导", "主班", "副班"]]
    rows += [["10.1", "王志强", "刘芳", "冯磊"], ["10.2", "李建国", "陈刚", "陈刚"]]
    return text(rows, "\t").encode("gb18030")


def on_leave() -> bytes:
    """Lines as they are pasted; 吴静 is away on the second day."""
    rows: list[Cells] = [
        ["10月1日", "周四", "王志强", "刘芳", "冯磊"],
        ["10月2日", "周五", "李建国", "吴静", "许佳"],
    ]
    return text(rows, " ").encode()


def no_phone() -> bytes:
    """A person whose number stands nowhere, beside one that lost its zero."""
    rows: list[Cells] = [["2026年10月值班表"], ["日期", "带班领导", "电话", "值班员", "电话"]]
    rows += [["10月1日", "王志强", PHONES["王志强"], "刘芳", PHONES["刘芳"]]]
    rows += [["10月2日", "李建国", 2228880000, "何琳", ""]]
    return book(rows, ["A1:E1"])


def thirty_first() -> bytes:
    """September with 31 days."""
    return book(people_month(date(2026, 9, 1), 31, "沽水街道2026年9月值班表"), ["A1:AH1"])


SAMPLES = {
    "国庆值班安排表.xlsx": holiday,
    "白班夜班分列.xlsx": columns,
    "每班一行.xlsx": by_rows,
    "人员月表.xlsx": whole_month,
    "岗位月表.xls": posts_month,
    "带班表.csv": leaders_only,
    "星期不符.csv": wrong_weekday,
    "名字不对.xlsx": strange_names,
    "一人两岗.xlsx": twice,
    "请假仍排班.txt": on_leave,
    "缺电话.xlsx": no_phone,
    "九月三十一日.xlsx": thirty_first,
}

if __name__ == "__main__":
    for name, make in SAMPLES.items():
        (HERE / name).write_bytes(make())
