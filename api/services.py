"""What the front door hands to the pages: every part they may use, made elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from alerting.record.repository import Repository
from alerting.rules.repository import RuleRepository
from alerting.rules.rule import Rule
from alerting.wording.sentences import Wording
from api.centre import Centre
from api.live import LiveFeed
from config.catalogue.shapes import Catalogue
from config.catalogue.words import Words
from ingest.annotations.corrections import Corrections
from ingest.state.database import State
from ingest.store.protocol import Store


@dataclass(frozen=True, slots=True)
class Services:
    """One process's parts; ``store`` is overlaid with ``corrections``, ``libraries`` the folder of
    the pages' npm packages.
    """

    catalogue: Catalogue
    rule_repository: RuleRepository
    store: Store
    state: State
    alerts: Repository
    wording: Wording
    words: Words
    live: LiveFeed
    libraries: Path
    now_ms: Callable[[], int]
    centre: Centre
    corrections: Corrections
    metrics_token: str = ""
    publish: Callable[[bytes], object] = lambda _message: None
    """Sends the message of a live event to every open page."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in force now."""
        return self.rule_repository.current(self.now_ms())


def services_of(request: Request) -> Services:
    """The parts, with words and names in the reader's language."""
    services: Services = request.app.state.services
    wording = services.wording.into(request.app.state.language_of(request))
    return replace(services, wording=wording, words=wording.words, catalogue=wording.catalogue)


ServicesOf = Annotated[Services, Depends(services_of)]
