"""Alert events, the outbox of readers and channels, wishes, escalation policies and silences."""

import json
from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ENDED_MARKS = ("acknowledged_by", "acknowledged_account", "acknowledged_ms")
_KINDS = {"fired": "begun", "resolved": "over", "withdrawn": "withdrawn", "data-lost": "data-lost"}
_SNAPSHOT = (
    "id", "rule_id", "rule_version", "level", "about", "station", "indicator", "state", "began_ms",
    "fired_ms", "resolved_ms", "peak", "peak_ms", "last_value", "last_ms", "data_lost",
    "retrospective", "fired_value",
)  # fmt: skip
_FLAGS = ("data_lost", "retrospective")


def upgrade() -> None:
    """Make the tables; alerts that people were told of, or that stand, become events."""
    connection = op.get_bind()
    alerts = {row["id"]: dict(row) for row in _rows("select * from alert")}
    old = [dict(row) for row in _rows("select * from outbox where audience <> 'browsers'")]
    op.drop_table("outbox")
    op.add_column("alert", sa.Column("event_id", sa.String(20)))
    op.create_index("alert_by_event", "alert", ["event_id"])
    _make_tables()
    for event_id, members in _grouped(alerts, old).items():
        connection.execute(sa.text(_INSERT_EVENT), _event(event_id, members, old))
        for alert in members:
            connection.execute(
                sa.text("update alert set event_id = :event where id = :alert"),
                {"event": event_id, "alert": alert["id"]},
            )
            _keep_acknowledgement(connection, event_id, alert)
    events = {row["id"]: row["event_id"] for row in _rows("select id, event_id from alert")}
    for row in old:
        if row["sent_ms"] is not None and events.get(row["alert_id"]):
            _keep_message(connection, row, alerts[row["alert_id"]], events[row["alert_id"]])
    for column in _ENDED_MARKS:
        op.drop_column("alert", column)


def _rows(query: str) -> list[Any]:
    return list(op.get_bind().execute(sa.text(query)).mappings())


def _grouped(alerts: dict[str, Any], old: list[Any]) -> dict[str, list[Any]]:
    """Alerts by event: as deputies or else officers knew them, or each by itself."""
    names: dict[str, str] = {}
    for row in sorted(old, key=lambda row: row["audience"]):
        if row["storm"] and row["event"] == "fired":
            names.setdefault(row["alert_id"], row["storm"])
    found = defaultdict(list)
    for alert in alerts.values():
        if alert["id"] in names or alert["acknowledged_ms"] or alert["state"] == "firing":
            found[names.get(alert["id"], alert["id"])].append(alert)
    return found


_INSERT_EVENT = """
    insert into alert_event (
        id, about, kind, place, state, began_ms, latest_ms, due_ms, ended_ms, times, gravest,
        told_level, told_stations, held, silenced, data_lost, policy, round, step,
        acknowledged_by, acknowledged_account, acknowledged_ms, officers_ms, deputies_ms
    ) values (
        :id, :about, :kind, :place, :state, :began_ms, :latest_ms, :due_ms, :ended_ms, 1, :gravest,
        :told_level, :told_stations, :no, :no, :no, '', 0, 0,
        :acknowledged_by, :acknowledged_account, :acknowledged_ms, :officers_ms, :deputies_ms
    )
"""


def _event(event_id: str, members: list[Any], old: list[Any]) -> dict[str, Any]:
    first = min(members, key=lambda of: (of["fired_ms"], of["id"]))
    standing = any(of["state"] == "firing" for of in members)
    ids = {of["id"] for of in members}
    waits = any(
        row["alert_id"] in ids and row["event"] == "fired" and row["next_ms"] is not None
        for row in old
    )
    gravest = max(of["level"] for of in members)
    marked = min(
        (of for of in members if of["acknowledged_ms"]),
        key=lambda of: of["acknowledged_ms"],
        default=dict.fromkeys(_ENDED_MARKS),
    )
    role = _role(marked["acknowledged_account"])
    return {
        "id": event_id,
        "about": first["about"],
        "kind": first["rule_id"],
        "place": f"station {first['station']}",
        "state": "standing" if standing else "over",
        "began_ms": first["fired_ms"],
        "latest_ms": max(of["fired_ms"] for of in members),
        "due_ms": first["fired_ms"],
        "ended_ms": None
        if standing
        else max(of["resolved_ms"] or of["fired_ms"] for of in members),
        "gravest": gravest,
        "told_level": gravest if standing and not waits else 0,
        "told_stations": json.dumps({of["station"]: gravest for of in members if standing}),
        "no": False,
        **{name: marked[name] for name in _ENDED_MARKS},
        "officers_ms": marked["acknowledged_ms"] if role == "officer" else None,
        "deputies_ms": marked["acknowledged_ms"] if role == "deputy" else None,
    }


def _role(account: str | None) -> str:
    """The role of somebody who acknowledged, as far as it is known."""
    connection = op.get_bind()
    if account is None or not sa.inspect(connection).has_table("role_grant"):
        return "deputy"
    query = sa.text("select 1 from role_grant where username = :who and role = 'officer'")
    return "officer" if connection.execute(query, {"who": account}).first() else "deputy"


def _keep_acknowledgement(connection: Any, event_id: str, alert: Any) -> None:
    if not alert["acknowledged_ms"]:
        return
    connection.execute(
        sa.text(
            "insert into alert_event_act (event_id, kind, at_ms, username, name, role, note,"
            " round, step) values (:event, 'acknowledged', :at_ms, :who, :name, :role, '', 0, 0)"
        ),
        {
            "event": event_id,
            "at_ms": alert["acknowledged_ms"],
            "who": alert["acknowledged_account"] or "",
            "name": alert["acknowledged_by"],
            "role": _role(alert["acknowledged_account"]),
        },
    )


def _keep_message(connection: Any, row: Any, alert: Any, event_id: str) -> None:
    """A message that an audience was sent."""
    snapshot = {name: alert[name] for name in _SNAPSHOT}
    snapshot |= {name: bool(alert[name]) for name in _FLAGS}
    data = json.dumps({"alert": snapshot, "stations": [alert["station"]], "times": 1})
    values = {
        "key": row["key"],
        "kind": _KINDS[row["event"]],
        "event": event_id,
        "level": alert["level"],
        "data": data,
        "at_ms": row["created_ms"],
        "sent_ms": row["sent_ms"],
        "reader": f"@{row['audience']}",
        "attempts": row["attempts"],
    }
    for statement in _INSERT_MESSAGE:
        connection.execute(sa.text(statement), values)


_INSERT_MESSAGE = (
    """
    insert into outbox (key, kind, event_id, level, data, at_ms, routed_ms)
    values (:key, :kind, :event, :level, :data, :at_ms, :at_ms)
    """,
    """
    insert into message (id, reader, kind, level, created_ms)
    values (:key, :reader, :kind, :level, :at_ms)
    """,
    """
    insert into telling (entry, reader, state, why, message_id)
    values (:key, :reader, 'told', '', :key)
    """,
    """
    insert into delivery (
        message_id, channel, place, state, attempts, created_ms, settled_ms, why, provider_id
    ) values (:key, 'console', 0, 'sent', :attempts, :at_ms, :sent_ms, '', '')
    """,
)


def _make_tables() -> None:
    op.create_table(
        "alert_event",
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column("about", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("place", sa.String(60), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("began_ms", sa.BigInteger, nullable=False),
        sa.Column("latest_ms", sa.BigInteger, nullable=False),
        sa.Column("due_ms", sa.BigInteger, nullable=False),
        sa.Column("ended_ms", sa.BigInteger),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("gravest", sa.Integer, nullable=False),
        sa.Column("told_level", sa.Integer, nullable=False),
        sa.Column("told_stations", sa.Text, nullable=False),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.Column("silenced", sa.Boolean, nullable=False),
        sa.Column("data_lost", sa.Boolean, nullable=False),
        sa.Column("policy", sa.String(40), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("round_ms", sa.BigInteger),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("step_ms", sa.BigInteger),
        sa.Column("acknowledged_by", sa.String(100)),
        sa.Column("acknowledged_account", sa.String(40)),
        sa.Column("acknowledged_ms", sa.BigInteger),
        sa.Column("taken_by", sa.String(100)),
        sa.Column("taken_account", sa.String(40)),
        sa.Column("taken_ms", sa.BigInteger),
        sa.Column("officers_ms", sa.BigInteger),
        sa.Column("deputies_ms", sa.BigInteger),
    )
    op.create_index("alert_event_by_state", "alert_event", ["state", "began_ms"])
    op.create_index("alert_event_by_place", "alert_event", ["place", "kind"])
    op.create_table(
        "alert_event_act",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("event_id", sa.String(20), sa.ForeignKey("alert_event.id"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("username", sa.String(40), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("round", sa.Integer, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
    )
    op.create_index("alert_event_act_by_event", "alert_event_act", ["event_id", "at_ms"])
    op.create_table(
        "outbox",
        sa.Column("key", sa.String(32), primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("event_id", sa.String(20), sa.ForeignKey("alert_event.id")),
        sa.Column("reader", sa.String(41)),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("routed_ms", sa.BigInteger),
    )
    op.create_index("outbox_unrouted", "outbox", ["routed_ms", "at_ms"])
    op.create_index("outbox_of_event", "outbox", ["event_id", "at_ms"])
    op.create_table(
        "message",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column("reader", sa.String(41), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("read_ms", sa.BigInteger),
    )
    op.create_index("message_of_reader", "message", ["reader", "created_ms"])
    op.create_index("message_by_time", "message", ["created_ms"])
    op.create_table(
        "telling",
        sa.Column("entry", sa.String(32), sa.ForeignKey("outbox.key"), primary_key=True),
        sa.Column("reader", sa.String(41), primary_key=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("why", sa.String(40), nullable=False),
        sa.Column("due_ms", sa.BigInteger),
        sa.Column("message_id", sa.String(32), sa.ForeignKey("message.id")),
    )
    op.create_index("telling_due", "telling", ["due_ms"])
    op.create_index("telling_of_message", "telling", ["message_id"])
    op.create_table(
        "delivery",
        sa.Column("message_id", sa.String(32), sa.ForeignKey("message.id"), primary_key=True),
        sa.Column("channel", sa.String(40), primary_key=True),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("next_ms", sa.BigInteger),
        sa.Column("settled_ms", sa.BigInteger),
        sa.Column("why", sa.String(300), nullable=False),
        sa.Column("provider_id", sa.String(200), nullable=False),
    )
    op.create_index("delivery_due", "delivery", ["channel", "next_ms"])
    op.create_index("delivery_by_state", "delivery", ["state", "created_ms"])
    op.create_table(
        "wishes",
        sa.Column("username", sa.String(40), primary_key=True),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("saved_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "escalation_policy",
        sa.Column("revision", sa.Integer, primary_key=True),
        sa.Column("policy_id", sa.String(40), nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("author_account", sa.String(40), nullable=False),
        sa.Column("saved_ms", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "silence",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("level", sa.Integer, nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("author", sa.String(100), nullable=False),
        sa.Column("author_account", sa.String(40), nullable=False),
        sa.Column("saved_ms", sa.BigInteger, nullable=False),
        sa.Column("from_ms", sa.BigInteger, nullable=False),
        sa.Column("until_ms", sa.BigInteger, nullable=False),
        sa.Column("ended_by", sa.String(100)),
        sa.Column("ended_ms", sa.BigInteger),
    )
    op.create_index("silence_by_end", "silence", ["until_ms"])


def downgrade() -> None:
    """Drop the tables and give alerts their acknowledgements back."""
    for table in (
        "silence", "escalation_policy", "wishes", "delivery", "telling", "message", "outbox",
        "alert_event_act",
    ):  # fmt: skip
        op.drop_table(table)
    op.add_column("alert", sa.Column("acknowledged_by", sa.String(100)))
    op.add_column("alert", sa.Column("acknowledged_account", sa.String(40)))
    op.add_column("alert", sa.Column("acknowledged_ms", sa.BigInteger))
    for column in _ENDED_MARKS:
        op.execute(
            f"update alert set {column} ="  # noqa: S608 - our own names
            f" (select {column} from alert_event where alert_event.id = alert.event_id)"
        )
    op.drop_index("alert_by_event", "alert")
    op.drop_column("alert", "event_id")
    op.drop_table("alert_event")
    op.create_table(
        "outbox",
        sa.Column("key", sa.String(32), primary_key=True),
        sa.Column("alert_id", sa.String(20), sa.ForeignKey("alert.id"), nullable=False),
        sa.Column("event", sa.String(20), nullable=False),
        sa.Column("audience", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("muted", sa.String(60), nullable=False),
        sa.Column("created_ms", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("next_ms", sa.BigInteger),
        sa.Column("sent_ms", sa.BigInteger),
        sa.Column("storm", sa.String(20), nullable=False, server_default=sa.text("''")),
    )
    op.create_index("outbox_due", "outbox", ["next_ms"])
    op.create_index("outbox_of_alert", "outbox", ["alert_id"])
    op.create_index("outbox_of_storm", "outbox", ["storm"])
