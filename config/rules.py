"""The rules of duty as data: shipped defaults, a TOML over them, changes made in chat over both.

Defaults follow product.md §4-§7; clocks of reporting are (D) in domain.md §2.2 until a district confirms.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from config.duration import Clock, Duration, OptionalDuration, Wait, write_duration
from config.obligations import load_obligations
from config.receivers import ReceiverLine
from config.roster import KEYS, POSTS, ExtraPostLine, PeriodLine, TemplateLine

SHIPPED = Path(__file__).parent / "data" / "rules.toml"


class RuleError(Exception):
    """A rule's value is not allowed; the text says why and shows the allowed form."""


class Part(BaseModel):
    """A group of rules; unknown keys are refused so that a typing slip is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


_SAID = {"是": True, "已确认": True, "确认": True, "开": True, "否": False, "未确认": False, "关": False}
YesNo = Annotated[bool, BeforeValidator(lambda given: _SAID.get(str(given), given))]
Short = Annotated[str, Field(min_length=1, max_length=40)]


class RoomRules(Part):
    """What the room is called and reached by; `office`: whose room it is, at the head of its documents."""

    name: Short
    office: Short
    phone: Short
    superior: Short


Rungs = Sequence[tuple[str, str, timedelta | None]]
"""What happens one after another: its key, its words, and when; None for a step that is left out."""


def _climbs(rungs: Rungs) -> None:
    """Raise ValueError where a step comes before one that stands in front of it; it names both."""
    steps = [(f"{words}（{key} {write_duration(at)}）", at) for key, words, at in rungs if at is not None]
    for (before, first), (after, then) in pairwise(steps):
        if then < first:
            raise ValueError(f"{before}不能晚于{after}")


class RosterRules(Part):
    """The shifts of a day, who must be there, who may follow whom, and when people are prompted.

    Without `shifts` a day has one shift from `changeover` for `length` (at most 24 h). `apart`, `together`: pairs of
    names with a blank between.
    """

    changeover: Clock
    length: Wait
    required: tuple[str, ...] = Field(min_length=1)
    posts: tuple[ExtraPostLine, ...]
    shifts: tuple[TemplateLine, ...]
    periods: tuple[PeriodLine, ...]
    rest: Duration
    apart: tuple[str, ...]
    together: tuple[str, ...]
    prompt_day_before: Clock
    prompt_before: Duration
    arrive_before: Duration
    late_to_leader: Duration
    late_to_substitutes: Duration
    look_ahead: Wait
    swap_answer: Wait
    swap_filed: YesNo

    @field_validator("required")
    @classmethod
    def _keys(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(KEYS.get(word, word) for word in given)

    @field_validator("apart", "together")
    @classmethod
    def _pairs(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for pair in given:
            if len(pair.split()) != 2:  # noqa: PLR2004 - a pair
                raise ValueError(f"「{pair}」不是一对，写作 刘芳 陈刚")
        return tuple(" ".join(pair.split()) for pair in given)

    @model_validator(mode="after")
    def _known(self) -> "RosterRules":
        own = {post.name for post in self.posts} | set(POSTS)
        counted = [line.posts for line in self.shifts] + [line.posts for line in self.periods]
        for key in (*self.required, *(key for posts in counted for key in posts)):
            if key not in own:
                raise ValueError(f"没有「{key}」这个岗位；先加岗位：班制 岗位 {key} 值班员")
        for names in (
            [s.name for s in self.shifts],
            [p.name for p in self.periods],
            [p.name for p in self.posts],
        ):
            if len(set(names)) != len(names):
                raise ValueError("有两项同名，请改名")
        if not timedelta() < self.length <= timedelta(hours=24):
            raise ValueError("一班最长 24h")
        _climbs(
            [
                ("late_to_leader", "未到岗告知带班领导", self.late_to_leader),
                ("late_to_substitutes", "告知管理员找替班", self.late_to_substitutes),
            ]
        )
        return self


class HandoverRules(Part):
    """Prompts before the changeover, whom to tell after it, what is checked, how many risks are read back."""

    prompts: tuple[Duration, ...]
    tell_leader_after: Duration
    tell_admin_after: Duration
    equipment: tuple[str, ...]
    read_back: int = Field(ge=0, le=9)

    @model_validator(mode="after")
    def _in_order(self) -> "HandoverRules":
        _climbs(
            [
                ("tell_leader_after", "无人接班告知领导", self.tell_leader_after),
                ("tell_admin_after", "告知管理员", self.tell_admin_after),
            ]
        )
        return self


class Ladder(Part):
    """Minutes after dispatch at which a silent contact climbs one rung (product.md §6); none before the one below."""

    remind: Wait
    tell_b: Wait
    call_list: Wait
    tell_leader: OptionalDuration
    overdue: Wait

    @model_validator(mode="after")
    def _in_order(self) -> "Ladder":
        _climbs(
            [
                ("remind", "催A角", self.remind),
                ("tell_b", "告知B角", self.tell_b),
                ("call_list", "列入叫应名单", self.call_list),
                ("tell_leader", "告知带班领导", self.tell_leader),
                ("overdue", "算未叫通", self.overdue),
            ]
        )
        return self


CALLED = {
    **dict.fromkeys(("village", "村", "社区", "村/社区", "村（社区）"), "village"),
    **dict.fromkeys(("street", "街道", "镇", "乡"), "street"),
    **dict.fromkeys(("grid", "网格"), "grid"),
    **dict.fromkeys(("firm", "企业"), "firm"),
    **dict.fromkeys(("school", "学校"), "school"),
    **dict.fromkeys(("hospital", "医院"), "hospital"),
    **dict.fromkeys(("partner", "联动单位"), "partner"),
}
"""Levels a warning can go to, as people write them."""


class CalloutRules(Part):
    """Whom a warning is sent to and how silence is climbed."""

    levels: tuple[str, ...] = Field(min_length=1)
    second_above: int = Field(ge=0)
    pass_on: Wait
    late_reshow: Duration
    on_time: Wait
    blue: Ladder
    yellow: Ladder
    orange: Ladder
    red: Ladder

    @field_validator("levels")
    @classmethod
    def _known_levels(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        for word in given:
            if word not in CALLED:
                raise ValueError(
                    f"没有「{word}」这个层级，可以写：街道、村、网格、企业、学校、医院、联动单位"
                )
        return tuple(dict.fromkeys(CALLED[word] for word in given))


class Lanes(Part):
    """The two clocks of a report, from receipt."""

    phone: Wait
    written: Wait


class ReportRules(Part):
    """Report clocks (domain.md §2.2 (D)), their reminders and the cadence of follow-ups (§2.5).

    `general`, `urgent`: the lanes to the duty room above; `receivers`: whom else, each with its own lanes.
    `copies`: 抄送 by category.
    """

    confirmed: YesNo
    general: Lanes
    urgent: Lanes
    receivers: tuple[ReceiverLine, ...]
    remind: tuple[Duration, ...]
    tell_deputy_after: Duration
    extension: Wait
    followup_every: Wait
    followup_stable: Wait
    followup_daily: tuple[Clock, ...] = Field(min_length=1)
    sign_remind: Wait
    confirm_remind: Wait
    nil_report_at: Clock
    copies: dict[str, Short]


class ResponseRules(Part):
    """How long a partner unit may be silent before it is called."""

    partner_call: Wait


FREQUENCIES = ("每月", "每季度", "每半年", "每年")


class ObligationRules(Part):
    """How often an obligation is due whose frequency the document leaves open, one line each: O-17 每月."""

    frequency: tuple[str, ...]

    @field_validator("frequency")
    @classmethod
    def _lines(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        left_open = {row.id for row in load_obligations() if row.left_open}
        often: dict[str, str] = {}
        for line in given:
            number, _, word = " ".join(line.split()).partition(" ")
            if word not in FREQUENCIES:
                raise ValueError(f"「{line}」写作 O-17 每月；可写 {'、'.join(FREQUENCIES)}")
            if number not in left_open:
                raise ValueError(f"{number} 不是文件未定频次的任务；可以设 {'、'.join(sorted(left_open))}")
            often[number] = word
        return tuple(f"{number} {word}" for number, word in often.items())


class MiscRules(Part):
    """The rest: invitations, roll call, sending."""

    invitation: Wait
    rollcall: Wait
    sends_per_second: int = Field(ge=1, le=1000)
    chat_gap: Duration
    card_gap: Duration


class Rules(Part):
    """All rules of one room."""

    room: RoomRules
    roster: RosterRules
    handover: HandoverRules
    callout: CalloutRules
    report: ReportRules
    response: ResponseRules
    obligation: ObligationRules
    misc: MiscRules


def merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return `base` with the values of `over` laid over it, table by table."""
    out = dict(base)
    for key, value in over.items():
        old = out.get(key)
        out[key] = merge(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return out


def nest(key: str, value: object) -> dict[str, Any]:
    """Return the table that holds `value` at the dotted `key`."""
    head, _, rest = key.partition(".")
    return {head: nest(rest, value) if rest else value}


def load_rules(over: Path | None = None, changes: Mapping[str, object] | None = None) -> Rules:
    """Return the rules of shipped < file < changes; raise RuleError naming the first wrong key."""
    table: dict[str, Any] = tomllib.loads(SHIPPED.read_text("utf-8"))
    if over is not None:
        try:
            table = merge(table, tomllib.loads(over.read_text("utf-8")))
        except tomllib.TOMLDecodeError as error:
            raise RuleError(f"{over.name} 不是正确的 TOML：{error}") from error
    for key, value in (changes or {}).items():
        table = merge(table, nest(key, _given(table, key, value)))
    return _valid(table)


def load_kept_rules(over: Path | None, changes: Mapping[str, object]) -> tuple[Rules, dict[str, str]]:
    """Return the rules in force, and which changes made in chat are left out, with why: they are not allowed any more.

    A limit may be narrower than it was when the change was made; the room works on with what stood before it.
    """
    try:
        return load_rules(over, changes), {}
    except RuleError:
        kept: dict[str, object] = {}
        left_out: dict[str, str] = {}
        for key, value in changes.items():
            try:
                load_rules(over, kept | {key: value})
            except RuleError as error:
                left_out[key] = str(error)
            else:
                kept[key] = value
        return load_rules(over, kept), left_out


def change_rules(rules: Rules, key: str, value: str) -> Rules:
    """Return the rules with one value laid over them as typed; raise RuleError saying why it cannot be."""
    if key not in flat(rules):
        raise RuleError(f"规则 {key} 不对：没有这一项")
    table = rules.model_dump(mode="json")
    return _valid(merge(table, nest(key, _given(table, key, value))))


def explained() -> dict[str, str]:
    """Return what each shipped rule means, from the comment that stands behind it in the file."""
    out, group = {}, ""
    for line in SHIPPED.read_text("utf-8").splitlines():
        if header := re.match(r"\[([\w.]+)\]", line):
            group = header[1]
        elif rule := re.match(r"(\w+) = .*?#\s*(.+)$", line):
            out[f"{group}.{rule[1]}"] = rule[2]
    return out


def _given(table: Mapping[str, Any], key: str, value: object) -> object:
    """Return a typed value in the form its key has: where a list stands, the text is parted at commas."""
    now: Any = table
    for part in key.split("."):
        now = now.get(part) if isinstance(now, Mapping) else None
    if not isinstance(now, list | tuple) or not isinstance(value, str):
        return value
    return [part.strip() for part in re.split(r"[,\uff0c、]", value) if part.strip() not in ("", "-", "无")]


def _valid(table: Mapping[str, Any]) -> Rules:
    try:
        return Rules.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise RuleError(
            f"规则 {key} 不对：{_reason(first['type'], str(first['msg']), first.get('ctx', {}))}"
        ) from error


def _reason(kind: str, message: str, limits: Mapping[str, Any]) -> str:
    match kind:
        case "extra_forbidden":
            return "没有这一项"
        case "missing":
            return "缺少这一项"
        case "too_short" | "string_too_short":
            return "至少写一项"
        case "string_too_long":
            return f"最多 {limits['max_length']} 个字"
        case "int_parsing":
            return "应为整数"
        case "bool_parsing":
            return "应为 是 或 否（true、false）"
        case "greater_than_equal":
            return f"不能小于 {limits['ge']}"
        case "less_than_equal":
            return f"不能大于 {limits['le']}"
        case "model_type" | "dict_type" | "model_attributes_type":
            return "这是一组设置，请写到具体一项"
        case _:
            return message.removeprefix("Value error, ")


def flat(rules: Rules) -> dict[str, str]:
    """Return every rule as dotted key and text, in the order of the file."""
    out: dict[str, str] = {}

    def walk(prefix: str, value: object) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(f"{prefix}.{key}" if prefix else key, inner)
        elif isinstance(value, list | tuple):
            out[prefix] = ",".join(_plain(part) for part in value)
        elif isinstance(value, bool):
            out[prefix] = str(value).lower()
        else:
            out[prefix] = _plain(value)

    walk("", rules.model_dump(mode="json"))
    return out


def _plain(value: object) -> str:
    """Return a value in words, a time of day without its seconds."""
    return re.sub(r"^(\d\d:\d\d):00$", r"\1", str(value))
