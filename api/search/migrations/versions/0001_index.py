"""The index of everything visible."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

DERIVED = ("derived_search", "derived_search_title")


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
    for name in DERIVED:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(
                f"create virtual table {name}"
                " using fts5(grams, content='', detail=none, tokenize='ascii')"
            )
        else:
            op.execute(f"create table {name} (entry integer primary key, grams bigint[] not null)")
            op.execute(f"create index {name}_grams on {name} using gin (grams)")


def downgrade() -> None:
    """Drop the tables."""
    for name in (*DERIVED, "search_text", "search_concerned", "search_entry"):
        op.drop_table(name)
