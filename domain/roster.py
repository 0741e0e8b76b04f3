"""Posts of a shift."""

from enum import StrEnum


class Post(StrEnum):
    """A post of the roster (product.md §4)."""

    LEADER = "leader"
    OFFICER = "officer"
    DEPUTY = "deputy"
    DRIVER = "driver"

    @property
    def word(self) -> str:
        """Return the post as offices write it."""
        return {"leader": "带班领导", "officer": "主班", "deputy": "副班", "driver": "驾驶员"}[self.value]
