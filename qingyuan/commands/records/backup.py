"""`qingyuan backup`: everything of a site into a folder, while the centre runs."""

from __future__ import annotations

from pathlib import Path

from qingyuan.arguments import Parser, add_settings, configured


def run(argv: list[str]) -> int:
    """Write a backup."""
    from qingyuan.maintenance import tasks

    parser = Parser("qingyuan backup", "everything into a folder, while the centre runs")
    parser.add_argument("folder", type=Path, help="is made; must not be there yet")
    add_settings(parser)
    given = parser.parse_args(argv)
    return tasks.run("backup", {"folder": str(given.folder.absolute())}, configured(given))
