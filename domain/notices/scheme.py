"""What is said about the office's scheme of posts and shifts (班制)."""

from datetime import date

from pydantic import BaseModel

from domain.notice import Notice


class SchemeShift(BaseModel, frozen=True):
    """One shift of the scheme, in words."""

    name: str
    hours: str
    days: tuple[str, ...]
    season: str
    posts: str


class SchemePeriod(BaseModel, frozen=True):
    """A time with more people on duty."""

    name: str
    first: date
    last: date
    posts: str


class Scheme(Notice):
    """The scheme in force; `posts`: word and how many must be there; `years`: is the holiday table known."""

    posts: tuple[tuple[str, int], ...]
    shifts: tuple[SchemeShift, ...]
    periods: tuple[SchemePeriod, ...]
    rest_hours: int
    apart: tuple[str, ...]
    together: tuple[str, ...]
    years: tuple[tuple[int, bool], ...]
    bare: tuple[tuple[str, str], ...] = ()
    """Posts that must be there and the hours for which no shift asks for them."""
