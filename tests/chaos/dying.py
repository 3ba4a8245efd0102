"""Named points of the path at which a process kills itself."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable


def killer(spec: str) -> Callable[[str], None]:
    """A failpoint that sends SIGKILL to its own process at the n-th passing of a point; ``spec``
    is "point:count" or "none".
    """
    point, _, count = spec.partition(":")
    seen: Counter[str] = Counter()

    def pass_by(name: str) -> None:
        seen[name] += 1
        if name == point and seen[name] == int(count):
            os.kill(os.getpid(), signal.SIGKILL)

    return pass_by
