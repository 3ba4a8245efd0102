"""`qingyuan budget`: what tables of a budget say, without a running centre."""

from __future__ import annotations

import argparse

from qingyuan.arguments import Parser
from qingyuan.commands.budget import findings, published, rules

_VERBS = (findings, published, rules)


def run(argv: list[str]) -> int:
    """Answer one verb."""
    parser = Parser("qingyuan budget", "what tables of a budget say")
    verbs = parser.add_subparsers(required=True, parser_class=argparse.ArgumentParser)
    for verb in _VERBS:
        verb.add(verbs)
    given = parser.parse_args(argv)
    return int(given.answer(given))
