"""Who acts: a person with the posts held now."""

from dataclasses import dataclass

from domain.people import Role


@dataclass(frozen=True)
class PostHeld:
    """A role in a unit (AB only for contacts)."""

    role: Role
    unit_id: int | None
    unit: str
    ab: str | None


@dataclass(frozen=True)
class Actor:
    """A person of the room, resolved from an account at each press and command."""

    id: int
    name: str
    title: str
    phone: str
    telegram_id: int | None
    posts: tuple[PostHeld, ...]
    blocked: bool = False
    """The account could not be written to, when it was tried last."""

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held."""
        return frozenset(post.role for post in self.posts)

    def has(self, *roles: Role) -> bool:
        """Return True if any of `roles` is held."""
        return not self.roles.isdisjoint(roles)
