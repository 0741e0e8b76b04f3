"""Rosters and handover in full: posts as data, leave, holidays, findings, feeds, equipment, next actions."""

import sqlalchemy as sa
from alembic import op

import storage.columns
from storage.schema import SIGNED, SIGNED_ITEMS

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "holidays",
        sa.Column("room_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('工作日', '休息日', '节假日', '调休上班')", name=op.f("ck_holidays_kind")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_holidays_room_id")),
        sa.UniqueConstraint("room_id", "day", name=op.f("uq_holidays_room_id_day")),
    )
    op.create_table(
        "equipment_checks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("room_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", storage.columns.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_equipment_checks_by_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_equipment_checks_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equipment_checks")),
    )
    with op.batch_alter_table("equipment_checks", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_equipment_checks_room_id_item_id"), ["room_id", "item", "id"], unique=False
        )

    op.create_table(
        "feeds",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("room_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", storage.columns.UtcTime(), nullable=False),
        sa.Column("revoked_at", storage.columns.UtcTime(), nullable=True),
        sa.Column("read_at", storage.columns.UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_feeds_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_feeds_person_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_feeds_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feeds")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feeds_token_hash")),
    )
    op.create_table(
        "findings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("room_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("post", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("starts_at", storage.columns.UtcTime(), nullable=False),
        sa.Column("ends_at", storage.columns.UtcTime(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("opened_at", storage.columns.UtcTime(), nullable=False),
        sa.Column("told_at", storage.columns.UtcTime(), nullable=True),
        sa.Column("closed_at", storage.columns.UtcTime(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('gap', 'clash', 'leave', 'unreachable', 'left')", name=op.f("ck_findings_kind")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_findings_forward")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_findings_person_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_findings_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_findings")),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_findings_room_id_closed_at"), ["room_id", "closed_at"], unique=False
        )

    op.create_table(
        "leaves",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("room_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_day", sa.String(length=10), nullable=False),
        sa.Column("last_day", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", storage.columns.UtcTime(), nullable=False),
        sa.Column("decided_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", storage.columns.UtcTime(), nullable=True),
        sa.CheckConstraint("state IN ('asked', 'granted', 'refused', 'ended')", name=op.f("ck_leaves_state")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_leaves_forward")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_leaves_by_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_leaves_decided_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_leaves_person_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_leaves_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leaves")),
    )
    with op.batch_alter_table("leaves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_leaves_room_id_last_day"), ["room_id", "last_day"], unique=False)

    op.create_table(
        "next_actions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("room_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject", sa.String(length=24), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", storage.columns.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_next_actions_by_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_next_actions_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_next_actions")),
        sa.UniqueConstraint("room_id", "subject", name=op.f("uq_next_actions_room_id_subject")),
    )
    with op.batch_alter_table("handover_items", schema=None, recreate="always") as batch_op:
        batch_op.add_column(sa.Column("owner", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("next_action", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("due_at", storage.columns.UtcTime(), nullable=True))
        batch_op.add_column(sa.Column("risk", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("top", sa.Boolean(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("read_back_at", storage.columns.UtcTime(), nullable=True))

    with op.batch_alter_table("shifts", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_shifts_post"), type_="check")  # posts are data now
        batch_op.create_check_constraint(
            op.f("ck_shifts_source"), "source IN ('import', 'generated', 'swap', 'cover')"
        )
        batch_op.add_column(sa.Column("name", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("turn_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(
            batch_op.f("ix_shifts_person_id_ends_at"), ["person_id", "ends_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_shifts_room_id_ends_at"), ["room_id", "ends_at"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_shifts_turn_id"), "people", ["turn_id"], ["id"])

    with op.batch_alter_table("swaps", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_swaps_state"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_swaps_state"),
            "state IN ('offered', 'accepted', 'effective', 'approved', 'declined', 'refused', 'withdrawn', "
            "'expired', 'void')",
        )
        batch_op.add_column(
            sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_swaps_other_shift_id"), ["other_shift_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_swaps_shift_id"), ["shift_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_swaps_by_id"), "people", ["by_id"], ["id"])

    op.create_index(op.f("ix_log_at"), "log", ["at"], unique=False)

    dialect = op.get_bind().dialect.name
    for statement in (*SIGNED[dialect], *SIGNED_ITEMS[dialect]):
        op.execute(statement)
