"""People belong to units and hold roles from and to a day; sessions say where they are open."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MADE = (
    "token",
    "sign_in",
    "session",
    "identity",
    "contact",
    "recovery_code",
    "delegation",
    "role_grant",
    "membership",
    "unit",
)


def _added() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("password_kind", sa.String(10), nullable=False, server_default=sa.text("'own'")),
        sa.Column("password_until_ms", sa.BigInteger),
        sa.Column("disabled_ms", sa.BigInteger),
        sa.Column("totp_sealed", sa.String(400)),
        sa.Column("totp_step", sa.BigInteger),
        sa.Column("large_type", sa.Boolean, nullable=False, server_default=sa.false()),
    )


def upgrade() -> None:
    """An account's role becomes one on all platforms and for all units, its area a unit of its
    own. Every session ends: nobody knows where it was open.
    """
    op.drop_table("session")
    _make_tables()
    for column in _added():
        op.add_column("account", column)
    op.execute(
        "insert into unit (id, name, kind, official_order)"
        " select 'area-' || row_number() over (order by area), area, 'other', 0"
        " from (select distinct area from account where area <> '') as named"
    )
    op.execute(
        "insert into membership (username, unit, post)"
        " select account.username, unit.id, '' from account join unit on unit.name = account.area"
    )
    op.execute(
        "insert into role_grant (username, role, platform) select username, role, '' from account"
    )
    for name in ("role", "area"):
        op.drop_column("account", name)


def downgrade() -> None:
    """Everybody becomes a deputy of one area; roles, units and sessions are lost."""
    for table in _MADE:
        op.drop_table(table)
    for column in _added():
        op.drop_column("account", column.name)
    for name, size, value in (("role", 20, "deputy"), ("area", 100, "-")):
        default = sa.text(f"'{value}'")
        column = sa.Column(name, sa.String(size), nullable=False, server_default=default)
        op.add_column("account", column)
    op.create_table(
        "session",
        sa.Column("token_hash", sa.String(64), primary_key=True),
        sa.Column("username", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
        sa.Column("expires_ms", sa.BigInteger, nullable=False),
    )


def _make_tables() -> None:
    _make_units_and_roles()
    _make_ways_in()
    _make_sessions()


def _make_units_and_roles() -> None:
    op.create_table(
        "unit",
        sa.Column("id", sa.String(40), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("parent", sa.String(40), sa.ForeignKey("unit.id")),
        sa.Column("official_order", sa.Integer, nullable=False),
        sa.Column("from_day", sa.String(10)),
        sa.Column("until_day", sa.String(10)),
    )
    op.create_table(
        "membership",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("username", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
        sa.Column("unit", sa.String(40), sa.ForeignKey("unit.id"), nullable=False),
        sa.Column("post", sa.String(100), nullable=False),
        sa.Column("from_day", sa.String(10)),
        sa.Column("until_day", sa.String(10)),
    )
    op.create_index("membership_by_username", "membership", ["username"])
    op.create_index("membership_by_unit", "membership", ["unit"])
    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("username", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("platform", sa.String(40), nullable=False),
        sa.Column("unit", sa.String(40), sa.ForeignKey("unit.id")),
        sa.Column("from_day", sa.String(10)),
        sa.Column("until_day", sa.String(10)),
    )
    op.create_index("role_grant_by_username", "role_grant", ["username"])
    op.create_index("role_grant_by_role", "role_grant", ["role"])
    op.create_table(
        "delegation",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("deputy", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
        sa.Column("clerk", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
        sa.Column("from_day", sa.String(10)),
        sa.Column("until_day", sa.String(10)),
    )
    op.create_index("delegation_by_clerk", "delegation", ["clerk"])
    op.create_index("delegation_by_deputy", "delegation", ["deputy"])


def _make_ways_in() -> None:
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.String(64), primary_key=True),
        sa.Column("username", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
    )
    op.create_index("recovery_code_by_username", "recovery_code", ["username"])
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("username", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("value", sa.String(200), nullable=False),
        sa.Column("confirmed_ms", sa.BigInteger),
        sa.UniqueConstraint("username", "kind", "value", name="contact_once"),
    )
    op.create_table(
        "identity",
        sa.Column("issuer", sa.String(300), primary_key=True),
        sa.Column("subject", sa.String(300), primary_key=True),
        sa.Column("username", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
    )
    op.create_index("identity_by_username", "identity", ["username"])


def _make_sessions() -> None:
    op.create_table(
        "session",
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
    )
    op.create_index("session_by_username", "session", ["username"])
    op.create_index("session_by_expiry", "session", ["expires_ms"])
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("username", sa.String(40), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("browser", sa.String(300), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_index("sign_in_by_time", "sign_in", ["at_ms"])
    op.create_index("sign_in_by_username", "sign_in", ["username", "at_ms"])
    op.create_table(
        "token",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("permissions", sa.Text, nullable=False),
        sa.Column("unit", sa.String(40), sa.ForeignKey("unit.id")),
        sa.Column("made_by", sa.String(40), sa.ForeignKey("account.username"), nullable=False),
        sa.Column("made_ms", sa.BigInteger, nullable=False),
        sa.Column("expires_ms", sa.BigInteger, nullable=False),
        sa.Column("used_ms", sa.BigInteger),
        sa.Column("ended_ms", sa.BigInteger),
    )
