"""Warnings in full: where they come from, how they chain, whom they reach and by which way."""

import sqlalchemy as sa
from alembic import op

import storage.columns

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "bulletin_sources",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("room_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", storage.columns.UtcTime(), nullable=False),
        sa.Column("revoked_at", storage.columns.UtcTime(), nullable=True),
        sa.Column("last_at", storage.columns.UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_bulletin_sources_by_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_bulletin_sources_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletin_sources")),
        sa.UniqueConstraint("room_id", "name", name=op.f("uq_bulletin_sources_room_id_name")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_bulletin_sources_token_hash")),
    )
    op.create_table(
        "channels",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", storage.columns.UtcTime(), nullable=False),
        sa.Column("revoked_at", storage.columns.UtcTime(), nullable=True),
        sa.CheckConstraint("(person_id IS NULL) <> (unit_id IS NULL)", name=op.f("ck_channels_addressed")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_channels_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_channels_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_channels_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels")),
    )
    with op.batch_alter_table("channels", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channels_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_channels_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "unit_tags",
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tag", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_unit_tags_unit_id")),
        sa.UniqueConstraint("unit_id", "tag", name=op.f("uq_unit_tags_unit_id_tag")),
    )
    with op.batch_alter_table("unit_tags", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_tags_tag"), ["tag"], unique=False)

    op.create_table(
        "ack_links",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("bulletin_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", storage.columns.UtcTime(), nullable=False),
        sa.Column("opened_at", storage.columns.UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(["bulletin_id"], ["bulletins.id"], name=op.f("fk_ack_links_bulletin_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_ack_links_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ack_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_ack_links_token_hash")),
    )
    with op.batch_alter_table("ack_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ack_links_bulletin_id"), ["bulletin_id"], unique=False)

    with op.batch_alter_table("bulletins", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("joined_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("identifier", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("refs", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("expires_at", storage.columns.UtcTime(), nullable=True))
        batch_op.add_column(sa.Column("source", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("advice", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("scope", sa.JSON(), server_default="[]", nullable=False))
        batch_op.alter_column("by_id", existing_type=sa.INTEGER(), nullable=True)
        batch_op.create_foreign_key(batch_op.f("fk_bulletins_joined_id"), "bulletins", ["joined_id"], ["id"])
        batch_op.drop_constraint(op.f("ck_bulletins_state"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_bulletins_state"),
            "state IN ('draft', 'live', 'superseded', 'ended', 'discarded', 'joined')",
        )

    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("passed_how", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("channel", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("households", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("households_total", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("cannot_at", storage.columns.UtcTime(), nullable=True))
        batch_op.add_column(sa.Column("cannot_why", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("own_at", storage.columns.UtcTime(), nullable=True))
        batch_op.add_column(sa.Column("own_how", sa.String(length=8), nullable=True))
        batch_op.add_column(
            sa.Column("own_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_foreign_key(batch_op.f("fk_contacts_own_by"), "people", ["own_by"], ["id"])
        batch_op.add_column(sa.Column("reminded_at", storage.columns.UtcTime(), nullable=True))
        batch_op.add_column(sa.Column("pass_listed_at", storage.columns.UtcTime(), nullable=True))
        batch_op.add_column(
            sa.Column("claimed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("claimed_until", storage.columns.UtcTime(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_contacts_claimed_by"), "people", ["claimed_by"], ["id"])
        batch_op.create_index(
            batch_op.f("ix_contacts_bulletin_id_parent_unit_id"),
            ["bulletin_id", "parent_unit_id"],
            unique=False,
        )
        batch_op.create_check_constraint(
            op.f("ck_contacts_passed_how"), "passed_how IN ('press', 'text', 'phone', 'link', 'grids')"
        )

    with op.batch_alter_table("cards", schema=None, recreate="always") as batch_op:
        batch_op.add_column(sa.Column("parts", sa.Integer(), server_default="1", nullable=False))

    with op.batch_alter_table("phone_calls", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("withdraws_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("why", sa.Text(), server_default="", nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_phone_calls_withdraws_id"), "phone_calls", ["withdraws_id"], ["id"]
        )

    with op.batch_alter_table("posts_held", schema=None, recreate="always") as batch_op:
        batch_op.add_column(sa.Column("first_day", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("last_day", sa.String(length=10), nullable=True))
        batch_op.create_index(batch_op.f("ix_posts_held_unit_id"), ["unit_id"], unique=False)
