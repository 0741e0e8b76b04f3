"""The log's last entry is written down beside the log: one taken from its end is missed."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Apply."""
    op.execute(
        "INSERT INTO facts (name, value) SELECT 'log.head', CAST(seq AS TEXT) || ' ' || hash"
        " FROM log WHERE seq = (SELECT max(seq) FROM log)"
    )
    op.execute(
        "INSERT INTO facts (name, value) SELECT 'log.head',"
        " '0 0000000000000000000000000000000000000000000000000000000000000000'"
        " WHERE NOT EXISTS (SELECT 1 FROM log)"
    )
