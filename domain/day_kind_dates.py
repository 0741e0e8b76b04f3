"""Dates and spans as holiday tables write them: 2027-02-05至2027-02-11, 2月5日-11日, 2月14日、2月28日."""

import re
from datetime import date

from domain.roster_dates import Period, read_date
from domain.roster_words import ONE_DAY, WEEKDAY_WORDS, WEEKDAYS
from domain.sheet import tidy

UNTOLD = date(1600, 1, 1)
"""Stands for "no year was told": read days of that century have none. A leap year, so that 29 February is read."""
TOLD = 2000
WEEKDAY = r"\(?(?:星期|周|礼拜)([一二三四五六日天])\)?"
LONGEST = 31  # days of one span: beyond it a date was misread
RIGHT = "请写成 2027-02-05、2027-02-05至2027-02-11 或 2月5日至11日"


def read_days(text: str, period: Period) -> list[date] | str:
    """Return the days of a cell in its order, or the reason in Chinese why there are none."""
    days: list[date] = []
    for part in filter(None, re.split(r"[、,，;；和及]", re.sub(r"[,，]?共[0-9]+天", "", tidy(text)))):
        read = _span(re.sub(WEEKDAY, "", part), Period(days[-1].year, days[-1].month) if days else period)
        if isinstance(read, str):
            return read.replace(f"{UNTOLD.year}年", "")
        if read[0].year < TOLD:
            return "日期没有年份，请写成 2027年2月5日，或在标题里写上年份，如“2027年节假日安排”"
        if why := _wrong_weekday(part, read):
            return why
        days += read
    return days or f"没有日期，{RIGHT}"


def _wrong_weekday(part: str, days: list[date]) -> str:
    """Return the doubt when a weekday stands beside a date that is not its: the year was misread, or a digit."""
    written = [WEEKDAYS[word] for word in re.findall(WEEKDAY, part)]
    for weekday, day in zip(written, (days[0], days[-1]), strict=False):
        if day.weekday() != weekday:
            is_, not_ = WEEKDAY_WORDS[day.weekday()], WEEKDAY_WORDS[weekday]
            return f"{day.year}年{day.month}月{day.day}日是{is_}，不是{not_}，请核对"
    return ""


def _span(text: str, period: Period) -> list[date] | str:
    alone = read_date(text, period)
    if isinstance(alone, date):
        return [alone]
    why = alone if alone.startswith("没有") else f"日期看不懂，{RIGHT}"
    for cut in re.finditer(r"[-至到~—–]+", text):
        first = read_date(text[: cut.start()], period)
        if isinstance(first, str):
            why = first if first.startswith("没有") else why
            continue
        last = read_date(text[cut.end() :], Period(first.year, first.month))
        if isinstance(last, date):
            return _between(first, last)
        why = last if last.startswith("没有") else why
    return why


def _between(first: date, last: date) -> list[date] | str:
    days = (last - first).days + 1
    if days < 1:
        return f"结束日期 {last} 早于开始日期 {first}，请核对"
    if days > LONGEST:
        return f"{first} 至 {last} 有 {days} 天，超过 {LONGEST} 天，请核对"
    return [first + ONE_DAY * n for n in range(days)]
