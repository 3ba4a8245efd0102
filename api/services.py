"""What the front door hands to the pages: every part they may use, made elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import Depends, Request

from alerting.record.repository import Repository
from alerting.rules.repository import RuleRepository
from alerting.rules.rule import Rule
from alerting.wording.sentences import Wording
from api.centre import Centre
from api.deadletters import DeadLetters
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
    deadletters: DeadLetters
    metrics_token: str = ""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in force now."""
        return self.rule_repository.current(self.now_ms())


def _of(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


ServicesOf = Annotated[Services, Depends(_of)]
