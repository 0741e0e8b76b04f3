"""Regular expressions that are compiled later are those of `re`."""

import re

from domain.pattern import Pattern, compile_all
from handlers.all_features import LOADED


def test_every_pattern_there_is_can_be_compiled() -> None:
    assert LOADED
    compile_all()
    assert len(Pattern.made) > 100


def test_a_pattern_reads_as_that_of_re_does() -> None:
    late, now, text = Pattern("(a)b?", re.IGNORECASE), re.compile("(a)b?", re.IGNORECASE), "xAb-a"
    for name in ("match", "fullmatch", "search"):
        ours, theirs = getattr(late, name)(text, 1), getattr(now, name)(text, 1)
        assert (ours and ours.span()) == (theirs and theirs.span())
    assert late.findall(text) == now.findall(text)
    assert [m.span() for m in late.finditer(text)] == [m.span() for m in now.finditer(text)]
    assert late.sub("!", text, 1) == now.sub("!", text, count=1)
    assert Pattern("-").split(text, 1) == re.split("-", text, maxsplit=1)
