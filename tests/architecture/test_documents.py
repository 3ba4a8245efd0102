"""README and the pages of docs say of commands, settings, kinds and figures what the code says."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

import config
from alerting.rules.registry import KINDS
from api.roster import ROSTER
from config.map_tiles import MapSettings
from config.settings import (
    AttachmentSettings,
    BrokerSettings,
    ChannelSettings,
    DatabaseSettings,
    ImportSettings,
    NotifySettings,
    OidcSettings,
    Settings,
    SftpSettings,
)
from qingyuan.__main__ import COMMANDS

ROOT = Path(config.__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")]
PAGES += [*(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.md")]
_ROW = re.compile(r"^\| (`.+?) \| ", re.MULTILINE)
_OPTION = re.compile(r"--[a-z][a-z-]+")


def quoted(line: str) -> list[str]:
    """What stands in backticks."""
    return re.findall(r"`([^`]+)`", line)


def commands() -> list[str]:
    """First columns of the table of commands, without its head."""
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    return _ROW.findall(text)[1:]


def helped(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Help of a command, or of a command's command."""
    module = importlib.import_module(f"qingyuan.{COMMANDS[words[0]][0]}")
    with pytest.raises(SystemExit):
        module.run([*words[1:], "--help"])
    return capsys.readouterr().out


def test_every_command_has_a_row_and_no_row_is_of_none() -> None:
    """Also where one row is of two commands."""
    named = {code.split()[0] for row in commands() for code in quoted(row)}
    assert {name for name in named if not name.startswith("[")} == set(COMMANDS)


@pytest.mark.parametrize("row", commands())
def test_the_options_that_a_command_s_row_shows_are_in_its_help(
    row: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a command of commands, in the help of the one that the row names."""
    codes = quoted(row)
    for code in codes:
        if code.startswith("["):
            continue
        words = re.match(r"[a-z]+( [a-z]+)?(?= --| \[| [A-Z]|$)", code)
        command = words[0].split() if words else code.split()[:1]
        options = {
            *_OPTION.findall(code),
            *_OPTION.findall(codes[-1] if codes[-1][0] == "[" else ""),
        }
        if options:
            missing = options - set(_OPTION.findall(helped(command, capsys)))
            assert not missing, f"{' '.join(command)}: {missing}"


def test_every_setting_has_a_row_with_its_default() -> None:
    """Beside those of the tables, of which that of channels has several."""
    known = {name: getattr(Settings(), name) for name in get_type_hints(Settings)}
    for table in (
        "broker",
        "catalogue",
        "oidc",
        "notify",
        "channel",
        "attachments",
        "imports",
        "map",
    ):
        del known[table]
    known["imports.folder"] = ImportSettings().folder
    known |= {
        f"{table}.{name}": getattr(kind(), name)
        for table, kind in (
            ("broker", BrokerSettings),
            ("oidc", OidcSettings),
            ("notify", NotifySettings),
            ("attachments", AttachmentSettings),
            ("map", MapSettings),
        )
        for name in get_type_hints(kind)
    }
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    text, _, channels = page.partition("## Channels")
    channels, _, of_imports = channels.partition("## Tables of offices")
    cells = [line.split("|") for line in text.splitlines() if line.startswith("| `")]
    rows = {name.strip(" `"): default.strip(" `") for _, name, default, *_ in cells}
    assert rows.pop("catalogue")
    assert rows == {name: str(value) for name, value in known.items()}
    first = [line.split("|")[1] for line in channels.splitlines() if line.startswith("| `")]
    assert quoted(" ".join(first)) == list(get_type_hints(ChannelSettings))
    first = [line.split("|")[1] for line in of_imports.splitlines() if line.startswith("| `")]
    named = [*get_type_hints(SftpSettings), *get_type_hints(DatabaseSettings)]
    assert quoted(" ".join(first)) == named


def test_readme_names_the_kinds_of_rules_the_stores_the_languages_and_the_platforms_that_stand() -> (
    None
):
    """Neither more nor fewer."""
    (kinds,) = re.findall(r"Kinds: (.+?);", README)
    assert set(quoted(kinds)) == set(KINDS)
    (stores,) = re.findall(r"Readings lie in (.+?) \(", README)
    assert set(quoted(stores)) == set(get_args(get_type_hints(Settings)["store"]))
    assert "All five platforms stand:" in README
    assert sum(each.folder.parent == ROOT / "api" / "platforms" for each in ROSTER) == 5
    (languages,) = re.findall(r"The pages speak: (.+?)\.\n", README)
    files = (ROOT / "config" / "data" / "words").glob("*.toml")
    assert set(languages.split(", ")) == {path.name.split(".")[0] for path in files}


def test_a_figure_of_readme_stands_on_the_page_that_it_links_to() -> None:
    """With the circumstances in which it was measured."""
    trust = README.partition("## Why trust it")[2].partition("## ")[0]
    for claim in trust.split("\n- "):
        for figure in re.findall(r"(?<![\w.])\d+(?:,\d+)*(?![\w-])", claim):
            if "GB " + figure in claim or "HJ " + figure in claim:
                continue
            (linked,) = re.findall(r"\]\((docs/[\w/]+\.md)\)", claim)
            assert figure in (ROOT / linked).read_text(encoding="utf-8"), (figure, linked)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_link_of_a_page_leads_to_something(page: Path) -> None:
    """A file of the repository, and the heading in it."""
    for target, anchor in re.findall(
        r"\]\((?!https?:)([^)#]*)(?:#([\w-]+))?\)", page.read_text("utf-8")
    ):
        found = (page.parent / target).resolve() if target else page
        assert found.exists(), target
        if anchor:
            heads = re.findall(r"^#+ (.+)$", found.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {
                re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads
            }
