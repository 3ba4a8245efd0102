"""Platforms are asked in threads of their own, so that one that hangs holds up none but itself."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Generic, ParamSpec, TypeVar

AT_ONCE = 4
"""Questions that a platform answers at the same time; more wait for their turn."""
WITHIN_S = 2.0
"""So long a page waits for all platforms together."""
Given = ParamSpec("Given")
Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answers(Generic[Answer]):
    """The answers of platforms by slug, in the order of the questions; ``silent`` are those
    that failed, ``late`` those that did not answer in time.
    """

    given: Mapping[str, Answer]
    silent: Sequence[str]
    late: Sequence[str]


class Askers:
    """The threads of each platform in a process."""

    def __init__(self) -> None:
        self._of: dict[str, ThreadPoolExecutor] = {}
        self._lock = threading.Lock()

    def ask_all(
        self, questions: Mapping[str, Callable[[], Answer]], within_s: float | None = None
    ) -> Answers[Answer]:
        """The answers of several platforms, by slug. One that fails, or is slow, is named, and
        keeps nothing else away. A page waits ``WITHIN_S`` seconds, a job as long as it says.
        """
        within_s = WITHIN_S if within_s is None else within_s
        asked = {slug: self.ask(slug, question) for slug, question in questions.items()}
        in_time, _ = wait(asked.values(), within_s)
        given: dict[str, Answer] = {}
        silent: list[str] = []
        late: list[str] = []
        for slug, future in asked.items():
            if future not in in_time:
                future.cancel()  # where nobody has begun to answer, nobody needs to
                log.warning("waited %s s for %s and has no answer", within_s, slug)
                late.append(slug)
            elif error := future.exception():  # whatever it may raise, the others are shown
                log.error("no answer from %s", slug, exc_info=error)
                silent.append(slug)
            else:
                given[slug] = future.result()
        return Answers(given, silent, late)

    def ask(
        self,
        slug: str,
        question: Callable[Given, Answer],
        *args: Given.args,
        **kwargs: Given.kwargs,
    ) -> Future[Answer]:
        """The answer of a platform, when it has one. Whoever waits no longer cancels it: what
        nobody has begun to answer is answered no more.
        """
        with self._lock:
            threads = self._of.get(slug)
            if threads is None:
                threads = self._of[slug] = ThreadPoolExecutor(AT_ONCE, f"asked {slug}")
        return threads.submit(question, *args, **kwargs)
