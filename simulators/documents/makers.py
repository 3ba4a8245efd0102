"""Who makes a document on which topic."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import config
from config.files import read_toml
from simulators.documents.laws import DATA, REMEDY

_UNITS = Path(config.__file__).parent / "data" / "districts" / "tongzhou" / "units.toml"
_DISTRICT = "南通市通州区"
_JUDICIAL = {"court": "人民法院", "procuratorate": "人民检察院", "commission": "监察委员会"}
_MEETINGS = {
    "government": "区人民政府第{2-70}次常务会议",
    "office": "区人民政府",
    "department": "局[局长办公会议|局务会议]",
    "town": "[镇长办公会议|党政联席会议]",
    "court": "本院审判委员会第{2-30}次会议",
    "procuratorate": "本院检察委员会第{2-30}次会议",
    "commission": "区监察委员会委务会议",
}


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject of documents; ``own`` are clauses that only it has."""

    name: str
    department: str
    party: str
    thing: str
    work: str
    sign: str
    kinds: tuple[str, ...]
    own: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Maker:
    """``sign`` begins its documents' numbers, ``region`` its titles."""

    kind: str
    name: str
    sign: str
    region: str
    meeting: str

    @property
    def judicial(self) -> bool:
        """Whether it is a court, a procuratorate or a commission of supervision."""
        return self.kind in _JUDICIAL


@cache
def topics() -> tuple[Topic, ...]:
    """All topics of the file."""
    administrative = ["government", "office", "department", "town"]
    return tuple(
        Topic(
            name=row["name"],
            department=row["department"],
            party=row["P"],
            thing=row["T"],
            work=row["A"],
            sign=row["sign"],
            kinds=tuple(row.get("makers", administrative)),
            own=tuple(row["own"]),
        )
        for row in read_toml(DATA / "topics.toml", REMEDY)["topic"]
    )


@cache
def _towns() -> tuple[str, ...]:
    rows = read_toml(_UNITS, REMEDY)["unit"]
    return tuple(
        row["name"] for row in rows if row["kind"] == "town" and row["name"].endswith("镇")
    )


def maker(topic: Topic, kind: str, drawn: random.Random) -> Maker:
    """One of the kind that can make a document on the topic."""
    meeting = _MEETINGS[kind]
    if kind == "town":
        town = drawn.choice(_towns())
        name, sign = f"{_DISTRICT}{town}人民政府", f"{town[0]}政规"
        return Maker(kind, name, sign, town, meeting)
    if kind == "department":
        full = topic.department.removeprefix("区")
        if full == "政府办公室":
            return maker(topic, "office", drawn)
        name = "南通市公安局通州分局" if full == "公安分局" else _DISTRICT + full
        return Maker(kind, name, f"通{topic.sign}规", "通州区", meeting)
    name, sign = {
        "government": (f"{_DISTRICT}人民政府", "通政规"),
        "office": (f"{_DISTRICT}人民政府办公室", "通政办规"),
        "court": (f"{_DISTRICT}{_JUDICIAL['court']}", "通法规"),
        "procuratorate": (f"{_DISTRICT}{_JUDICIAL['procuratorate']}", "通检规"),
        "commission": (f"{_DISTRICT}{_JUDICIAL['commission']}", "通监规"),
    }[kind]
    return Maker(kind, name, sign, "通州区", meeting)


def others(one: Maker) -> Sequence[str]:
    """Names of makers that are not this one."""
    names = (f"{_DISTRICT}人民政府", f"{_DISTRICT}司法局", f"{_DISTRICT}发展和改革委员会")
    return [name for name in names if name != one.name]
