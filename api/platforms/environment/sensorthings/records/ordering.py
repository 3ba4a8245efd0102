"""The order of $orderby: nothing comes first, then numbers, then texts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from api.platforms.environment.sensorthings.records.expressions import Many, Path, Reach, value_of
from api.platforms.environment.sensorthings.records.kinds import Entity

Rank = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Backwards:
    rank: Rank

    def __lt__(self, other: _Backwards) -> bool:
        return other.rank < self.rank


def key_of(orderby: Sequence[tuple[Path, bool]], reach: Reach) -> Callable[[Entity], Rank]:
    """A key by which entities are sorted."""

    def key(entity: Entity) -> Rank:
        ranks = [(_rank(value_of(path, entity, reach)), down) for path, down in orderby]
        return tuple(_Backwards(rank) if down else rank for rank, down in ranks)

    return key


def _rank(value: Any) -> Rank:
    if isinstance(value, Many):
        value = next(iter(value), None)
    if isinstance(value, int | float):
        return (1, value)
    return (0,) if value is None else (2, str(value))
