"""What is said about calendar feeds."""

from typing import ClassVar

from domain.notice import Notice


class Link(Notice):
    """A fresh link; `whole`: the room's; `local`: opens on the server's own machine only; `replaced`: ends another."""

    secret: ClassVar[bool] = True
    url: str
    whole: bool
    local: bool
    replaced: bool
    may_whole: bool


class Ended(Notice):
    """The person's links are ended; `links`: how many there were."""

    links: int
