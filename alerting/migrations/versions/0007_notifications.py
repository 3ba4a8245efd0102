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
    """Make the tables; alerts of which the outbox knows, or that people acknowledged, become
    events.
    """
    alerts = {row["id"]: dict(row) for row in _rows("select * from alert")}
    old = [dict(row) for row in _rows("select * from outbox where audience <> 'browsers'")]
    roles = _roles()
    op.drop_table("outbox")
    op.add_column("alert", sa.Column("event_id", sa.String(20)))
    op.create_index("alert_by_event", "alert", ["event_id"])
    _make_tables()
    rows: dict[str, list[Any]] = defaultdict(list)
    for row in old:
        rows[row["alert_id"]].append(row)
    for event_id, members in _grouped(alerts, old).items():
        told = sorted(
            (row for of in members for row in rows[of["id"]]), key=lambda row: row["created_ms"]
        )
        event = _event(event_id, members, told, roles)
        _insert("alert_event", event)
        for alert in members:
            op.get_bind().execute(_JOIN, {"event": event_id, "alert": alert["id"]})
            _keep_acknowledgement(event_id, alert, roles)
        for row in told:
            if row["sent_ms"] is not None:
                _keep_message(row, alerts[row["alert_id"]], event_id)
        if event["state"] == "standing":
            _keep_who_heard(told, roles)
    for column in _ENDED_MARKS:
        op.drop_column("alert", column)


def _rows(query: str) -> list[Any]:
    return list(op.get_bind().execute(sa.text(query)).mappings())


def _insert(table: str, values: dict[str, Any]) -> None:
    columns, marks = ", ".join(values), ", ".join(f":{name}" for name in values)
    query = f"insert into {table} ({columns}) values ({marks})"  # noqa: S608 - our own names
    op.get_bind().execute(sa.text(query), values)


def _roles() -> dict[str, set[str]]:
    """Everybody's roles, where accounts are kept already; of old they stood with the account."""
    known = sa.inspect(op.get_bind())
    found: dict[str, set[str]] = defaultdict(set)
    table = "role_grant" if known.has_table("role_grant") else "account"
    if known.has_table(table):
        for row in _rows(f"select username, role from {table}"):  # noqa: S608 - our own names
            found[row["username"]].add(row["role"])
    return found


def _grouped(alerts: dict[str, Any], old: list[Any]) -> dict[str, list[Any]]:
    """Alerts by event: as deputies or else officers knew them, or each by itself. One that stands
    and of which the outbox says nothing was kept back: the notifier finds it.
    """
    names: dict[str, str] = {}
    for row in sorted(old, key=lambda row: row["audience"]):
        if row["storm"]:
            names.setdefault(row["alert_id"], row["storm"])
    said = {row["alert_id"] for row in old if row["event"] == "fired"}
    found = defaultdict(list)
    for alert in alerts.values():
        stands = alert["state"] == "firing" and alert["id"] in said
        if alert["id"] in names or alert["acknowledged_ms"] or stands:
            found[names.get(alert["id"], alert["id"])].append(alert)
    return found


_JOIN = sa.text("update alert set event_id = :event where id = :alert")


def _event(
    event_id: str, members: list[Any], rows: list[Any], roles: dict[str, set[str]]
) -> dict[str, Any]:
    """An event as people know it: what waited to be told is told by the notifier, a beginning and
    an end alike.
    """
    first = min(members, key=lambda of: (of["fired_ms"], of["id"]))
    firing = [of for of in members if of["state"] == "firing"]
    known = {row["event"] for row in rows if row["next_ms"] is None}
    sent = {row["event"] for row in rows if row["sent_ms"] is not None}
    waits = {row["event"] for row in rows if row["next_ms"] is not None}
    ends = not firing and "fired" in sent and not waits.isdisjoint(("resolved", "withdrawn"))
    stands = bool(firing) or ends
    is_told = ends or (bool(firing) and "fired" in known and "fired" not in waits)
    levels: dict[str, int] = {}
    for of in firing or members:
        levels[of["station"]] = max(of["level"], levels.get(of["station"], 0))
    ended_ms = max(of["resolved_ms"] or of["fired_ms"] for of in members)
    return {
        "id": event_id,
        "about": first["about"],
        "kind": first["rule_id"],
        "area": f"station {first['station']}",
        "state": "standing" if stands else "over",
        "began_ms": first["fired_ms"],
        "latest_ms": max(of["fired_ms"] for of in members),
        "due_ms": first["fired_ms"],
        "ended_ms": None if stands else ended_ms,
        "gravest": max(of["level"] for of in members),
        "known_level": max(levels.values()) if is_told else 0,
        "known_stations": json.dumps(levels if is_told else {}),
        "data_lost": all(of["data_lost"] for of in firing) and "data-lost" in sent - waits,
        **dict.fromkeys(("held", "silenced"), False),
        **dict.fromkeys(("round", "step"), 0),
        "times": 1,
        "policy": "",
        **_marks(members, roles),
    }


def _marks(members: list[Any], roles: dict[str, set[str]]) -> dict[str, Any]:
    """Who acknowledged first, and when the first officer and the first deputy did."""
    marked = sorted(
        (of for of in members if of["acknowledged_ms"]), key=lambda of: of["acknowledged_ms"]
    )
    first = marked[0] if marked else dict.fromkeys(_ENDED_MARKS)
    by_role: dict[str, int] = {}
    for of in marked:
        by_role.setdefault(_role(of["acknowledged_account"], roles), of["acknowledged_ms"])
    return {
        **{name: first[name] for name in _ENDED_MARKS},
        "officers_ms": by_role.get("officer"),
        "deputies_ms": by_role.get("deputy"),
    }


def _role(account: str | None, roles: dict[str, set[str]]) -> str:
    """The role of somebody who acknowledged, as far as it is known."""
    return "officer" if "officer" in roles.get(account or "", ()) else "deputy"


def _keep_acknowledgement(event_id: str, alert: Any, roles: dict[str, set[str]]) -> None:
    if not alert["acknowledged_ms"]:
        return
    act = {
        "event_id": event_id,
        "kind": "acknowledged",
        "at_ms": alert["acknowledged_ms"],
        "username": alert["acknowledged_account"] or "",
        "name": alert["acknowledged_by"],
        "role": _role(alert["acknowledged_account"], roles),
        "note": "",
    }
    _insert("alert_event_act", act | {"round": 0, "step": 0})


def _keep_message(row: Any, alert: Any, event_id: str) -> None:
    """A message that an audience was sent."""
    snapshot = {name: alert[name] for name in _SNAPSHOT}
    snapshot |= {name: bool(alert[name]) for name in _FLAGS}
    data = json.dumps({"alert": snapshot, "stations": [alert["station"]], "times": 1})
    key, reader, at_ms = row["key"], f"@{row['audience']}", row["created_ms"]
    said = {"kind": _KINDS[row["event"]], "level": alert["level"]}
    entry = said | {"key": key, "event_id": event_id, "data": data}
    _insert("outbox", entry | {"at_ms": at_ms, "routed_ms": at_ms})
    _insert("message", said | {"id": key, "reader": reader, "created_ms": at_ms})
    told = {"entry": key, "reader": reader, "state": "told", "why": "", "message_id": key}
    _insert("telling", told)
    delivery = {
        "message_id": key,
        "channel": "console",
        "rank": 0,
        "state": "sent",
        "attempts": row["attempts"],
        "created_ms": at_ms,
        "settled_ms": row["sent_ms"],
        "why": "",
        "provider_id": "",
    }
    _insert("delivery", delivery)


def _keep_who_heard(rows: list[Any], roles: dict[str, set[str]]) -> None:
    """Everybody of an audience that was told of an event which stands hears of its end."""
    first: dict[str, str] = {}
    for row in rows:
        if row["event"] == "fired" and row["sent_ms"] is not None:
            first.setdefault(row["audience"], row["key"])
    for audience, key in first.items():
        for username in sorted(who for who, of in roles.items() if audience in of):
            _insert("telling", {"entry": key, "reader": username, "state": "told", "why": ""})


def _make_tables() -> None:
    _make_events()
    _make_outbox()
    _make_deliveries()
    _make_decisions()


def _make_events() -> None:
    op.create_table(
        "alert_event",
        sa.Column("id", sa.String(20), primary_key=True),
        sa.Column("about", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("area", sa.String(60), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("began_ms", sa.BigInteger, nullable=False),
        sa.Column("latest_ms", sa.BigInteger, nullable=False),
        sa.Column("due_ms", sa.BigInteger, nullable=False),
        sa.Column("ended_ms", sa.BigInteger),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("gravest", sa.Integer, nullable=False),
        sa.Column("known_level", sa.Integer, nullable=False),
        sa.Column("known_stations", sa.Text, nullable=False),
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
    op.create_index("alert_event_by_area", "alert_event", ["area", "kind"])
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


def _make_outbox() -> None:
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


def _make_deliveries() -> None:
    op.create_table(
        "delivery",
        sa.Column("message_id", sa.String(32), sa.ForeignKey("message.id"), primary_key=True),
        sa.Column("channel", sa.String(40), primary_key=True),
        sa.Column("rank", sa.Integer, nullable=False),
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


def _make_decisions() -> None:
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
