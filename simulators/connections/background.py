"""Plain things of every platform that belong to no affair."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from simulators.congress import matters
from simulators.congress.localities import Locality
from simulators.congress.matters import Matter as Raised
from simulators.connections import places, writing
from simulators.connections.companies import Companies
from simulators.connections.kinds import common, kinds, plain
from simulators.connections.lookalikes import Occupied
from simulators.connections.records import (
    Advice,
    Alert,
    Document,
    Hearing,
    Matter,
    Payment,
    Project,
    Suggestion,
    Thing,
)
from simulators.documents.records import Document as Drafted
from simulators.documents.simulation import library

COUNTS: Mapping[str, int] = {
    "suggestion": 150,
    "project": 80,
    "alert": 50,
    "document": 40,
    "advice": 24,
    "hearing": 20,
    "matter": 14,
}
_YEAR = 365


def background(
    seed: int, as_of: date, taken: Occupied, companies: Companies, drawn: random.Random
) -> Iterator[Thing]:
    """Everything of the last year that belongs to nothing."""
    yield from _suggestions(as_of, taken, drawn)
    yield from _projects(as_of, companies, drawn)
    yield from _alerts(as_of, taken, drawn)
    yield from _documents(seed, as_of, taken)
    yield from _judicial(as_of, drawn)


def _day(as_of: date, drawn: random.Random) -> date:
    return as_of - timedelta(days=drawn.randint(2, _YEAR))


def _suggestions(as_of: date, taken: Occupied, drawn: random.Random) -> Iterator[Thing]:
    every = [of for of in matters.load() if of.lead in places.unit_names() or of.lead == "town"]
    made = 0
    while made < COUNTS["suggestion"]:
        matter = drawn.choice(every)
        spot = drawn.choice(places.of_kind(matter.at))
        if _belongs(matter, spot, taken):
            continue
        made += 1
        title, body = writing.of_congress(matter.id, spot, drawn)
        unit = spot.town if matter.lead == "town" else matter.lead
        topic, on = plain()["topics"][matter.field], _day(as_of, drawn)
        yield Suggestion(f"b-s{made:03}", on, title[:100], body, topic, spot.town, unit)


def _belongs(matter: Raised, spot: Locality, taken: Occupied) -> bool:
    about = {of.id for of in kinds().values() if matter.id in of.matters}
    about |= {kind for kind, near in plain()["near"].items() if matter.id in near}
    return any(of in taken.wide or (of, spot.town) in taken.by_town for of in about)


def _projects(as_of: date, companies: Companies, drawn: random.Random) -> Iterator[Thing]:
    known = common()
    trades = list(known["trades"])
    names = [(unit, name) for unit, every in plain()["projects"].items() for name in every]
    for at in range(COUNTS["project"]):
        unit, name = names[at % len(names)]
        head, unit_name = known["payers"][unit]
        on, trade = _day(as_of, drawn), drawn.choice(trades)
        paid = tuple(
            Payment(
                on - timedelta(days=27 * number),
                companies.known(trade, drawn),
                drawn.randint(20_000, 3_000_000) * 100,
                f"支付{name}费用",
            )
            for number in range(drawn.randint(1, 6))
        )
        yield Project(
            f"b-p{at + 1:03}",
            on,
            companies.code(head, on.year),
            name if at < len(names) else f"{name}（{on.year}年）",
            f"{head}001",
            unit_name,
            environment=False,
            stations=(),
            payments=paid,
        )


def _alerts(as_of: date, taken: Occupied, drawn: random.Random) -> Iterator[Thing]:
    """Instruments that do not measure; pollution long ago, or where no affair is."""
    every = kinds().values()
    for at in range(COUNTS["alert"]):
        station = drawn.choice(places.stations())
        on, made = _day(as_of, drawn), f"b-a{at + 1:03}"
        rules = [
            rule
            for kind in every
            if (kind.at == "section") == (station.kind == "water")
            for rule in kind.rules
            if (as_of - on).days > 240 or (kind.id, station.town) not in taken.by_town
        ]
        if rules and drawn.random() < 0.4:
            rule = drawn.choice(rules)
            indicator, (least, most) = writing.INDICATORS[rule]
            peak, pollution = round(drawn.uniform(least, most), 2), True
        else:
            rule = drawn.choice(("sensor-not-measuring", "station-silent"))
            indicator, peak, pollution = "", 0.0, False
        hour, hours = drawn.randrange(24), drawn.randint(1, 9)
        yield Alert(made, on, hour, hours, rule, indicator, station.id, peak, pollution)


def _documents(seed: int, as_of: date, taken: Occupied) -> Iterator[Thing]:
    makers = {f"南通市通州区{name}人民政府": of for of, name in places.towns().items()}
    makers |= {name: unit for unit, (_, name) in common()["payers"].items()}
    makers |= {
        "南通市通州区人民政府": "government",
        "南通市通州区人民政府办公室": "government-office",
    }
    made = 0
    for one in library(seed, 3 * COUNTS["document"]).documents:
        maker = makers.get(one.maker)
        if maker is None or one.published_on is None or one.published_on > as_of:
            continue
        if _on_an_affair(one.title, maker, taken) or made == COUNTS["document"]:
            continue
        made += 1
        yield _document(f"b-d{made:03}", one, maker)


def _on_an_affair(title: str, maker: str, taken: Occupied) -> bool:
    towns = {maker} if maker in places.towns() else set(places.towns())
    about = {kind for kind, town in taken.by_town if town in towns} | taken.wide
    return any(word in title for kind in about for word in plain()["subjects"][kind])


def _document(made: str, one: Drafted, maker: str) -> Document:
    lines = [
        f"{of.part} {of.text}" if of.style == "article" else of.text
        for of in one.paragraphs
        if of.style in ("title", "number", "article", "clause", "item", "sign")
    ]
    assert one.published_on
    text = "\n\n".join((*lines, ""))
    kind = "town" if maker in places.towns() else "department"
    if maker.startswith("government"):
        kind = "government"
    return Document(made, one.published_on, maker, kind, one.title, one.number, text)  # type: ignore[arg-type]


def _judicial(as_of: date, drawn: random.Random) -> Iterator[Thing]:
    known = plain()
    for at in range(COUNTS["advice"]):
        row = known["advice"][at % len(known["advice"])]
        facts = (row["title"], row["unit"], row["topic"], row["text"])
        yield Advice(f"b-v{at + 1:03}", _day(as_of, drawn), *facts)
    for at in range(COUNTS["hearing"]):
        row = known["hearing"][at % len(known["hearing"])]
        yield Hearing(f"b-h{at + 1:03}", _day(as_of, drawn), row["title"], row["matter"])
    reports, inspections = known["report"], known["inspection"]
    for at in range(COUNTS["matter"]):
        on, made = _day(as_of, drawn), f"b-m{at + 1:03}"
        if at % 2:
            row = reports[at // 2 % len(reports)]
            yield Matter(made, on, "report", row["title"], row["unit"], "", "")
        else:
            row = inspections[at // 2 % len(inspections)]
            title = f"《{row['law']}》实施情况执法检查"
            yield Matter(made, on, "inspection", title, row["unit"], row["law"], row["about"])
