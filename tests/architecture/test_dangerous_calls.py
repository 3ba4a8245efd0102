"""What no file of the product calls, so that nothing that is sent to it can be run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.test_rooms import FILES, ROOMS, ROOT, TREES

NEVER_CALLED = {"eval", "exec", "compile", "__import__", "system", "popen", "Markup"}
NEVER_IMPORTED = {"pickle", "marshal", "shelve", "dill", "yaml", "xml", "lxml", "subprocess"}
"""Data that becomes objects or code, parsers that may follow entities, and shells."""
CHANCE = {"edge_agent", "simulators"}
"""Where ``random`` makes pauses and weather, and nothing that must not be guessed."""
HASHES = {"sha256", "blake2b", "blake2s", "file_digest"}
FOR_LINES = {"getLogger", "NullHandler", "INFO", "WARNING", "ERROR", "CRITICAL"}
"""Of ``logging``, by which a line is said and not where."""
OTHER_LOGS = {"logging.config", "logging.handlers", "syslog"}
SCRIPTS = sorted((ROOT / "api").rglob("*.js"))
TEMPLATES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.html"))]
RUNS_TEXT = re.compile(
    r"\beval\(|new Function\(|document\.write|insertAdjacentHTML|outerHTML\s*=|javascript:"
    r"|set(?:Timeout|Interval)\(\s*[\"'`]"
)
INNER = re.compile(r"innerHTML\s*=\s*(.+)")
OF_OUR_OWN = re.compile(r"`[^`]*\$\{(?:MARKS\[|colour\()[^`]*`;")
"""Paths and colours that stand in the script itself."""
PUT_BY_NAME = re.compile(r"\w\[[^\]\d]+\]\s*=(?![=>])|\)\[[^\]]+\]\s*=(?![=>])|__proto__")
NAMED_BY_US = {"form.js": 1}
"""Scripts that put values into objects by names, which the pages' own templates give them."""
STATIC = ROOT / "api" / "web" / "static"
KEEP_FOR_LATER = {
    "duty/drafts.js": {"indexedDB"},
    "duty/writing.js": {"caches"},
    "meetings/kept.js": {"indexedDB", "caches"},
    "service-worker.js": {"indexedDB", "caches"},
}
"""Scripts by which a deputy writes, and people check in to a meeting, without a network. Pages, passes
and lists go with the sign-out; drafts stay, and are shown to the person alone who wrote them, and
so do marks of a desk until they are sent: docs/duty.md.
"""
# A picture is drawn by us out of an address that we made: tests/api/test_second_factor.py.
UNESCAPED = re.compile(
    r"(?<!\{\{ picture )\|\s*safe\b|autoescape\s+false|<script(?![^>]*\bsrc=)[^>]*>"
)


def called(tree: ast.AST) -> Iterator[str]:
    """Names of everything that a file calls by its own name or as an attribute of ``os``."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)):
                yield name
            case ast.Call(func=ast.Attribute(value=ast.Name(id="os" | "markupsafe"), attr=name)):
                yield name


def imported(tree: ast.AST) -> Iterator[str]:
    """Top-level names of its imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


def hashes(tree: ast.AST) -> Iterator[str]:
    """Functions of ``hashlib`` that a file names."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="hashlib"), attr=name):
                yield name


def test_no_file_runs_text_or_a_shell_or_reads_data_that_becomes_code() -> None:
    """Neither by a call nor by a library that does it."""
    for path, tree in TREES.items():
        assert not NEVER_CALLED & set(called(tree)), path
        assert not NEVER_IMPORTED & set(imported(tree)), path


@pytest.mark.parametrize(
    "text", ["eval(x)", "os.system(x)", "import pickle", "from xml.sax import a"]
)
def test_such_a_call_is_known_when_seen(text: str) -> None:
    """Otherwise the test before would pass on anything."""
    tree = ast.parse(text)
    assert NEVER_CALLED & set(called(tree)) or NEVER_IMPORTED & set(imported(tree))


def test_what_must_not_be_guessed_comes_from_the_operating_system() -> None:
    """``secrets`` and ``os.urandom``; the other chance is met in the field alone."""
    users = {
        path.relative_to(ROOT).parts[0] for path in FILES if "random" in imported(TREES[path])
    }
    assert users <= CHANCE


def test_hashes_are_of_the_sha_2_and_blake2_families() -> None:
    """Neither MD5 nor SHA-1, whatever for."""
    found = {name for tree in TREES.values() for name in hashes(tree)}
    assert found <= HASHES


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_makes_no_code_or_markup_out_of_what_it_is_sent(path: Path) -> None:
    """Text goes into a page as text; markup that a script writes is its own."""
    text = path.read_text(encoding="utf-8")
    assert not RUNS_TEXT.search(text)
    assert all(OF_OUR_OWN.fullmatch(value) for value in INNER.findall(text))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_keeps_nothing_in_the_browser_and_hears_no_other_window(path: Path) -> None:
    """Whoever signs out leaves nothing behind, but for what the centre has not got."""
    stored = r"\b(?:localStorage|sessionStorage|indexedDB|caches|postMessage|WebSocket|import\()\b"
    found = set(re.findall(stored, path.read_text(encoding="utf-8")))
    assert found <= KEEP_FOR_LATER.get(path.relative_to(STATIC).as_posix(), set())
    assert "document.cookie" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_puts_nothing_into_an_object_by_a_name_that_it_was_sent(path: Path) -> None:
    """So that no name can reach what all objects share; what goes by such names is a Map."""
    found = PUT_BY_NAME.findall(path.read_text(encoding="utf-8"))
    assert len(found) == NAMED_BY_US.get(path.name, 0)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_escapes_whatever_it_is_given_and_has_no_script_of_its_own(path: Path) -> None:
    """Jinja escapes unless it is told not to."""
    assert not UNESCAPED.search(path.read_text(encoding="utf-8"))


def test_a_cookie_is_given_and_taken_in_one_place() -> None:
    """Prefix, Secure, HttpOnly and SameSite are those of all: tests/api/test_public_address.py."""
    found = {
        str(path.relative_to(ROOT))
        for path, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("set_cookie", "delete_cookie")
    }
    assert found == {"api/web/public_address.py"}


def said_elsewhere(tree: ast.AST) -> Iterator[str]:
    """Ways by which a file gives the log another place."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id="logging"), attr=name) if name not in FOR_LINES:
                yield name
            case ast.Import(names=names):
                yield from (of.name for of in names if of.name in OTHER_LOGS)
            case ast.ImportFrom(module=str(module)) if module in {*OTHER_LOGS, "logging"}:
                yield module
            case ast.Call(func=ast.Attribute(attr="addHandler"), args=[made]) if (
                ast.unparse(made) != "logging.NullHandler()"
            ):
                yield "addHandler"


def test_the_log_has_one_place() -> None:
    """Its lines go where ``qingyuan/logs.py`` says, which nothing but it decides."""
    found = {str(path.relative_to(ROOT)) for path in FILES if any(said_elsewhere(TREES[path]))}
    assert found == {"qingyuan/logs.py"}


@pytest.mark.parametrize(
    "text",
    [
        "logging.FileHandler(x)",
        "log.addHandler(x)",
        "import logging.handlers",
        "from logging import FileHandler",
        "import syslog",
    ],
)
def test_another_place_for_the_log_is_known_when_seen(text: str) -> None:
    """Otherwise the test before would pass on anything."""
    assert any(said_elsewhere(ast.parse(text)))
