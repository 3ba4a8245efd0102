"""Limits that a child process sets itself before it reads a stranger's file."""

from __future__ import annotations

import resource
from contextlib import suppress
from pathlib import Path


def limit_this_process(*, memory_bytes: int, cpu_s: int, written_bytes: int) -> None:
    """For good: beyond memory it fails, beyond the others the kernel ends it."""
    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, written_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    with suppress(OSError):  # where memory runs out we go first, and not the server
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
