"""Only who may, may (P6): asked inside each action, with the roles held at that moment."""

from domain.actor import Actor
from domain.notices.base import NotAllowed
from domain.people import Role


def refuse(who: Actor, what: str, *roles: Role) -> NotAllowed | None:
    """Return why `who` may not do `what`, or None when one of `roles` is held."""
    return None if who.has(*roles) else NotAllowed(what=what, roles=tuple(role.word for role in roles))
