"""The shape of an admin task: work on the data of a site, asked for by a person.

A task yields lines; the last one carries the exit status.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from qingyuan.runtime.site import SiteResources

Options = Mapping[str, Any]


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something to be read. One that is ``passing`` gives way to the next; ``status`` ends."""

    text: str = ""
    passing: bool = False
    status: int | None = None


Task = Callable[[SiteResources, Options], Iterator[Line]]
Tasks = Mapping[str, Task]
"""By the name under which a command asks for it."""
