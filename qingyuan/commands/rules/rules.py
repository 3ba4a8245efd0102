"""`qingyuan rules test`: runs the small tests that rule files carry."""

from __future__ import annotations

from pathlib import Path

from qingyuan.arguments import Parser


def run(argv: list[str]) -> int:
    """Say of each test whether it holds; 1 where one does not."""
    from alerting.backtest.rule_tests import tested

    parser = Parser("qingyuan rules", "the small tests that rule files carry")
    parser.add_argument("what", choices=["test"])
    parser.add_argument("files", nargs="+", type=Path, metavar="RULES.toml")
    failed = count = 0
    for file in parser.parse_args(argv).files:
        for result in tested(file):
            count += 1
            failed += bool(result.differs)
            print(f"{'FAILED' if result.differs else 'ok':6}  {file.name}  {result.name}")
            for line in result.differs:
                print(f"        {line}")
    print(f"{count} tests, {failed} failed")
    return 1 if failed else 0
