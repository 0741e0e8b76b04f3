"""Posts of a shift, and the shifts a day wants by the office's templates."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from config.roster import KEYS, POST_ROLES, POSTS, ShiftTemplate
from config.rules import RosterRules
from domain.people import Role


class Post(str):
    """A post of the roster: one of the four every office has, or an office's own by its name (product.md §4).

    The same key is the same object, so that `is` may be used.
    """

    __slots__ = ()
    _made: ClassVar[dict[str, "Post"]] = {}
    LEADER: ClassVar["Post"]
    OFFICER: ClassVar["Post"]
    DEPUTY: ClassVar["Post"]
    DRIVER: ClassVar["Post"]

    def __new__(cls, key: str) -> "Post":  # noqa: PYI034 - there are no posts of another class
        """Return the post of a key."""
        made = cls._made.get(key)
        return made if made is not None else cls._made.setdefault(str(key), super().__new__(cls, key))

    @classmethod
    def of_word(cls, word: str) -> "Post":
        """Return the post that a word names: 主班, 带班领导, an office's own."""
        return cls(KEYS.get(word, word))

    @property
    def value(self) -> str:
        """Return the key as it is kept."""
        return str.__str__(self)

    @property
    def word(self) -> str:
        """Return the post as offices write it."""
        return POSTS.get(self, str.__str__(self))

    @property
    def rank(self) -> tuple[int, str]:
        """Return what sorts posts: leader, officer, deputy, driver, then the office's own."""
        keys = list(POSTS)
        return (keys.index(self) if self in POSTS else len(keys), str.__str__(self))


Post.LEADER, Post.OFFICER, Post.DEPUTY, Post.DRIVER = map(Post, POSTS)
BUILT_IN = tuple(map(Post, POSTS))


def posts_of(rules: RosterRules) -> tuple[Post, ...]:
    """Return every post of the office, in the order they are shown."""
    return (*BUILT_IN, *(Post(extra.name) for extra in rules.posts))


def fit_roles(post: Post, rules: RosterRules) -> tuple[Role, ...]:
    """Return the roles whose holders may stand on a post; none for a post the office does not have."""
    words = POST_ROLES.get(post) or next((e.roles for e in rules.posts if e.name == post), ())
    return tuple(role for word in words for role in Role if role.word == word)


@dataclass(frozen=True)
class Slot:
    """One shift of one day as the office wants it: from, to (aware, the room's zone), how many by post."""

    name: str
    starts_at: datetime
    ends_at: datetime
    needs: Mapping[Post, int]


@dataclass(frozen=True)
class Wanted:
    """A shift to be laid in: a person on a post, from, to (aware); `label`: the shift's name."""

    post: Post
    person_id: int
    starts_at: datetime
    ends_at: datetime
    label: str = ""


def templates_of(rules: RosterRules) -> tuple[ShiftTemplate, ...]:
    """Return the office's shift templates; without any there is one shift a day, from changeover to changeover."""
    if rules.shifts:
        return rules.shifts
    end = (datetime.combine(date(2000, 1, 1), rules.changeover) + rules.length).time()
    return (ShiftTemplate(name="全天", start=rules.changeover, end=end),)


def slots_of(day: date, kind: str, rules: RosterRules, zone: ZoneInfo) -> tuple[Slot, ...]:
    """Return the shifts that begin on a calendar day of that kind, in order of their start."""
    found = []
    for template in templates_of(rules):
        if template.holds_on(day, kind):
            start = datetime.combine(day, template.start, zone)
            end = datetime.combine(day + timedelta(days=template.end <= template.start), template.end, zone)
            found.append(Slot(template.name, start, end, _needs(template, day, rules)))
    return tuple(sorted(found, key=lambda slot: (slot.starts_at, slot.ends_at)))


def _needs(template: ShiftTemplate, day: date, rules: RosterRules) -> dict[Post, int]:
    counts = dict(template.posts) or dict.fromkeys(rules.required, 1)
    for period in rules.periods:
        if period.first <= day <= period.last:
            for post, count in period.posts.items():
                if post in counts or not template.posts:
                    counts[post] = max(count, counts.get(post, 0))
    return {Post(key): count for key, count in counts.items() if count}
