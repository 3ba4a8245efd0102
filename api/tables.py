"""Tables of people, units, sessions and the audit, in the state database."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
MIGRATIONS = Migrations(
    "api", Path(__file__).parent / "migrations", METADATA, insert_only=("audit", "audit_link")
)

UNIT = sa.Table(
    "unit",
    METADATA,
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("parent", sa.String(40), sa.ForeignKey("unit.id")),
    sa.Column("official_order", sa.Integer, nullable=False),
    sa.Column("from_day", sa.String(10)),
    sa.Column("until_day", sa.String(10)),
    sa.Column("successor", sa.String(40)),
)
"""``successor`` is the unit that has the duties of a former one."""
ACCOUNT = sa.Table(
    "account",
    METADATA,
    sa.Column("username", sa.String(40), primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("password_hash", sa.String(200), nullable=False),
    sa.Column("password_kind", sa.String(10), nullable=False, server_default=sa.text("'own'")),
    sa.Column("password_until_ms", sa.BigInteger),
    sa.Column("disabled_ms", sa.BigInteger),
    sa.Column("totp_sealed", sa.String(400)),
    sa.Column("totp_step", sa.BigInteger),
    sa.Column("language", sa.String(20), nullable=False, server_default=sa.text("''")),
    sa.Column("large_type", sa.Boolean, nullable=False, server_default=sa.false()),
)
MEMBERSHIP = sa.Table(
    "membership",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("username", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
    sa.Column("unit", sa.String(40), sa.ForeignKey("unit.id"), nullable=False),
    sa.Column("post", sa.String(100), nullable=False),
    sa.Column("from_day", sa.String(10)),
    sa.Column("until_day", sa.String(10)),
    sa.Index("membership_by_username", "username"),
    sa.Index("membership_by_unit", "unit"),
)
ROLE_GRANT = sa.Table(
    "role_grant",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("username", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
    sa.Column("role", sa.String(40), nullable=False),
    sa.Column("platform", sa.String(40), nullable=False),
    sa.Column("unit", sa.String(40), sa.ForeignKey("unit.id")),
    sa.Column("from_day", sa.String(10)),
    sa.Column("until_day", sa.String(10)),
    sa.Index("role_grant_by_username", "username"),
    sa.Index("role_grant_by_role", "role"),
)
DELEGATION = sa.Table(
    "delegation",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("deputy", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
    sa.Column("clerk", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
    sa.Column("from_day", sa.String(10)),
    sa.Column("until_day", sa.String(10)),
    sa.Index("delegation_by_clerk", "clerk"),
    sa.Index("delegation_by_deputy", "deputy"),
)
RECOVERY_CODE = sa.Table(
    "recovery_code",
    METADATA,
    sa.Column("code_hash", sa.String(64), primary_key=True),
    sa.Column("username", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
    sa.Index("recovery_code_by_username", "username"),
)
CONTACT = sa.Table(
    "contact",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("username", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("value", sa.String(200), nullable=False),
    sa.Column("confirmed_ms", sa.BigInteger),
    sa.UniqueConstraint("username", "kind", "value", name="contact_once"),
)
CONTACT_CODE = sa.Table(
    "contact_code",
    METADATA,
    sa.Column("nonce", sa.String(32), primary_key=True),
    sa.Column("username", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
    sa.Column("contact", sa.Integer, nullable=False),
    sa.Column("made_ms", sa.BigInteger, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False),
    sa.Column("message_id", sa.String(32), nullable=False),
    sa.Index("contact_code_by_username", "username", "made_ms"),
)
PUSH_SUBSCRIPTION = sa.Table(
    "push_subscription",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("username", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
    sa.Column("endpoint", sa.String(1000), nullable=False, unique=True),
    sa.Column("p256dh", sa.String(100), nullable=False),
    sa.Column("auth", sa.String(30), nullable=False),
    sa.Column("browser", sa.String(300), nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Index("push_subscription_by_username", "username"),
)
IDENTITY = sa.Table(
    "identity",
    METADATA,
    sa.Column("issuer", sa.String(300), primary_key=True),
    sa.Column("subject", sa.String(300), primary_key=True),
    sa.Column("username", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
    sa.Index("identity_by_username", "username"),
)
SESSION = sa.Table(
    "session",
    METADATA,
    sa.Column("token_hash", sa.String(64), primary_key=True),
    sa.Column("username", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
    sa.Column("on_behalf_of", sa.String(40), sa.ForeignKey("account.username")),
    sa.Column("stage", sa.String(10), nullable=False),
    sa.Column("means", sa.String(10), nullable=False),
    sa.Column("address", sa.String(45), nullable=False),
    sa.Column("browser", sa.String(300), nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
    sa.Column("seen_ms", sa.BigInteger, nullable=False),
    sa.Column("idle_ms", sa.BigInteger, nullable=False),
    sa.Column("expires_ms", sa.BigInteger, nullable=False),
    sa.Index("session_by_username", "username"),
    sa.Index("session_by_expiry", "expires_ms"),
)
SIGN_IN = sa.Table(
    "sign_in",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("username", sa.String(40), nullable=False),
    sa.Column("address", sa.String(45), nullable=False),
    sa.Column("browser", sa.String(300), nullable=False),
    sa.Column("outcome", sa.String(20), nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Index("sign_in_by_time", "at_ms"),
    sa.Index("sign_in_by_username", "username", "at_ms"),
)
TOKEN = sa.Table(
    "token",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
    sa.Column("permissions", sa.Text, nullable=False),
    sa.Column("tables", sa.Text, nullable=False, server_default=sa.text("'[]'")),
    sa.Column("unit", sa.String(40), sa.ForeignKey("unit.id")),
    sa.Column("made_by", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
    sa.Column("made_ms", sa.BigInteger, nullable=False),
    sa.Column("expires_ms", sa.BigInteger, nullable=False),
    sa.Column("used_ms", sa.BigInteger),
    sa.Column("ended_ms", sa.BigInteger),
)
AUDIT = sa.Table(
    "audit",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("who", sa.String(40), nullable=False),
    sa.Column("action", sa.String(60), nullable=False),
    sa.Column("subject", sa.String(100), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("on_behalf", sa.String(40), nullable=False, server_default=sa.text("''")),
    sa.Index("audit_by_time", "at_ms"),
    sa.Index("audit_by_person", "who", "id"),
    sa.Index("audit_by_person_acted_for", "on_behalf", "id"),
    sa.Index("audit_by_action", "action", "id"),
)
AUDIT_LINK = sa.Table(
    "audit_link",
    METADATA,
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("audit_id", sa.Integer, sa.ForeignKey("audit.id"), nullable=False),
    sa.Column("chain", sa.String(64), nullable=False),
    sa.Index("audit_link_by_row", "audit_id", unique=True),
)
