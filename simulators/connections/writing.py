"""Each platform's thing on an affair, as somebody else writes it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from simulators.congress import matters
from simulators.congress.deputies import drawn_deputies
from simulators.congress.grammar import said
from simulators.congress.localities import Locality
from simulators.congress.matters import VOICES, Matter
from simulators.congress.writing import Draft, written
from simulators.connections import places
from simulators.connections.companies import Companies, brand
from simulators.connections.kinds import Kind, common
from simulators.connections.places import Place
from simulators.connections.records import (
    Advice,
    Alert,
    Document,
    Hearing,
    Payment,
    Project,
    Suggestion,
)
from simulators.connections.records import Matter as Inspected

INDICATORS = {
    "ammonia-over-class": ("w21003", (1.1, 3.5)),
    "oxygen-low": ("w01009", (0.6, 1.9)),
    "sewage-signature": ("w21003", (2.1, 4.0)),
    "permanganate-over-class": ("w01019", (6.3, 11.0)),
    "fine-particles-high": ("a34004", (118.0, 210.0)),
    "air-quality-index": ("", (152.0, 260.0)),
}
"""By rule: the indicator, and the range of its peak."""
_MATTERS = {of.id: of for of in matters.load()}
_SHORTEST = 30
"""Characters of a body that the office takes."""
_NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Brief:
    """What somebody writes about: the kind, the place under the name that this writer uses, the
    day, and a company or none.
    """

    id: str
    kind: Kind
    place: Place
    name: Locality
    on: date
    company: str = ""

    @property
    def said_names(self) -> dict[str, str]:
        """By letter, for sentences."""
        return {
            "P": self.name.name,
            "T": self.place.town_name,
            "D": places.unit_names()[self.kind.unit],
            "L": f"《{self.kind.law}》",
            "C": self.company,
            "B": brand(self.company),
        }


def alert(brief: Brief, station: str, drawn: random.Random) -> Alert:
    """At a station, by a rule of the kind."""
    rule = drawn.choice(brief.kind.rules)
    indicator, (least, most) = INDICATORS[rule]
    peak = round(drawn.uniform(least, most), 2)
    hour, hours = drawn.randrange(1, 20), drawn.randint(1, 30)
    return Alert(brief.id, brief.on, hour, hours, rule, indicator, station, peak, pollution=True)


def suggestion(brief: Brief, drawn: random.Random) -> Suggestion:
    """In a deputy's voice: of a matter of the congress, or in the kind's own words."""
    kind, name = brief.kind, brief.name
    suiting = [_MATTERS[of] for of in kind.matters if _suits(_MATTERS[of], kind, name)]
    if suiting and not (kind.suggestion and drawn.random() < 0.35):
        title, body = _of_matter(drawn.choice(suiting), name, drawn)
    else:
        letter = drawn.choice(kind.suggestion)
        title, body = (said(of, drawn, brief.said_names) for of in (letter.title, letter.body))
    if brief.company:
        more = drawn.choice(common()["company_suggestion"])
        body += "\n" + said(more, drawn, brief.said_names)
    facts = (kind.topic, brief.place.town, kind.unit)
    return Suggestion(brief.id, brief.on, title[:100], body, *facts)


def _suits(matter: Matter, kind: Kind, name: Locality) -> bool:
    if kind.at == "section":
        return matter.at == name.kind
    return name.kind in (matter.at, kind.at, "town", "wide")


def of_congress(matter: str, name: Locality, drawn: random.Random) -> tuple[str, str]:
    """Title and body on a matter of the congress."""
    return _of_matter(_MATTERS[matter], name, drawn)


def _of_matter(matter: Matter, name: Locality, drawn: random.Random) -> tuple[str, str]:
    town = name.town or drawn.choice(list(places.towns()))
    deputy = drawn.choice(drawn_deputies(random.Random(7), list(places.towns())))
    draft = Draft(
        matter=matter,
        locality=name,
        deputy=deputy,
        voices=(deputy.voice if drawn.random() < 0.7 else drawn.choice(VOICES),),
        also=None,
        again=0,
        like=places.of_kind(matter.at),
        roads=[of.name for of in places.of_kind("road", town)],
    )
    title, body = written(draft, drawn)
    if len(body) < _SHORTEST:
        body += said(drawn.choice(common()["closing"]), drawn, {})
    return title, body


def project(brief: Brief, companies: Companies, drawn: random.Random, *, general: bool) -> Project:
    """With two to six payments; a ``general`` one names no place but in what it paid for."""
    kind, known = brief.kind, common()
    head, unit_name = known["payers"][kind.pays]
    payees = [brief.company or companies.known(kind.trade, drawn) for _ in range(3)]
    names = kind.general if general else kind.project
    measured = "water" if kind.at == "section" else "air"
    near = [
        of.name for of in places.stations() if of.town == brief.place.town and of.kind == measured
    ]
    stated = kind.rules and near and not general and drawn.random() < 0.3
    return Project(
        brief.id,
        brief.on,
        companies.code(head, brief.on.year),
        said(drawn.choice(names), drawn, brief.said_names),
        f"{head}001",
        unit_name,
        environment=bool(kind.rules),
        stations=(near[0],) if stated else (),
        payments=_payments(brief, payees, drawn),
    )


def _payments(brief: Brief, payees: Sequence[str], drawn: random.Random) -> tuple[Payment, ...]:
    found = []
    for at in range(drawn.randint(2, 6)):
        day = brief.on - timedelta(days=drawn.randint(1, 25) + 28 * at)
        purpose = said(drawn.choice(brief.kind.purpose), drawn, brief.said_names)
        amount = drawn.randint(80_000, 60_000_00) * 100
        found.append(Payment(day, drawn.choice(payees), amount, purpose))
    return tuple(found)


def hearing(brief: Brief, drawn: random.Random) -> Hearing:
    """Announced by the procuratorate."""
    title, matter = drawn.choice(brief.kind.hearing)
    names = brief.said_names
    return Hearing(brief.id, brief.on, said(title, drawn, names), said(matter, drawn, names))


def advice(brief: Brief, drawn: random.Random) -> Advice:
    """Sent to the unit; most wordings cite the law."""
    kind, names = brief.kind, brief.said_names
    title, text = drawn.choice(kind.advice)
    text = said(text, drawn, names)
    if brief.company:
        text += "\n" + said(drawn.choice(common()["company_advice"]), drawn, names)
    return Advice(
        brief.id, brief.on, said(title, drawn, names), kind.unit, kind.advice_topic, text
    )


def inspection(brief: Brief, drawn: random.Random) -> Inspected:
    """Of the law of the kind."""
    known, names = common(), {**brief.said_names, "W": brief.name.name}
    return Inspected(
        brief.id,
        brief.on,
        "inspection",
        said(drawn.choice(known["inspection"]), drawn, names),
        brief.kind.unit,
        brief.kind.law,
        said(drawn.choice(known["inspection_plan"]), drawn, names),
    )


def document(brief: Brief, number: int, drawn: random.Random, passing: str = "") -> Document:
    """Of the town, or of the unit where it is about the district; ``passing`` is a law that an
    article mentions beside the matter.
    """
    kind, town = brief.kind, brief.place.town
    stem, *articles = drawn.choice(kind.document)
    articles = [said(of, drawn, brief.said_names) for of in articles]
    if passing:
        articles.append(said(drawn.choice(common()["passing"]), drawn, {"L": f"《{passing}》"}))
    articles.append(f"本规定自{_said(brief.on + timedelta(days=30))}起施行，有效期五年。")
    title = f"{brief.place.town_name}{stem}"
    mark = places.short(brief.place.town_name)[0] if town else "通"
    full = f"{mark}政规〔{brief.on.year}〕{number}号"
    signed = f"{brief.place.town_name}人民政府" if town else f"南通市{brief.place.town_name}"
    numbered = [f"第{_NUMERALS[at]}条 {of}" for at, of in enumerate(articles)]
    text = "\n\n".join((title, full, *numbered, f"{signed}\n{_said(brief.on)}", ""))
    maker: str = town or kind.unit
    form: str = "town" if town else "department"
    return Document(brief.id, brief.on, maker, form, title, full, text)  # type: ignore[arg-type]


def _said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
