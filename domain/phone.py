"""Telephone numbers as offices write them."""

import re
from dataclasses import dataclass

from domain.sheet import tidy

RIGHT = "应为 11 位手机号（如 13800000001）或带区号的座机（如 022-28880000）"


@dataclass(frozen=True)
class Phone:
    """A number in one form: 11 digits, or area code, dash, local number; `note` tells of a mended form."""

    number: str
    note: str = ""


@dataclass(frozen=True)
class NotPhone:
    """A cell that is no telephone number; `reason` is Chinese with the right form."""

    reason: str


def read_phone(text: str) -> Phone | NotPhone:
    """Return the number of a cell, spaces, dashes and full-width digits apart."""
    whole = tidy(text)
    said = re.search(r"(?<=[0-9])\(?([一-龥]{1,8})\)?$", whole)
    if said and isinstance(bare := read_phone(whole[: said.start()]), Phone):
        return Phone(bare.number, bare.note or f"后面的“{said[1]}”没有读入，号码读作")
    if re.fullmatch(r"[0-9.]+[eE]\+?[0-9]+", whole):
        return NotPhone(f"被写成了科学计数，请把这一列设为文本格式；{RIGHT}")
    digits = re.sub(r"[-—–()]", "", whole)
    digits = re.sub(r"^(\+|00)?86(?=1[3-9][0-9]{9}$|0)", "", digits)
    if re.fullmatch(r"1[3-9][0-9]{9}", digits):
        return Phone(digits)
    if re.fullmatch(r"0(10|2[0-9])[0-9]{8}", digits):
        return Phone(f"{digits[:3]}-{digits[3:]}")
    if re.fullmatch(r"0[3-9][0-9]{2}[0-9]{7,8}", digits):
        return Phone(f"{digits[:4]}-{digits[4:]}")
    if re.fullmatch(r"(10|2[0-9])[2-9][0-9]{7}", digits):
        return Phone(f"0{digits[:2]}-{digits[2:]}", "座机区号少了开头的0，已按补0读")
    return NotPhone(_why(digits))


def _why(digits: str) -> str:
    if re.search(r"[/、,;]", digits):
        return f"一格只写一个号码，{RIGHT}"
    if re.fullmatch(r"1[0-9]+", digits):
        return f"手机号有 {len(digits)} 位，{RIGHT}"
    if re.fullmatch(r"[2-9][0-9]{6,7}", digits):
        return f"座机没有区号，{RIGHT}"
    return RIGHT
