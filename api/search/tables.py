"""Tables of the search. Those by whose grams entries are found are derived from the others: see
postings.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from ingest.state.database import Migrations

METADATA = sa.MetaData()
MIGRATIONS = Migrations("search", Path(__file__).parent / "migrations", METADATA)

ENTRY = sa.Table(
    "search_entry",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
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
"""Narrow, so that many are passed over quickly. No id is given twice: segments rely on it."""
CONCERNED = sa.Table(
    "search_concerned",
    METADATA,
    sa.Column("entry", sa.Integer, sa.ForeignKey("search_entry.id"), primary_key=True),
    sa.Column("unit", sa.String(40), primary_key=True),
    sa.Index("search_concerned_unit", "unit"),
)
PERSON = sa.Table(
    "search_person",
    METADATA,
    sa.Column("entry", sa.Integer, sa.ForeignKey("search_entry.id"), primary_key=True),
    sa.Column("username", sa.String(40), primary_key=True),
    sa.Index("search_person_username", "username"),
)
TEXT = sa.Table(
    "search_text",
    METADATA,
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
"""One paragraph a line; folded the title is the first. Asked most is what stands in front."""
SEGMENT = sa.Table(
    "derived_search_segment",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("first", sa.Integer, nullable=False),
    sa.Column("last", sa.Integer, nullable=False),
    sa.Column("state", sa.String(10), nullable=False),
    sa.Column("entries", sa.Integer, nullable=False),
    sa.Column("characters", sa.Integer, nullable=False),
    sa.Column("gaps", sa.LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
"""Entries between two ids, both of them in it."""
BLOCK = sa.Table(
    "derived_search_block",
    METADATA,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
"""A block of grams; its id is that of its segment times ``blocks.BLOCKS``, and its number."""
