"""The tables. Constraints restate the state machines of docs/states.md; migrations build the same schema."""

from sqlalchemy import (
    DDL,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
)

from storage.columns import Json, Key, UtcTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Key, primary_key=True)


def _to(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    return Column(name, Key, ForeignKey(f"{target}.id"), nullable=nullable)


def _one_of(column: str, *words: str) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(w) for w in words)})", name=column)


# --- who and where -----------------------------------------------------------------------------------------

rooms = Table(
    "rooms",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("group_chat_id", Key, unique=True),
    Column("drill", Boolean, nullable=False, default=False),
)

units = Table(
    "units",
    metadata,
    _id(),
    _to("room_id", "rooms"),
    Column("name", Text, nullable=False),
    _to("parent_id", "units", nullable=True),
    Column("level", String(16), nullable=False),
    UniqueConstraint("room_id", "name"),
    _one_of("level", "street", "village", "grid", "partner", "firm", "school", "hospital", "superior"),
)
unit_tags = Table(
    "unit_tags",
    metadata,
    _to("unit_id", "units"),
    Column("tag", String(16), nullable=False),
    UniqueConstraint("unit_id", "tag"),
    Index(None, "tag"),
)

people = Table(
    "people",
    metadata,
    _id(),
    _to("room_id", "rooms"),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False, default=""),
    Column("phone", Text, nullable=False, default=""),
    Column("telegram_id", Key, unique=True),
    Column("active", Boolean, nullable=False, default=True),
    Column("blocked_at", UtcTime),
)

posts_held = Table(
    "posts_held",
    metadata,
    _id(),
    _to("person_id", "people"),
    _to("unit_id", "units", nullable=True),
    Column("role", String(16), nullable=False),
    Column("ab", String(1)),
    Column("first_day", String(10)),
    Column("last_day", String(10)),
    UniqueConstraint("person_id", "unit_id", "role"),
    Index(None, "unit_id"),
    _one_of("role", "officer", "deputy", "leader", "driver", "contact", "reporter", "superior", "admin"),
    _one_of("ab", "A", "B"),
)

invitations = Table(
    "invitations",
    metadata,
    _id(),
    _to("person_id", "people", nullable=True),
    Column("code_hash", String(64), nullable=False, unique=True),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    Column("created_at", UtcTime, nullable=False),
)

# --- roster and handover -----------------------------------------------------------------------------------

shifts = Table(
    "shifts",
    metadata,
    _id(),
    _to("room_id", "rooms"),
    Column("post", String(16), nullable=False),
    _to("person_id", "people"),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("state", String(16), nullable=False, default="planned"),
    Column("source", String(16), nullable=False, default="import"),
    Column("confirmed_at", UtcTime),
    Column("arrived_at", UtcTime),
    Column("name", Text, nullable=False, server_default=""),
    _to("turn_id", "people", nullable=True),
    CheckConstraint("starts_at < ends_at", name="forward"),
    _one_of("state", "planned", "replaced"),
    _one_of("source", "import", "generated", "swap", "cover"),
    Index(None, "room_id", "post", "starts_at"),
    Index(None, "person_id", "ends_at"),
    Index(None, "room_id", "ends_at"),
)

watches = Table(
    "watches",
    metadata,
    _to("room_id", "rooms"),
    Column("post", String(16), nullable=False),
    _to("person_id", "people"),
    _to("shift_id", "shifts", nullable=True),
    Column("since", UtcTime, nullable=False),
)
watches.append_constraint(UniqueConstraint("room_id", "post"))

swaps = Table(
    "swaps",
    metadata,
    _id(),
    _to("room_id", "rooms"),
    _to("shift_id", "shifts"),
    _to("other_shift_id", "shifts", nullable=True),
    _to("from_id", "people"),
    _to("to_id", "people"),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", Text, nullable=False, default=""),
    Column("created_at", UtcTime, nullable=False),
    Column("decided_at", UtcTime),
    _to("decided_by", "people", nullable=True),
    _to("by_id", "people", nullable=True),
    _one_of("kind", "swap", "cover"),
    _one_of(
        "state",
        *("offered", "accepted", "effective", "approved"),
        *("declined", "refused", "withdrawn", "expired", "void"),
    ),
    Index(None, "shift_id"),
    Index(None, "other_shift_id"),
)

leaves = Table(
    "leaves",
    metadata,
    _id(),
    _to("room_id", "rooms"),
    _to("person_id", "people"),
    Column("first_day", String(10), nullable=False),
    Column("last_day", String(10), nullable=False),
    Column("reason", Text, nullable=False),
    Column("state", String(16), nullable=False),
    _to("by_id", "people"),
    Column("created_at", UtcTime, nullable=False),
    _to("decided_by", "people", nullable=True),
    Column("decided_at", UtcTime),
    CheckConstraint("first_day <= last_day", name="forward"),
    _one_of("state", "asked", "granted", "refused", "ended"),
    Index(None, "room_id", "last_day"),
)

holidays = Table(
    "holidays",
    metadata,
    _to("room_id", "rooms"),
    Column("day", String(10), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("name", Text, nullable=False),
    UniqueConstraint("room_id", "day"),
    _one_of("kind", "工作日", "休息日", "节假日", "调休上班"),
)

findings = Table(
    "findings",
    metadata,
    _id(),
    _to("room_id", "rooms"),
    Column("kind", String(16), nullable=False),
    Column("post", String(16), nullable=False),
    _to("person_id", "people", nullable=True),
    Column("starts_at", UtcTime, nullable=False),
    Column("ends_at", UtcTime, nullable=False),
    Column("missing", Integer, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("told_at", UtcTime),
    Column("closed_at", UtcTime),
    CheckConstraint("starts_at < ends_at", name="forward"),
    _one_of("kind", "gap", "clash", "leave", "unreachable", "left"),
    Index(None, "room_id", "closed_at"),
)

feeds = Table(
    "feeds",
    metadata,
    _id(),
    _to("room_id", "rooms"),
    _to("person_id", "people", nullable=True),
    _to("by_id", "people"),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    Column("read_at", UtcTime),
)

handovers = Table(
    "handovers",
    metadata,
    _id(),
    _to("room_id", "rooms"),
    _to("out_id", "people"),
    _to("in_id", "people", nullable=True),
    Column("state", String(16), nullable=False),
    Column("sheet", Json, nullable=False),
    Column("notes", Text, nullable=False, default=""),
    Column("opened_at", UtcTime, nullable=False),
    Column("signed_out_at", UtcTime),
    Column("signed_in_at", UtcTime),
    _to("forced_by", "people", nullable=True),
    Column("forced_reason", Text),
    _one_of("state", "draft", "signed_out", "done", "forced"),
    CheckConstraint("state = 'draft' OR state = 'forced' OR signed_out_at IS NOT NULL", name="signed"),
    CheckConstraint("state <> 'done' OR signed_in_at IS NOT NULL", name="taken"),
    CheckConstraint("state <> 'forced' OR forced_reason IS NOT NULL", name="reasoned"),
)

handover_items = Table(
    "handover_items",
    metadata,
    _id(),
    _to("handover_id", "handovers"),
    Column("subject", String(24), nullable=False),
    Column("text", Text, nullable=False),
    Column("answer", String(16)),
    Column("answered_at", UtcTime),
    Column("owner", Text, nullable=False, server_default=""),
    Column("next_action", Text, nullable=False, server_default=""),
    Column("due_at", UtcTime),
    Column("risk", Integer, nullable=False, server_default="0"),
    Column("top", Boolean, nullable=False, server_default="0"),
    Column("read_back_at", UtcTime),
    UniqueConstraint("handover_id", "subject"),
    _one_of("answer", "accepted", "finished", "referred"),
)

equipment_checks = Table(
    "equipment_checks",
    metadata,
    _id(),
    _to("room_id", "rooms"),
    Column("item", Text, nullable=False),
    Column("fault", Text, nullable=False),
    _to("by_id", "people"),
    Column("at", UtcTime, nullable=False),
    Index(None, "room_id", "item", "id"),
)

next_actions = Table(
    "next_actions",
    metadata,
    _id(),
    _to("room_id", "rooms"),
    Column("subject", String(24), nullable=False),
    Column("text", Text, nullable=False),
    _to("by_id", "people"),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("room_id", "subject"),
)

tasks = Table(
    "tasks",
    metadata,
    _id(),
    _to("room_id", "rooms"),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    _to("by_id", "people"),
    _to("owner_id", "people", nullable=True),
    Column("created_at", UtcTime, nullable=False),
    Column("due_at", UtcTime),
    Column("done_at", UtcTime),
    _to("done_by", "people", nullable=True),
    Column("event", String(24), nullable=False, server_default=""),
    _one_of("kind", "instruction", "todo"),
)

rollcalls = Table(
    "rollcalls",
    metadata,
    _id(),
    _to("room_id", "rooms"),
    _to("asked_by", "people"),
    _to("person_id", "people"),
    Column("code", String(8), nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("answered_at", UtcTime),
)

obligations_done = Table(
    "obligations_done",
    metadata,
    _id(),
    _to("room_id", "rooms"),
    Column("obligation", String(8), nullable=False),
    Column("period", String(16), nullable=False),
    Column("evidence", Text, nullable=False),
    _to("by_id", "people"),
    Column("at", UtcTime, nullable=False),
)

# --- warnings ----------------------------------------------------------------------------------------------

bulletins = Table(
    "bulletins",
    metadata,
    _id(),
    _to("room_id", "rooms"),
    Column("raw", Text, nullable=False),
    Column("reading", Json, nullable=False),
    Column("issuer", Text),
    Column("hazard", Text),
    Column("colour", String(8)),
    Column("action", String(16), nullable=False),
    Column("issued_at", UtcTime),
    Column("system_at", UtcTime),
    Column("received_at", UtcTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("drill", Boolean, nullable=False, default=False),
    _to("predecessor_id", "bulletins", nullable=True),
    _to("joined_id", "bulletins", nullable=True),
    Column("identifier", Text),
    Column("refs", Json, nullable=False, server_default="[]"),
    Column("expires_at", UtcTime),
    Column("source", Text, nullable=False, server_default=""),
    Column("advice", Text, nullable=False, server_default=""),
    Column("scope", Json, nullable=False, server_default="[]"),
    _to("by_id", "people", nullable=True),
    Column("dispatched_at", UtcTime),
    _to("dispatched_by", "people", nullable=True),
    Column("ended_at", UtcTime),
    _one_of("state", "draft", "live", "superseded", "ended", "discarded", "joined"),
    _one_of("action", "new", "continue", "upgrade", "downgrade", "cancel"),
    _one_of("colour", "蓝", "黄", "橙", "红"),
    CheckConstraint("state NOT IN ('live', 'superseded') OR dispatched_at IS NOT NULL", name="dispatched"),
)

contacts = Table(
    "contacts",
    metadata,
    _id(),
    _to("bulletin_id", "bulletins"),
    _to("unit_id", "units"),
    _to("parent_unit_id", "units", nullable=True),
    Column("level", String(16), nullable=False),
    _to("a_id", "people"),
    _to("b_id", "people", nullable=True),
    Column("delivered_at", UtcTime),
    Column("undeliverable", Text),
    Column("b_told_at", UtcTime),
    Column("listed_at", UtcTime),
    Column("acked_at", UtcTime),
    Column("acked_how", String(8)),
    _to("acked_by", "people", nullable=True),
    Column("passed_at", UtcTime),
    _to("passed_by", "people", nullable=True),
    Column("passed_how", String(8)),
    Column("passed_note", Text, nullable=False, default=""),
    Column("channel", Text),
    Column("households", Integer),
    Column("households_total", Integer),
    Column("cannot_at", UtcTime),
    Column("cannot_why", Text),
    Column("own_at", UtcTime),
    Column("own_how", String(8)),
    _to("own_by", "people", nullable=True),
    Column("reminded_at", UtcTime),
    Column("pass_listed_at", UtcTime),
    _to("claimed_by", "people", nullable=True),
    Column("claimed_until", UtcTime),
    UniqueConstraint("bulletin_id", "unit_id"),
    Index(None, "bulletin_id", "parent_unit_id"),
    _one_of("passed_how", "press", "text", "phone", "link", "grids"),
    _one_of("acked_how", "press", "text", "phone", "link"),
    CheckConstraint("(acked_at IS NULL) = (acked_how IS NULL)", name="acked"),
    Index(None, "a_id"),
    Index(None, "b_id"),
)

phone_calls = Table(
    "phone_calls",
    metadata,
    _id(),
    _to("contact_id", "contacts"),
    _to("by_id", "people"),
    Column("at", UtcTime, nullable=False),
    Column("reached", Boolean, nullable=False),
    Column("who", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("read_back", Boolean, nullable=False, default=False),
    _to("withdraws_id", "phone_calls", nullable=True),
    Column("why", Text, nullable=False, server_default=""),
    Index(None, "contact_id"),
)
channels = Table(
    "channels",
    metadata,
    _id(),
    _to("person_id", "people", nullable=True),
    _to("unit_id", "units", nullable=True),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    _to("by_id", "people"),
    Column("created_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    CheckConstraint("(person_id IS NULL) <> (unit_id IS NULL)", name="addressed"),
    Index(None, "person_id"),
    Index(None, "unit_id"),
)
ack_links = Table(
    "ack_links",
    metadata,
    _id(),
    _to("bulletin_id", "bulletins"),
    _to("person_id", "people"),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("created_at", UtcTime, nullable=False),
    Column("opened_at", UtcTime),
    Index(None, "bulletin_id"),
)
bulletin_sources = Table(
    "bulletin_sources",
    metadata,
    _id(),
    _to("room_id", "rooms"),
    Column("name", Text, nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    _to("by_id", "people"),
    Column("created_at", UtcTime, nullable=False),
    Column("revoked_at", UtcTime),
    Column("last_at", UtcTime),
    UniqueConstraint("room_id", "name"),
)

# --- incidents ---------------------------------------------------------------------------------------------

incidents = Table(
    "incidents",
    metadata,
    _id(),
    _to("room_id", "rooms"),
    Column("raw", Text, nullable=False),
    Column("reading", Json, nullable=False),
    Column("category", Text),
    Column("subtype", Text),
    Column("place", Text),
    Column("grade", Text),
    Column("direct", Boolean, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("drill", Boolean, nullable=False, default=False),
    Column("state", String(16), nullable=False),
    _to("by_id", "people"),
    Column("received_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    Column("phase", String(16), nullable=False, server_default="unresolved"),
    Column("reopened_at", UtcTime),
    _to("joined_id", "incidents", nullable=True),
    _to("bulletin_id", "bulletins", nullable=True),
    _one_of("state", "offered", "open", "closed", "discarded"),
    _one_of("phase", "unresolved", "stable", "long"),
    Index(None, "room_id", "state"),
)

reports = Table(
    "reports",
    metadata,
    _id(),
    _to("incident_id", "incidents"),
    Column("stage", String(16), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("raw", Text, nullable=False),
    Column("reading", Json, nullable=False),
    Column("state", String(16), nullable=False),
    _to("by_id", "people"),
    Column("created_at", UtcTime, nullable=False),
    Column("sent_at", UtcTime),
    _to("signed_by", "people", nullable=True),
    Column("signed_at", UtcTime),
    Column("return_reason", Text),
    _to("confirmed_by", "people", nullable=True),
    Column("confirmed_at", UtcTime),
    Column("receipt", Text),
    Column("receipt_how", String(8)),
    Column("content", Json),
    Column("issue", Integer),
    Column("issue_year", Integer),
    Column("document", String(64)),
    UniqueConstraint("incident_id", "seq"),
    _one_of("stage", "first", "followup", "final", "supplement"),
    _one_of("receipt_how", "press", "text", "phone"),
    _one_of("state", "draft", "to_sign", "sent", "returned", "confirmed"),
    CheckConstraint("state NOT IN ('sent', 'confirmed') OR sent_at IS NOT NULL", name="sent"),
)

figures = Table(
    "figures",
    metadata,
    _id(),
    _to("report_id", "reports"),
    Column("name", String(16), nullable=False),
    Column("value", Integer),
    Column("low", Integer),
    Column("high", Integer),
    Column("text", Text, nullable=False),
    _to("by_id", "people"),
    Column("at", UtcTime, nullable=False),
    Index(None, "report_id"),
)

report_clocks = Table(
    "report_clocks",
    metadata,
    _id(),
    _to("incident_id", "incidents"),
    Column("lane", String(16), nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("outcome", String(16)),
    Column("ended_at", UtcTime),
    _to("ended_by", "people", nullable=True),
    Column("note", Text, nullable=False, default=""),
    Column("receiver", Text, nullable=False, server_default=""),
    Column("turn", Integer, nullable=False, server_default="1"),
    UniqueConstraint("incident_id", "lane", "receiver", "turn"),
    _one_of("lane", "phone", "written"),
    _one_of("outcome", "met", "late", "extended", "not_required"),
    CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name="ended"),
)

partners = Table(
    "partners",
    metadata,
    _id(),
    _to("incident_id", "incidents"),
    _to("unit_id", "units"),
    Column("kind", String(16), nullable=False),
    Column("text", Text, nullable=False),
    _to("told_by", "people"),
    Column("told_at", UtcTime, nullable=False),
    _to("acked_by", "people", nullable=True),
    Column("acked_at", UtcTime),
    Column("acked_how", String(8)),
    _to("arrived_by", "people", nullable=True),
    Column("arrived_at", UtcTime),
    Column("arrived_text", Text),
    UniqueConstraint("incident_id", "unit_id", "kind"),
    _one_of("kind", "told", "reinforce"),
    _one_of("acked_how", "press", "text", "phone"),
)

evacuees = Table(
    "evacuees",
    metadata,
    _id(),
    _to("incident_id", "incidents"),
    Column("who", Text, nullable=False),
    Column("headcount", Integer, nullable=False),
    Column("origin", Text, nullable=False, server_default=""),
    Column("shelter", Text, nullable=False, server_default=""),
    _to("by_id", "people"),
    Column("at", UtcTime, nullable=False),
    _to("returns_id", "evacuees", nullable=True),
    Column("withdrawn_at", UtcTime),
    CheckConstraint("headcount > 0", name="headcount"),
    Index(None, "incident_id"),
)

# --- what keeps the promises -------------------------------------------------------------------------------

deadlines = Table(
    "deadlines",
    metadata,
    _id(),
    Column("kind", String(24), nullable=False),
    Column("subject", String(24), nullable=False),
    Column("step", String(24), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    Column("outcome", String(8)),
    Column("late_by", Integer),
    UniqueConstraint("kind", "subject", "step"),
    _one_of("outcome", "fired", "cleared"),
    CheckConstraint("(done_at IS NULL) = (outcome IS NULL)", name="done"),
    Index(None, "done_at", "due_at"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", Key, primary_key=True, autoincrement=False),
    Column("raw", Json, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("ready", Boolean, nullable=False, default=True),
    Column("prepared", Json),
    Column("done_at", UtcTime),
    Column("error", Text),
    Index(None, "done_at", "update_id"),
)
_FAILED = inbox.c.error.is_not(None)
Index("ix_inbox_set_aside", inbox.c.update_id, sqlite_where=_FAILED, postgresql_where=_FAILED)

outbox = Table(
    "outbox",
    metadata,
    _id(),
    Column("key", String(96), unique=True),
    Column("kind", String(48), nullable=False),
    Column("subject", String(24), nullable=False, default=""),
    Column("data", Json, nullable=False),
    _to("person_id", "people", nullable=True),
    Column("chat_id", Key),
    Column("priority", Integer, nullable=False),
    Column("state", String(16), nullable=False, default="pending"),
    Column("attempts", Integer, nullable=False, default=0),
    Column("repeated", Boolean, nullable=False, default=False),
    Column("not_before", UtcTime, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("sent_at", UtcTime),
    Column("message_id", Key),
    Column("error", Text),
    _one_of("state", "pending", "sending", "sent", "dropped", "failed"),
    CheckConstraint("person_id IS NOT NULL OR chat_id IS NOT NULL", name="addressed"),
    Index(None, "state", "priority", "id"),
    Index(None, "subject"),
)

cards = Table(
    "cards",
    metadata,
    _id(),
    Column("kind", String(48), nullable=False),
    Column("subject", String(24), nullable=False),
    _to("person_id", "people", nullable=True),
    Column("chat_id", Key, nullable=False),
    Column("message_id", Key, nullable=False),
    Column("shown", String(64), nullable=False),
    Column("parts", Integer, nullable=False, server_default="1"),
    Column("dirty_at", UtcTime),
    Column("edited_at", UtcTime, nullable=False),
    UniqueConstraint("kind", "subject", "chat_id"),
    Index(None, "dirty_at"),
)

buttons = Table(
    "buttons",
    metadata,
    _id(),
    Column("token", String(24), nullable=False, unique=True),
    Column("chat_id", Key, nullable=False),
    Column("act", String(32), nullable=False),
    Column("subject", String(48), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("chat_id", "act", "subject"),
)

drafts = Table(
    "drafts",
    metadata,
    _id(),
    _to("person_id", "people"),
    Column("kind", String(24), nullable=False),
    Column("text", Text, nullable=False),
    Column("data", Json),
    Column("created_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
)

log = Table(
    "log",
    metadata,
    Column("seq", Key, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("room_id", Key, nullable=False),
    Column("person_id", Key),
    Column("act", String(32), nullable=False),
    Column("subject", String(24), nullable=False),
    Column("text", Text, nullable=False),
    Column("data", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Index(None, "subject", "seq"),
    Index(None, "act", "seq"),
    Index(None, "at"),
)

rule_changes = Table(
    "rule_changes",
    metadata,
    _id(),
    Column("key", String(64), nullable=False),
    Column("value", Text),
    _to("by_id", "people"),
    Column("at", UtcTime, nullable=False),
    Column("undoes", Key),
)

facts = Table(
    "facts",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", Text, nullable=False),
)

APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER log_no_update BEFORE UPDATE ON log BEGIN SELECT RAISE(ABORT, 'log is append-only'); END",
        "CREATE TRIGGER log_no_delete BEFORE DELETE ON log BEGIN SELECT RAISE(ABORT, 'log is append-only'); END",
    ),
    "postgresql": (
        """CREATE FUNCTION log_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'log is append-only'; END $$""",
        """CREATE TRIGGER log_no_change BEFORE UPDATE OR DELETE ON log
        FOR EACH ROW EXECUTE FUNCTION log_append_only()""",
    ),
}
SIGNED = {
    "sqlite": (
        """CREATE TRIGGER handovers_signed BEFORE UPDATE OF sheet, notes, signed_out_at, out_id ON handovers
        WHEN OLD.state <> 'draft' BEGIN SELECT RAISE(ABORT, 'a signed sheet never changes'); END""",
        """CREATE TRIGGER handovers_kept BEFORE DELETE ON handovers
        BEGIN SELECT RAISE(ABORT, 'a sheet is never deleted'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION handover_signed() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'a signed sheet never changes'; END $$""",
        """CREATE TRIGGER handovers_signed BEFORE UPDATE OF sheet, notes, signed_out_at, out_id ON handovers
        FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION handover_signed()""",
        """CREATE TRIGGER handovers_kept BEFORE DELETE ON handovers
        FOR EACH ROW EXECUTE FUNCTION handover_signed()""",
    ),
}
SIGNED_ITEMS = {
    "sqlite": (
        """CREATE TRIGGER handover_items_signed
        BEFORE UPDATE OF handover_id, subject, text, owner, next_action, due_at, risk, top ON handover_items
        BEGIN SELECT RAISE(ABORT, 'a signed sheet never changes'); END""",
        """CREATE TRIGGER handover_items_kept BEFORE DELETE ON handover_items
        BEGIN SELECT RAISE(ABORT, 'a carried item is never lost'); END""",
    ),
    "postgresql": (
        """CREATE TRIGGER handover_items_signed
        BEFORE UPDATE OF handover_id, subject, text, owner, next_action, due_at, risk, top ON handover_items
        FOR EACH ROW EXECUTE FUNCTION handover_signed()""",
        """CREATE TRIGGER handover_items_kept BEFORE DELETE ON handover_items
        FOR EACH ROW EXECUTE FUNCTION handover_signed()""",
    ),
}
SENT = {
    "sqlite": (
        """CREATE TRIGGER reports_sent
        BEFORE UPDATE OF incident_id, stage, seq, raw, reading, by_id, created_at, sent_at, content, issue, issue_year
        ON reports WHEN OLD.sent_at IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'a sent version never changes'); END""",
        """CREATE TRIGGER reports_kept BEFORE DELETE ON reports
        BEGIN SELECT RAISE(ABORT, 'a report is never deleted'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION report_sent() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'a sent version never changes'; END $$""",
        """CREATE TRIGGER reports_sent
        BEFORE UPDATE OF incident_id, stage, seq, raw, reading, by_id, created_at, sent_at, content, issue, issue_year
        ON reports FOR EACH ROW WHEN (OLD.sent_at IS NOT NULL) EXECUTE FUNCTION report_sent()""",
        """CREATE TRIGGER reports_kept BEFORE DELETE ON reports
        FOR EACH ROW EXECUTE FUNCTION report_sent()""",
    ),
}
for _table, _triggers in (
    (log, APPEND_ONLY),
    (handovers, SIGNED),
    (handover_items, SIGNED_ITEMS),
    (reports, SENT),
):
    for _dialect, _statements in _triggers.items():
        for _statement in _statements:
            event.listen(_table, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]  # SQLAlchemy leaves DDL untyped
