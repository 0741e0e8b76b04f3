"""Roles, levels of units and AB roles, with their Chinese words."""

from enum import StrEnum


class Role(StrEnum):
    """What a person may be (product.md §1)."""

    OFFICER = "officer"
    DEPUTY = "deputy"
    LEADER = "leader"
    DRIVER = "driver"
    CONTACT = "contact"
    REPORTER = "reporter"
    SUPERIOR = "superior"
    ADMIN = "admin"

    @property
    def word(self) -> str:
        """Return the role as people say it."""
        return {
            "officer": "值班员",
            "deputy": "副班",
            "leader": "带班领导",
            "driver": "驾驶员",
            "contact": "责任人",
            "reporter": "信息报告员",
            "superior": "上级值班室",
            "admin": "管理员",
        }[self.value]


class UnitLevel(StrEnum):
    """Where a unit stands in the tree."""

    STREET = "street"
    VILLAGE = "village"
    GRID = "grid"
    PARTNER = "partner"
    FIRM = "firm"
    SCHOOL = "school"
    HOSPITAL = "hospital"
    SUPERIOR = "superior"

    @property
    def word(self) -> str:
        """Return the level as people say it."""
        return {
            "street": "街道",
            "village": "村/社区",
            "grid": "网格",
            "partner": "联动单位",
            "firm": "企业",
            "school": "学校",
            "hospital": "医院",
            "superior": "上级",
        }[self.value]


class AB(StrEnum):
    """Who of a unit's contacts is called first (domain.md §4.2)."""

    A = "A"
    B = "B"
