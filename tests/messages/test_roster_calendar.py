"""A feed read by an independent reader of iCalendar: times, who, what stays the same, what is left out."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from ical.calendar import Calendar as Read
from ical.calendar_stream import IcsCalendarStream

from domain.feed import Calendar, Standing, Wish, entries_of, entries_of_room, read_wish
from messages.roster_calendar import calendar_bytes, calendar_tag

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 10, 1, 1, 0, tzinfo=UTC)
ME, LEADER, DAY = (1, "郑伟", "13800000005"), (2, "张慧敏", "13800000009"), (3, "王志强", "13800000008")


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 10, day, hour, 30, tzinfo=ZONE)


def standing(number: int, post: str, label: str, who: tuple[int, str, str], *span: datetime) -> Standing:
    return Standing(f"S{number}", post, label, *who, *span)


SHIFTS = (
    standing(30, "带班领导", "白班", DAY, at(1, 8), at(1, 17)),
    standing(31, "主班", "夜班", ME, at(1, 17), at(2, 8)),
    standing(32, "带班领导", "夜班", LEADER, at(1, 17), at(2, 8)),
    standing(33, "主班", "", ME, at(3, 8), at(4, 8)),
)


def feed(*, own: bool, shifts: tuple[Standing, ...] = SHIFTS) -> Calendar:
    entries = entries_of(ME[0], shifts) if own else entries_of_room(shifts)
    room = ("沽水街道值班室", "022-00000000", "Asia/Shanghai", timedelta(hours=2))
    return Calendar(ME[1] if own else "", *room, entries)


def read(calendar: Calendar) -> Read:
    return IcsCalendarStream.calendar_from_ics(calendar_bytes(calendar, NOW).decode())


def test_a_persons_shifts_are_read_with_their_times_and_who_else_is_on() -> None:
    night, whole = read(feed(own=True)).events
    assert (night.dtstart, night.dtend) == (at(1, 17), at(2, 8))
    assert (night.summary, whole.summary) == ("值班（夜班 主班）", "值班（主班）")
    assert night.description == "同班：\n带班领导：张慧敏\n值班电话：022-00000000\n班次 S31"
    assert whole.description == "同班：无\n值班电话：022-00000000\n班次 S33"
    assert night.location == "沽水街道值班室"
    assert [a.trigger for a in night.alarm] == [timedelta(hours=-2)]
    assert night.dtstamp == NOW


def test_the_rooms_calendar_has_each_shift_once_and_rings_for_nobody() -> None:
    events = read(feed(own=False)).events
    assert [e.summary for e in events] == ["白班：王志强", "夜班：郑伟、张慧敏", "值班：郑伟"]
    assert events[1].description == (
        "主班：郑伟 138****0005\n带班领导：张慧敏 138****0009\n值班电话：022-00000000"
    )
    assert all(not e.alarm for e in events)


@pytest.mark.parametrize("own", [True, False])
def test_no_whole_phone_of_anybody_is_in_a_feed(own: bool) -> None:  # noqa: FBT001 - a row of a table
    text = calendar_bytes(feed(own=own), NOW).decode()
    assert "1380000" not in text.replace("\r\n ", "")
    assert text.replace("\r\n ", "").count("****") == (0 if own else 4)


@pytest.mark.parametrize("own", [True, False])
def test_a_shift_keeps_its_uid_when_somebody_else_on_it_changes(own: bool) -> None:  # noqa: FBT001 - same
    swapped = (*SHIFTS[:2], standing(40, "带班领导", "夜班", DAY, at(1, 17), at(2, 8)), SHIFTS[3])
    before, after = read(feed(own=own)), read(feed(own=own, shifts=swapped))
    assert [e.uid for e in before.events] == [e.uid for e in after.events]
    assert len({e.uid for e in before.events}) == len(before.events)
    assert calendar_tag(feed(own=own)) != calendar_tag(feed(own=own, shifts=swapped))


def test_lines_end_in_crlf_and_are_folded_at_75_octets_between_letters() -> None:
    long = tuple(
        standing(50 + n, "副班", "夜班", (10 + n, "欧阳建国", ""), at(1, 17), at(2, 8)) for n in range(20)
    )
    data = calendar_bytes(feed(own=True, shifts=(*SHIFTS, *long)), NOW)
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    for line in data.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()


def test_clients_are_told_the_name_and_how_often_to_look() -> None:
    text = calendar_bytes(feed(own=False), NOW).decode()
    for line in (
        "METHOD:PUBLISH",
        "X-WR-CALNAME:沽水街道值班室 值班表",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "PRODID:-//dutyroom//roster//ZH",
    ):
        assert f"\r\n{line}\r\n" in text


def test_words_of_people_cannot_break_out_of_their_line() -> None:
    sly = standing(31, "主班;X", "夜,班", (1, "郑\r\nBEGIN:VEVENT", ""), at(1, 17), at(2, 8))
    (event,) = read(feed(own=False, shifts=(sly,))).events
    assert event.summary == "夜,班：郑\nBEGIN:VEVENT"


def test_a_calendar_without_shifts_is_one_all_the_same() -> None:
    assert read(feed(own=True, shifts=())).events == []


@pytest.mark.parametrize(
    ("text", "wish"), [("", Wish.OWN), (" 停用 ", Wish.END), ("值班室", Wish.ROOM), ("明天", None)]
)
def test_the_word_after_the_command_is_read(text: str, wish: Wish | None) -> None:
    assert read_wish(text) is wish
