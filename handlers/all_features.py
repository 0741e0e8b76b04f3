"""Importing this fills the tables of commands, presses and text twins, in the order help shows them."""

from handlers import (
    callout,
    channel,
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
    channel,
    sheet,
    scheme,
    generation,
    process,
    fallback,
)
