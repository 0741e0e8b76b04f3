"""Importing this fills the tables of commands, presses and text twins, in the order help shows them."""

from handlers import (
    callout,
    dutylog,
    fallback,
    feed,
    generation,
    handover,
    incident,
    leave,
    office,
    people,
    process,
    record,
    roster,
    scheme,
    sheet,
)

LOADED = (
    roster,
    leave,
    feed,
    handover,
    callout,
    incident,
    dutylog,
    record,
    office,
    people,
    sheet,
    scheme,
    generation,
    process,
    fallback,
)
