"""The account behind each correction and review, beside the name it had."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KNOWN = """
    update correction set {column} = (
        select min(who) from audit
        where action in ({actions}) and subject = correction.series
        and audit.at_ms = correction.{at_ms}
    ) where {at_ms} is not null
"""


def upgrade() -> None:
    """Add the columns; of what was decided before, the audit knows the account."""
    for column in ("account", "withdrawn_account"):
        op.add_column("correction", sa.Column(column, sa.String(40)))
    if not sa.inspect(op.get_bind()).has_table("audit"):
        return
    decided = "'reading.review', 'reading.correct'"
    op.execute(_KNOWN.format(column="account", actions=decided, at_ms="at_ms"))
    taken_back = "'correction.withdraw'"
    op.execute(_KNOWN.format(column="withdrawn_account", actions=taken_back, at_ms="withdrawn_ms"))


def downgrade() -> None:
    """Drop the columns."""
    for column in ("withdrawn_account", "account"):
        op.drop_column("correction", column)
