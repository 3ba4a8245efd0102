"""What the front door hands to the pages: every part they may use, made elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from alerting.repository import Repository
from alerting.rules import Rule
from alerting.wording import Wording
from api.live import LiveFeed
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from ingest.state import State
from ingest.store.protocol import Store


@dataclass(frozen=True, slots=True)
class Parts:
    """One process's parts; ``libraries`` is the folder of the pages' npm packages."""

    catalogue: Catalogue
    rules: tuple[Rule, ...]
    store: Store
    state: State
    alerts: Repository
    wording: Wording
    words: Words
    live: LiveFeed
    libraries: Path
    now_ms: Callable[[], int]


def _of(request: Request) -> Parts:
    parts: Parts = request.app.state.parts
    return parts


PartsOf = Annotated[Parts, Depends(_of)]
