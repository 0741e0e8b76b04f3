"""Importing this fills the tables of commands, presses and text twins, in the order help shows them."""

from handlers import (
    callout,
    dutylog,
    fallback,
    generation,
    handover,
    incident,
    leave,
    office,
    people,
    process,
    roster,
    scheme,
    sheet,
)

LOADED = (
    roster,
    leave,
    handover,
    callout,
    incident,
    dutylog,
    office,
    people,
    sheet,
    scheme,
    generation,
    process,
    fallback,
)
