"""A bulletin as a file or from standard input: XML of either shape, or text in any encoding of the field."""

from datetime import datetime
from zoneinfo import ZoneInfo

from config.tables import HazardTable
from domain.bulletin_reading import BulletinReading
from domain.bulletin_text import read_bulletins
from domain.bulletin_xml import looks_like_xml, read_bulletin_xml
from domain.decoding import decode_text


def read_bulletin_file(
    data: bytes, received_at: datetime, zone: ZoneInfo, hazards: HazardTable
) -> list[BulletinReading]:
    """Return the warnings in these bytes, [] for a text that is none; raise BulletinRefused for bad XML."""
    if looks_like_xml(data):
        return read_bulletin_xml(data, received_at, zone, hazards)
    return read_bulletins(decode_text(data), received_at, zone, hazards)
