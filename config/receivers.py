"""To whom incidents are reported besides the duty room above, and within which time: one line each, as in the chat."""

import re
import unicodedata
from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from config.duration import read_duration, write_duration

CATEGORIES = ("自然灾害", "事故灾难", "公共卫生", "社会安全")
GRADES = ("一般", "较大", "重大", "特别重大")
"""From the lowest."""
URGENT_WORD = "紧急"
EXAMPLE = "区应急管理局 事故灾难 较大以上 电话15m 书面30m"


class Receiver(BaseModel):
    """A receiver: for which categories (none: all), from which grade on (None: any), only urgent ones; a lane of None is not needed."""  # noqa: E501 - a contract is read whole

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    categories: tuple[str, ...] = ()
    grades: tuple[str, ...] = ()
    urgent: bool = False
    phone: timedelta | None = None
    written: timedelta | None = None


def read_receiver(text: str) -> Receiver:
    """Return the receiver of a line such as `区卫生健康委 公共卫生 书面2h`; raise ValueError."""
    name, *words = unicodedata.normalize("NFKC", text).split() or [""]
    lanes = {"电话": "phone", "书面": "written"}
    found: dict[str, timedelta] = {}
    categories: list[str] = []
    grades: list[str] = []
    urgent = False
    for word in words:
        if lane := re.fullmatch(r"(电话|书面)(\S+)", word):
            found[lanes[lane[1]]] = read_duration(lane[2])
        elif word in CATEGORIES:
            categories.append(word)
        elif grade := re.fullmatch(rf"({'|'.join(GRADES)})(以上)?", word):
            grades += GRADES[GRADES.index(grade[1]) :] if grade[2] else [grade[1]]
        elif word == URGENT_WORD:
            urgent = True
        else:
            raise ValueError(f"「{word}」看不懂，接收单位写作：{EXAMPLE}")
    if not found or name in (*CATEGORIES, *GRADES):
        raise ValueError(f"接收单位写作：{EXAMPLE}")
    return Receiver(
        name=name, categories=tuple(categories), grades=tuple(dict.fromkeys(grades)), urgent=urgent, **found
    )


def write_receiver(receiver: Receiver) -> str:
    """Return the line read_receiver reads back."""
    lanes = (("电话", receiver.phone), ("书面", receiver.written))
    words = [f"{word}{write_duration(length)}" for word, length in lanes if length is not None]
    urgent = (URGENT_WORD,) if receiver.urgent else ()
    return " ".join((receiver.name, *receiver.categories, *receiver.grades, *urgent, *words))


ReceiverLine = Annotated[
    Receiver,
    BeforeValidator(lambda value: read_receiver(value) if isinstance(value, str) else value),
    PlainSerializer(write_receiver, str),
]
