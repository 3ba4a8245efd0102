"""`qingyuan documents`: what normative documents say, without a running centre."""

from __future__ import annotations

import argparse

from qingyuan.arguments import Parser
from qingyuan.commands.documents import articles, check, citations, diff

_VERBS = (articles, diff, citations, check)


def run(argv: list[str]) -> int:
    """Answer one verb."""
    parser = Parser("qingyuan documents", "what normative documents say")
    verbs = parser.add_subparsers(required=True, parser_class=argparse.ArgumentParser)
    for verb in _VERBS:
        verb.add(verbs)
    given = parser.parse_args(argv)
    return int(given.answer(given))
