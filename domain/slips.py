"""The word at the head of a text put as the bot says it: 簽發, the voice input's 绪报, 停用 for 人员 停用."""

import re
from collections.abc import Collection

_TRADITIONAL = (
    "簽籤發續報終預變無崗轉傳達電話應確認結設備導點調頂來請銷單員審計狀態練帳時間線關聯動場範圍歷週務統臺記錄誌開幫"
    "誰換離補併兩級還長穩複讀領嗎們經個戶廣數沒況現過後對辦強並賬"
)
_SIMPLIFIED = (
    "签签发续报终预变无岗转传达电话应确认结设备导点调顶来请销单员审计状态练账时间线关联动场范围历周务统台记录志开帮"
    "谁换离补并两级还长稳复读领吗们经个户广数没况现过后对办强并账"
)
SCRIPT = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
"""Characters of commands and answers in the other script."""
LONGEST = 8
"""Characters of an answer without a blank that is read in the other script as a whole,"""
SHORT = 20
"""and of the text it stands in: a longer one may be a bulletin, which is kept as it came."""
SLIPS = {
    **dict.fromkeys(("手报", "首抱", "首爆", "守报", "手抱"), "首报"),
    **dict.fromkeys(("绪报", "序报", "续保", "叙报", "续抱", "续爆", "旭报"), "续报"),
    **dict.fromkeys(("终爆", "终抱", "钟报", "忠报"), "终报"),
    **dict.fromkeys(("预景", "预井", "遇警"), "预警"),
    **dict.fromkeys(("叫班", "教班", "交板", "交办班"), "交班"),
    **dict.fromkeys(("街班", "接板", "结班"), "接班"),
    **dict.fromkeys(("停用",), "人员 停用"),
    **dict.fromkeys(("查岗",), "点名"),
}
"""What is said or heard for a command, read as that where a blank, an event's number or nothing stands behind it."""
ANSWERS = {
    **dict.fromkeys(("收倒", "受到", "收道", "手到", "守到"), "收到"),
    **dict.fromkeys(("以传达", "已传打", "一传达"), "已传达"),
    **dict.fromkeys(("五变化", "吴变化", "无变话", "物变化"), "无变化"),
    **dict.fromkeys(("到刚", "到钢", "到港", "倒岗"), "到岗"),
}
"""The same of answers, read as such only where they stand alone or with an event's number."""
_STOP = r"[\s:：,，、.。;；!！~～]"
_EVENT = r"[A-Za-zＡ-Ｚａ-ｚ]\s*\d"
_HEAD = re.compile(
    rf"(?:[/／]|{_STOP}|{_EVENT}{{1,9}}|[\d和及])*(?P<word>[^\s:：,，、.。;；!！~～\dA-Za-zＡ-Ｚａ-ｚ]+)"
)
_AFTER = re.compile(rf"$|{_STOP}|{_EVENT}")
_ALONE = re.compile(rf"[了啦]?{_STOP}*(?:$|{_EVENT})")


def as_meant(text: str, words: Collection[str]) -> str:
    """Return a text with the first of its words as the bot says it, any other text as it is.

    `words`: those of commands and answers; what stands behind one of them is left as it was written.
    """
    head = _HEAD.match(text)
    if head is None:
        return text
    plain = head["word"].translate(SCRIPT)
    known = max((word for word in words if plain.startswith(word)), key=len, default="")
    whole = len(plain) <= LONGEST and len(text) <= SHORT
    size = len(known) if known else len(plain) if whole else 0
    start, end = head.start("word"), head.end("word")
    meant = text[:start] + plain[:size] + head["word"][size:] + text[end:]
    for table, may_follow in ((SLIPS, _AFTER), (ANSWERS, _ALONE)):
        for slip, word in table.items():
            if meant.startswith(slip, start) and may_follow.match(meant, start + len(slip)):
                return meant[:start] + word + meant[start + len(slip) :]
    return meant
