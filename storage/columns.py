"""Column types that SQLite and PostgreSQL read the same way."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, ColumnElement, Dialect, Integer, type_coerce
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

Json = JSON
Key = BigInteger().with_variant(Integer(), "sqlite")
"""A 64-bit key; SQLite numbers rows by itself only where the type is INTEGER."""


class UtcTime(TypeDecorator[datetime]):
    """An instant: aware UTC in Python, microseconds since the epoch in the database, so that it compares exactly."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Return microseconds; raise ValueError for a naive time, which names no instant."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time {value!r} names no instant")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """Return the aware UTC time."""
        del dialect
        return None if value is None else _EPOCH + timedelta(microseconds=value)


def earlier(column: ColumnElement[Any], by: timedelta) -> ColumnElement[int]:
    """Return a time's value moved back by this much, for an UPDATE that the database does by itself."""
    return type_coerce(column, BigInteger) - by // _MICROSECOND
