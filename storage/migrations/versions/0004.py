"""Incident reports in full: several receivers, extensions, frozen versions, partner units, the evacuated."""

import sqlalchemy as sa
from alembic import op

import storage.columns
from storage.schema import SENT

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "evacuees",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Text(), server_default="", nullable=False),
        sa.Column("shelter", sa.Text(), server_default="", nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", storage.columns.UtcTime(), nullable=False),
        sa.Column("returns_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("withdrawn_at", storage.columns.UtcTime(), nullable=True),
        sa.CheckConstraint("headcount > 0", name=op.f("ck_evacuees_headcount")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_evacuees_by_id")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_evacuees_incident_id")),
        sa.ForeignKeyConstraint(["returns_id"], ["evacuees.id"], name=op.f("fk_evacuees_returns_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evacuees")),
    )
    with op.batch_alter_table("evacuees", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evacuees_incident_id"), ["incident_id"], unique=False)

    op.create_table(
        "partners",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("incident_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("told_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("told_at", storage.columns.UtcTime(), nullable=False),
        sa.Column("acked_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("acked_at", storage.columns.UtcTime(), nullable=True),
        sa.Column("acked_how", sa.String(length=8), nullable=True),
        sa.Column("arrived_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("arrived_at", storage.columns.UtcTime(), nullable=True),
        sa.Column("arrived_text", sa.Text(), nullable=True),
        sa.CheckConstraint("acked_how IN ('press', 'text', 'phone')", name=op.f("ck_partners_acked_how")),
        sa.CheckConstraint("kind IN ('told', 'reinforce')", name=op.f("ck_partners_kind")),
        sa.ForeignKeyConstraint(["acked_by"], ["people.id"], name=op.f("fk_partners_acked_by")),
        sa.ForeignKeyConstraint(["arrived_by"], ["people.id"], name=op.f("fk_partners_arrived_by")),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_partners_incident_id")),
        sa.ForeignKeyConstraint(["told_by"], ["people.id"], name=op.f("fk_partners_told_by")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_partners_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partners")),
        sa.UniqueConstraint(
            "incident_id", "unit_id", "kind", name=op.f("uq_partners_incident_id_unit_id_kind")
        ),
    )
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("phase", sa.String(length=16), server_default="unresolved", nullable=False)
        )
        batch_op.add_column(sa.Column("reopened_at", storage.columns.UtcTime(), nullable=True))
        batch_op.add_column(
            sa.Column("joined_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(
            sa.Column("bulletin_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_index(batch_op.f("ix_incidents_room_id_state"), ["room_id", "state"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_incidents_joined_id"), "incidents", ["joined_id"], ["id"])
        batch_op.create_check_constraint(
            op.f("ck_incidents_phase"), "phase IN ('unresolved', 'stable', 'long')"
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_incidents_bulletin_id"), "bulletins", ["bulletin_id"], ["id"]
        )

    with op.batch_alter_table("report_clocks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("receiver", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("turn", sa.Integer(), server_default="1", nullable=False))
        batch_op.drop_constraint(batch_op.f("uq_report_clocks_incident_id_lane"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_report_clocks_incident_id_lane_receiver_turn"),
            ["incident_id", "lane", "receiver", "turn"],
        )
        batch_op.drop_constraint(op.f("ck_report_clocks_outcome"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_report_clocks_outcome"), "outcome IN ('met', 'late', 'extended', 'not_required')"
        )

    with op.batch_alter_table("reports", schema=None) as batch_op:
        batch_op.add_column(sa.Column("receipt", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("receipt_how", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("content", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("issue", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("issue_year", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("document", sa.String(length=64), nullable=True))
        batch_op.drop_constraint(op.f("ck_reports_stage"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_reports_stage"), "stage IN ('first', 'followup', 'final', 'supplement')"
        )
        batch_op.create_check_constraint(
            op.f("ck_reports_receipt_how"), "receipt_how IN ('press', 'text', 'phone')"
        )

    with op.batch_alter_table("tasks", schema=None, recreate="always") as batch_op:
        batch_op.add_column(sa.Column("event", sa.String(length=24), server_default="", nullable=False))

    for statement in SENT[op.get_bind().dialect.name]:
        op.execute(statement)
