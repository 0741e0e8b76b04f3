"""Chinese numerals as whole numbers."""

import re

DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "俩": 2,
    "三": 3,
    "仨": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
NUMBER = r"[零〇一二两三四五六七八九十百千万]{1,12}"


def read_number(word: str) -> int | None:
    """Return the value of arabic digits or a Chinese numeral below 10^8, None for anything else, "三四百" too."""
    if re.fullmatch(r"[0-9]{1,8}", word):
        return int(word)
    if not word or any(c not in DIGITS and c not in _UNITS for c in word):
        return None
    if all(c in DIGITS for c in word):
        return (
            int("".join(str(DIGITS[c]) for c in word))
            if len(word) == 1 or "零" in word or "〇" in word
            else None
        )
    if re.search(rf"[{''.join(d for d in DIGITS if d not in '零〇')}]{{2}}", word):
        return None
    total = section = digit = 0
    for char in word:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char == "万":
            total, section, digit = total + (section + digit) * 10000, 0, 0
        else:
            section, digit = section + (digit or 1) * _UNITS[char], 0
    return total + section + digit
