"""Updates that were set aside are found without going through all that ever came."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Apply."""
    failed = sa.text("error IS NOT NULL")
    op.create_index(
        "ix_inbox_set_aside", "inbox", ["update_id"], sqlite_where=failed, postgresql_where=failed
    )
