"""The post a person stands on where a sheet does not say it: by the roles, when they leave one choice."""

from domain.people import Role
from domain.roster import Post
from domain.roster_names import KnownPerson

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
