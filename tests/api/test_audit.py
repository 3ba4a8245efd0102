"""The audit chain: whole as written, broken by any later hand."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from api import audit
from api.audit import AUDIT
from tests.api.conftest import BOTH, NOW_MS, RunningCentre

pytestmark = pytest.mark.parametrize("kind", BOTH)


def written(centre: RunningCentre, rows: int) -> list[int]:
    """Ids of so many rows."""
    with centre.services.state.begin() as connection:
        for row in range(rows):
            audit.record(
                connection, who="李岚", action="try", subject=str(row), detail="{}", at_ms=NOW_MS
            )
        return list(connection.execute(sa.select(AUDIT.c.id).order_by(AUDIT.c.id)).scalars())


def broken_at(centre: RunningCentre) -> int | None:
    """What the check says."""
    with centre.services.state.read() as connection:
        return audit.broken_at(connection)


def test_a_chain_that_nobody_touched_is_whole(centre: RunningCentre) -> None:
    """An empty one too."""
    assert broken_at(centre) is None
    written(centre, 5)
    assert broken_at(centre) is None


@pytest.mark.parametrize("field", ["at_ms", "who", "action", "subject", "detail", "chain"])
def test_a_changed_field_breaks_the_chain_there(centre: RunningCentre, field: str) -> None:
    """Whatever is changed, the first wrong row is named."""
    ids = written(centre, 5)
    with centre.services.state.begin() as connection:
        changed = 1 if field == "at_ms" else "other"
        connection.execute(sa.update(AUDIT).where(AUDIT.c.id == ids[2]).values({field: changed}))
    assert broken_at(centre) == ids[2]


def test_a_removed_row_breaks_the_chain_at_the_next(centre: RunningCentre) -> None:
    """Taking a row out is seen at its follower."""
    ids = written(centre, 5)
    with centre.services.state.begin() as connection:
        connection.execute(sa.delete(AUDIT).where(AUDIT.c.id == ids[1]))
    assert broken_at(centre) == ids[2]


def test_a_change_that_is_rolled_back_leaves_no_record(centre: RunningCentre) -> None:
    """The record stands in the caller's transaction."""

    class Halted(Exception):
        pass

    def halted() -> None:
        with centre.services.state.begin() as connection:
            audit.record(connection, who="李岚", action="try", subject="", detail="", at_ms=NOW_MS)
            raise Halted

    with pytest.raises(Halted):
        halted()
    assert written(centre, 0) == []
