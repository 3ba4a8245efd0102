"""Platforms are asked in threads of their own, so that one that hangs holds up none but itself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

AT_ONCE = 4
"""Questions that a platform answers at the same time; more wait for their turn."""
Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Askers:
    """The threads of each platform in a process."""

    def __init__(self) -> None:
        self._of: dict[str, ThreadPoolExecutor] = {}
        self._lock = threading.Lock()

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
                threads = self._of[slug] = ThreadPoolExecutor(AT_ONCE, f"workbench {slug}")
        return threads.submit(question, *args, **kwargs)
