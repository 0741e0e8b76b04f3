"""Fallback channels: what 通道 and the words after it ask for."""

from dataclasses import dataclass

DELETE, TRY = "删除", "试发"
LONGEST_NAME = 12


@dataclass(frozen=True)
class ShowAll:
    """通道: every channel (`target` "": of everybody)."""

    target: str = ""


@dataclass(frozen=True)
class Add:
    """通道 李强 短信 json://…: a channel of a person or unit under a name."""

    target: str
    name: str
    url: str


@dataclass(frozen=True)
class Delete:
    """通道 李强 删除 短信."""

    target: str
    name: str


@dataclass(frozen=True)
class Try:
    """通道 李强 试发: over each of the target's channels."""

    target: str


Wish = ShowAll | Add | Delete | Try


def read_wish(text: str) -> Wish | None:
    """Return what is asked for; None when it is not understood. An address is never part of an answer."""
    match text.split():
        case []:
            return ShowAll()
        case [target] if "://" not in target:
            return ShowAll(target)
        case [target, word] if word == TRY:
            return Try(target)
        case [target, word, name] if word == DELETE:
            return Delete(target, name)
        case [target, name, url] if "://" in url and is_name(name):
            return Add(target, name, url)
    return None


def is_name(name: str) -> bool:
    """Return True for what a channel may be called."""
    return len(name) <= LONGEST_NAME and "://" not in name and name not in (DELETE, TRY)
