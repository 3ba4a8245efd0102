"""The deputies of the congress, each with a manner of writing."""

from __future__ import annotations

import random
from collections.abc import Sequence

from config.files import read_toml
from simulators.congress.matters import DATA, REMEDY
from simulators.congress.records import Deputy

_COUNT = 220
_OFFICIAL = {"退休干部", "机关干部", "律师", "工程师", "家纺企业负责人"}
_PLAIN = {"村党总支书记", "种粮大户", "个体工商户", "企业职工", "出租车驾驶员", "乡村医生"}


def drawn_deputies(drawn: random.Random, towns: Sequence[str]) -> tuple[Deputy, ...]:
    """As many as the congress has, each of one of the towns."""
    names = read_toml(DATA / "deputies.toml", REMEDY)
    free = [surname + given for surname in names["surnames"] for given in names["given"]]
    chosen = drawn.sample(free, _COUNT)
    return tuple(
        _deputy(drawn, f"d{number:03}", name, towns[number % len(towns)], names["occupations"])
        for number, name in enumerate(chosen, start=1)
    )


def _deputy(
    drawn: random.Random, number: str, name: str, town: str, occupations: list[str]
) -> Deputy:
    occupation = drawn.choice(occupations)
    if occupation in _OFFICIAL:
        weights = (7, 1, 2)
    elif occupation in _PLAIN:
        weights = (2, 6, 2)
    else:
        weights = (4, 3, 3)
    return Deputy(
        id=number,
        name=name,
        town=town,
        occupation=occupation,
        voice=drawn.choices(("official", "plain", "angle"), weights)[0],
        length=drawn.choices((1, 2, 3), (2, 5, 5))[0],
        numbered=drawn.random() < 0.4,
        typos=drawn.choice((0.0, 0.05, 0.3)),
    )
