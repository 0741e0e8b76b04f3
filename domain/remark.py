"""Words behind an answer that takes none: thanks, trouble, or the opposite of the answer."""

import re

_COURTESY = re.compile(
    r"(?:好的?|谢谢|多谢|感谢|辛苦了?|知道了|明白了?|嗯|行|ok|收到|您|同意|请?放心|(?:马上|立即|立刻|这就|正在)(?:落实|通知|转发?|传达|办|安排|处理|执行)"
    r"|[了呢啊哦的吧\W_])+",
    re.IGNORECASE,
)
_TROUBLE = re.compile(
    r"[?？吗没未不无非缺难]|还有|还剩|停电|断[电网路水]|[困塌淹漏伤病救]|着火|请|需要|帮|派|让|换|代|外地|请假"
)
_TAKES_BACK = re.compile(r"不(?:同意|要发|发|签|能发|行|报)|别(?:发|报|签)|先(?:别|不)|暂缓|缓一|等等|等一")


def is_courtesy(words: str) -> bool:
    """Return True for thanks, consent and a promise to see to it, which add nothing."""
    return _COURTESY.fullmatch(words) is not None or not any(char.isalnum() for char in words)


def is_trouble(words: str) -> bool:
    """Return True if words behind 收到 may ask for somebody's help: not one of many who only say that they will."""
    return _TROUBLE.search(words) is not None


_NOT_TAKEN_BACK = ("签发", "发送", "同意下发")
"""Answers that send something which nobody can take back."""


def takes_back(answer: str, words: str) -> bool:
    """Return True if words say the opposite of the answer they follow, one that sends something: 签发 E1，先别发."""
    return answer in _NOT_TAKEN_BACK and _TAKES_BACK.search(words) is not None
