"""The front door finds a command's file, and says in one line what a person can put right."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from config.vocabulary.errors import Fault, FaultyInput, Refused
from qingyuan.__main__ import COMMANDS, main

ROOT = Path(__file__).parents[2]

Open = Callable[..., int]


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[list[str]], int]], None]:
    """Let `qingyuan check` do what a test wants."""

    def _given(run: Callable[[list[str]], int]) -> None:
        command = ModuleType("qingyuan.commands.centre.check")
        vars(command)["run"] = run
        monkeypatch.setitem(sys.modules, "qingyuan.commands.centre.check", command)

    return _given


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Open:
    """Type a command line; the answer is its exit status."""

    def _typed(*words: str) -> int:
        monkeypatch.setattr(sys, "argv", ["qingyuan", *words])
        return main()

    return _typed


def test_what_a_command_writes_is_nobody_elses(
    given: Callable[[Callable[[list[str]], int]], None], typed: Open, tmp_path: Path
) -> None:
    """Whatever the user's own umask is."""
    os.umask(0o022)

    def writes(_: list[str]) -> int:
        (tmp_path / "folder").mkdir()
        (tmp_path / "folder" / "file").write_text("kept")
        return 0

    given(writes)
    assert typed("check") == 0
    modes = [(tmp_path / of).stat().st_mode & 0o777 for of in ("folder", "folder/file")]
    assert modes == [0o700, 0o600]


def raising(error: BaseException) -> Callable[[list[str]], int]:
    """Return a command that fails."""

    def _run(_: list[str]) -> int:
        raise error

    return _run


@pytest.mark.parametrize("words", [(), ("--help",), ("-h",)])
def test_without_a_command_the_commands_are_listed(
    words: tuple[str, ...], typed: Open, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each with its purpose, and that is no mistake."""
    assert typed(*words) == 0
    said, complaints = capsys.readouterr()
    assert complaints == ""
    for command, (_, purpose) in COMMANDS.items():
        assert any(command in line and purpose in line for line in said.splitlines())


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_has_a_file_of_its_own(command: str) -> None:
    """Below the room of those who use it."""
    assert (ROOT / "qingyuan" / f"{COMMANDS[command][0].replace('.', '/')}.py").is_file()


@pytest.mark.parametrize("word", ["nonsense", "assembly", "__main__", "../demo", "", "--version"])
def test_only_commands_can_be_typed(
    word: str, typed: Open, capsys: pytest.CaptureFixture[str]
) -> None:
    """Other files of the room are not to be reached."""
    assert typed(word) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"qingyuan: command: unknown {word!r}; use one of demo, serve")


def test_a_command_gets_its_arguments_and_its_answer_is_the_status(
    given: Callable[..., None], typed: Open
) -> None:
    """`demo` for one answers with the number of lost samples."""
    heard: list[str] = []

    def seven(argv: list[str]) -> int:
        heard.extend(argv)
        return 7

    given(seven)
    assert typed("check", "folder", "--help") == 7
    assert heard == ["folder", "--help"]


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (Refused("port 8000", "is taken", "choose --port"), "port 8000: is taken; choose --port"),
        (FaultyInput([Fault("a", "b", "c"), Fault("d", "e", "f")]), "a: b; c (and 1 more)"),
    ],
)
def test_what_a_person_can_put_right_is_said_in_one_line(
    error: Exception,
    line: str,
    given: Callable[..., None],
    typed: Open,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """On stderr, with status 2."""
    given(raising(error))
    assert typed("check") == 2
    assert capsys.readouterr() == ("", f"qingyuan: {line}\n")


def test_a_missing_library_names_the_extra_that_brings_it(
    given: Callable[..., None], typed: Open, capsys: pytest.CaptureFixture[str]
) -> None:
    """The box on the pole has only the edge's libraries."""
    given(raising(ModuleNotFoundError("No module named 'duckdb'", name="duckdb")))
    assert typed("check") == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("qingyuan: check: needs the library duckdb; install ")


def test_a_hole_in_our_own_rooms_is_not_covered_up(
    given: Callable[..., None], typed: Open
) -> None:
    """No extra would fill it."""
    given(raising(ModuleNotFoundError("No module named 'ingest.gone'", name="ingest.gone")))
    with pytest.raises(ModuleNotFoundError):
        typed("check")


def test_an_error_of_ours_is_not_dressed_up(given: Callable[..., None], typed: Open) -> None:
    """A fault in the code keeps its traceback."""
    given(raising(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        typed("check")


def test_an_interrupt_ends_quietly(
    given: Callable[..., None], typed: Open, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the shell's own status for it."""
    given(raising(KeyboardInterrupt()))
    assert typed("check") == 130
    assert capsys.readouterr() == ("", "")


def test_it_opens_as_a_module_and_imports_nothing_but_what_is_asked_for() -> None:
    """`python -m qingyuan standard` stays light."""
    look = (
        "import runpy, sys; sys.argv = ['qingyuan', '--help']\n"
        "try: runpy.run_module('qingyuan', run_name='__main__')\n"
        "except SystemExit as end: assert end.code == 0\n"
        "heavy = {'duckdb', 'fastapi', 'sqlalchemy', 'amqtt', 'pymodbus', 'paho', 'numpy'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", look], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: qingyuan COMMAND")
