"""The post a person stands on where a sheet leaves it open, and what is said where nothing tells it."""

from datetime import date

from domain.people import Role
from domain.roster import Post
from domain.roster_names import KnownPerson, Named, Unknown
from domain.roster_words import WEEKDAY_WORDS

POST_OF = {
    Role.LEADER: Post.LEADER,
    Role.OFFICER: Post.OFFICER,
    Role.DEPUTY: Post.DEPUTY,
    Role.DRIVER: Post.DRIVER,
}


def post_by_role(person: KnownPerson) -> str:
    """Return the only post of a person's roles, "" for none or several."""
    posts = {POST_OF[role] for role in person.roles if role in POST_OF}
    return str(posts.pop()) if len(posts) == 1 else ""


def wrong_weekday(day: date) -> str:
    """Return what is wrong when a sheet gives a day another weekday."""
    return f"{day.year}年{day.month}月{day.day}日是{WEEKDAY_WORDS[day.weekday()]}，请核对日期和星期"


def no_post(person: KnownPerson) -> str:
    """Return what is wrong when nothing tells a person's post."""
    words = "、".join(role.word for role in person.roles)
    why = f"{person.name}的角色是{words}" if words else f"人员表里没有{person.name}的值班角色"
    return f"{why}，看不出排的是哪个岗位；请加一列“岗位”写明 带班领导、主班、副班 或 驾驶员"


def posts_of_column(key: str) -> list[Post]:
    """Return the posts of a column's key, none for one whose names tell it themselves."""
    if key == "deputy_driver":
        return [Post.DEPUTY, Post.DRIVER]
    return [Post(key)] if key else []


def deputy_or_driver(index: int, count: int, one: Named | Unknown) -> str:
    """Return the post of the n-th name under 副班/驾驶员: by the role, else the last of several drives."""
    roles = one.person.roles if isinstance(one, Named) else ()
    if Role.DRIVER in roles and Role.DEPUTY not in roles:
        return "driver"
    return "driver" if count > 1 and index == count - 1 and Role.DEPUTY not in roles else "deputy"
