"""A load names the unit that owed the table when it came: another owner never sees it."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of loads of before the owner of now is taken, as nothing else is known."""
    unit = sa.Column("unit", sa.String(40), nullable=False, server_default=sa.text("''"))
    op.add_column("load", unit)
    op.create_index("load_by_unit", "load", ["unit", "id"])
    load = sa.table("load", *(sa.column(of) for of in ("kind", "source", "unit")))
    source = sa.table("source", *(sa.column(of) for of in ("kind", "name", "unit")))
    owner = (
        sa.select(source.c.unit)
        .where(source.c.kind == load.c.kind, source.c.name == load.c.source)
        .scalar_subquery()
    )
    op.execute(sa.update(load).values(unit=sa.func.coalesce(owner, "")))


def downgrade() -> None:
    """Who owed a table is lost; loads stay."""
    op.drop_index("load_by_unit", "load")
    op.drop_column("load", "unit")
