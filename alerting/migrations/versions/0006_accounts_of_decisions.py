"""The account behind each acknowledgement, review and version, beside the name it had."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_ADDED = (
    ("alert", "acknowledged_account"),
    ("alert", "reviewed_account"),
    ("rule_version", "author_account"),
)
_KNOWN = """
    update {table} set {column} = (
        select min(who) from audit
        where action = '{action}' and subject = {table}.{subject} and at_ms = {table}.{at_ms}
    ) where {at_ms} is not null
"""


def upgrade() -> None:
    """Add the columns; of what was decided before, the audit knows the account."""
    for table, column in _ADDED:
        op.add_column(table, sa.Column(column, sa.String(40)))
    if not sa.inspect(op.get_bind()).has_table("audit"):
        return
    acknowledged = ("alert.acknowledge", "id", "acknowledged_ms")
    reviewed, saved = ("alert.review", "id", "reviewed_ms"), ("rule.save", "rule_id", "saved_ms")
    for (table, column), row in zip(_ADDED, (acknowledged, reviewed, saved), strict=True):
        action, subject, at_ms = row
        op.execute(
            _KNOWN.format(table=table, column=column, action=action, subject=subject, at_ms=at_ms)
        )


def downgrade() -> None:
    """Drop the columns."""
    for table, column in reversed(_ADDED):
        op.drop_column(table, column)
