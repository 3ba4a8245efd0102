"""The index of everything visible."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

DERIVED = ("derived_search_block", "derived_search_segment")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "search_entry",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("platform", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("subject", sa.String(100), nullable=False),
        sa.Column("part", sa.String(100), nullable=False),
        sa.Column("permission", sa.String(80), nullable=False),
        sa.Column("unit", sa.String(40)),
        sa.Column("secrecy", sa.Integer, nullable=False),
        sa.Column("public", sa.Boolean, nullable=False),
        sa.Column("words", sa.String(80), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(32), nullable=False),
        sa.UniqueConstraint("platform", "kind", "subject", "part"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "search_concerned",
        sa.Column("entry", sa.Integer, sa.ForeignKey("search_entry.id"), primary_key=True),
        sa.Column("unit", sa.String(40), primary_key=True),
    )
    op.create_index("search_concerned_unit", "search_concerned", ["unit"])
    op.create_table(
        "search_text",
        sa.Column(
            "entry", sa.Integer, sa.ForeignKey("search_entry.id"), primary_key=True,
            autoincrement=False,
        ),
        sa.Column("folded_title", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("paragraphs", sa.Text, nullable=False),
    )  # fmt: skip
    op.create_table(
        "derived_search_segment",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("first", sa.Integer, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("characters", sa.Integer, nullable=False),
        sa.Column("gaps", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "derived_search_block",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    if op.get_bind().dialect.name == "postgresql":
        # In the row itself, where they fit: one reading less.
        op.execute("alter table derived_search_block alter body set storage external")
        op.execute("alter table derived_search_block set (toast_tuple_target = 8160)")


def downgrade() -> None:
    """Drop the tables."""
    for name in (*DERIVED, "search_text", "search_concerned", "search_entry"):
        op.drop_table(name)
