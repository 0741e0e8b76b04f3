"""Importing this fills the tables of commands, presses and text twins, in the order help shows them."""

from handlers import (
    callout,
    dutylog,
    fallback,
    feed,
    handover,
    incident,
    office,
    people,
    process,
    roster,
    sheet,
)

LOADED = (roster, feed, handover, callout, incident, dutylog, office, people, sheet, process, fallback)
