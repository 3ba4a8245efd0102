"""A thing as it is compared with things of other platforms. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from api.ports import Reference

Axis = Literal["station", "spot", "reach", "town", "unit", "topic", "law", "payee", "project"]
AXES: tuple[Axis, ...] = get_args(Axis)
Role = Literal[
    "suggestion-topic",
    "advice-topic",
    "alert-station",
    "alert-topic",
    "suggestion-town",
    "unit-in-charge",
    "further-unit",
    "suggestion-source",
    "hearing-body",
    "body",
    "addressee",
    "matter-law",
    "maker",
    "itself",
    "point-law",
    "payee",
    "project",
    "project-unit",
    "project-station",
    "project-topic",
    "finding-unit",
    "finding-project",
]
ROLES: tuple[Role, ...] = get_args(Role)
"""Of a field of a thing that names something."""
Part = Literal[
    "suggestion-title",
    "suggestion-body",
    "suggestion-location",
    "motion-title",
    "motion-basis",
    "motion-plan",
    "hearing-title",
    "hearing-matter",
    "hearing-location",
    "matter-title",
    "matter-text",
    "advice-title",
    "advice-text",
    "advice-reply",
    "document-title",
    "document-text",
    "filing-basis",
    "review-reason",
    "review-points",
    "review-opinion",
    "project-title",
    "project-purpose",
    "finding-title",
    "rectification-title",
    "rectification-text",
]
PARTS: tuple[Part, ...] = get_args(Part)
"""Of a thing that is a text."""
Mark = tuple[Axis, str]
"""An axis and a key on it: the same for the same thing on all platforms. A town and a unit are
named by the id of the unit, a station by its id, a reach by the id of the river or of the station
at it (``reach_of``), a law by its plain title, a spot such as a village, a road or a school by
the end of its name as texts write it, a payee and a project by their names (``plain``).
"""

_AT = "at "


@dataclass(frozen=True, slots=True)
class Trace:
    """A key that a thing has. ``said`` tells how the thing names it, as a clause for people."""

    axis: Axis
    key: str
    said: str

    @property
    def mark(self) -> Mark:
        """That by which two traces are the same."""
        return self.axis, self.key


@dataclass(frozen=True, slots=True)
class Traced:
    """A thing with its traces, each mark once. ``began_ms`` and ``ended_ms`` are UTC epoch ms,
    None where nobody knows or it goes on. Things of one ``group`` are of one matter on their own
    platform, such as the alerts of an event: only one of them is proposed, and they count once.
    """

    reference: Reference
    title: str
    traces: tuple[Trace, ...]
    began_ms: int | None = None
    ended_ms: int | None = None
    group: str = ""

    @property
    def own_group(self) -> str:
        """The name of its group among all platforms."""
        of = self.reference
        return f"{of.platform}/{self.group or f'{of.kind}/{of.id}'}"


@dataclass(frozen=True, slots=True)
class Name:
    """A name by which texts mean something; without marks it only looks like another one."""

    text: str
    marks: tuple[Mark, ...] = ()


def reach_of(station: str) -> str:
    """The key of the reach at a station; the id of a river is that of the whole river."""
    return f"{_AT}{station}"


def is_at_station(reach: str) -> bool:
    """Whether the key of a reach is that at a station, and not of a whole river."""
    return reach.startswith(_AT)
