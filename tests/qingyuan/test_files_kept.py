"""Backup, restore and check of the files that people attach, and of tables that were imported."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from api.audit import Actor
from api.files.contents import Contents
from api.files.receiving import Receiver
from api.files.repository import Files
from api.imports.contents import Contents as TableContents
from api.imports.repository import Loads
from api.ports import Reference
from config.settings import AttachmentSettings, Settings
from config.vocabulary.errors import Refused
from qingyuan.commands.records import backup as backup_command
from qingyuan.commands.records import files as files_command
from qingyuan.commands.records import restore as restore_command
from qingyuan.runtime.site import SiteResources, files_of, opened
from tests.files.conftest import word

TEXTS = ("一", "二", "三")


@pytest.fixture(autouse=True)
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A restored centre has the key of its site."""
    monkeypatch.setenv("QINGYUAN_KEY_FILE", str(tmp_path / "site.key"))


@pytest.fixture
def first(tmp_path: Path) -> Settings:
    """A centre with three files, the last of them removed from its thing."""
    settings = Settings(data_dir=tmp_path / "first")
    with opened(settings) as resources:
        for text in TEXTS:
            attached(resources, text)
        files = Files(resources.shared.state, Contents(files_of(settings)))
        with resources.shared.state.begin() as connection:
            files.remove(connection, len(TEXTS), Actor("a"), 2, "传错了")
    return settings


def attached(resources: SiteResources, text: str) -> str:
    """A file at a note; its hash."""
    contents = Contents(files_of(resources.shared.settings))
    receiver = Receiver(contents, AttachmentSettings(), lambda: 1)
    stored = receiver.received(f"{text}.docx", io.BytesIO(word(text)))
    files = Files(resources.shared.state, contents)
    with resources.shared.state.begin() as connection:
        files.attach(connection, Reference("toy", "note", text), stored, Actor("a"), 1)
    return stored.sha256


def kept(settings: Settings) -> dict[str, bytes]:
    """The contents by their hashes."""
    contents = Contents(files_of(settings))
    return {of: contents.path(of).read_bytes() for of in contents.hashes()}


def checked(settings: Settings) -> int:
    """The status of the command that checks."""
    return files_command.run(["check", "--data", str(settings.data_dir)])


def test_given_files_when_a_backup_is_restored_then_every_content_is_there_again(
    first: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Those that were removed lately too; whatever was never kept stays behind."""
    (files_of(first) / "coming").mkdir(exist_ok=True)
    (files_of(first) / "coming" / "half").write_bytes(b"half")
    backup = str(tmp_path / "backup")
    assert backup_command.run([backup, "--data", str(first.data_dir)]) == 0
    assert not list((tmp_path / "backup" / "files").glob("coming/*"))
    second = Settings(data_dir=tmp_path / "second")
    assert restore_command.run([backup, "--data", str(second.data_dir)]) == 0
    assert kept(second) == kept(first)
    assert len(kept(second)) == len(TEXTS)
    capsys.readouterr()
    assert checked(second) == 0
    assert capsys.readouterr().out == "3 files, 0 not as they came\n"


def test_given_a_content_that_is_missing_and_one_that_changed_then_each_is_named(
    first: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the check, by the backup, whose status is 1, and by the restore; the rest goes on."""
    contents = Contents(files_of(first))
    with opened(first) as resources:
        files = Files(resources.shared.state, contents)
        with resources.shared.state.read() as connection:
            found = [files.one(connection, of) for of in (1, 2)]
    missing, changed = (of.sha256 for of in found if of)
    contents.path(missing).unlink()
    contents.path(changed).write_bytes(b"other")
    said = {
        f"file {missing} is missing: 一.docx (toy/note/一)",
        f"file {changed} was changed: 二.docx (toy/note/二)",
    }
    assert checked(first) == 1
    assert set(capsys.readouterr().out.splitlines()) == {*said, "3 files, 2 not as they came"}
    backup = str(tmp_path / "backup")
    assert backup_command.run([backup, "--data", str(first.data_dir)]) == 1
    lacking = {f"not in the backup: {of}" for of in said}
    assert lacking <= set(capsys.readouterr().out.splitlines())
    second = Settings(data_dir=tmp_path / "second")
    assert restore_command.run([backup, "--data", str(second.data_dir)]) == 0
    assert {of.replace("was changed", "is missing") for of in lacking} <= set(
        capsys.readouterr().out.splitlines()
    )
    assert len(kept(second)) == 1


def test_given_a_backup_whose_file_was_changed_then_nothing_of_it_is_taken(
    first: Settings, tmp_path: Path
) -> None:
    """As with every other part of it."""
    backup = tmp_path / "backup"
    backup_command.run([str(backup), "--data", str(first.data_dir)])
    (one, *_) = sorted((backup / "files").glob("??/*"))
    one.write_bytes(b"other")
    with pytest.raises(Refused, match="is not as it was written"):
        restore_command.run([str(backup), "--data", str(tmp_path / "second")])


def test_given_a_backup_of_before_there_were_files_then_it_is_restored(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It has no such folder."""
    first, second = (Settings(data_dir=tmp_path / of) for of in ("first", "second"))
    with opened(first):
        pass
    backup = tmp_path / "backup"
    assert backup_command.run([str(backup), "--data", str(first.data_dir)]) == 0
    assert not (backup / "files").exists()
    assert restore_command.run([str(backup), "--data", str(second.data_dir)]) == 0
    assert "not in the backup" not in capsys.readouterr().out
    assert checked(second) == 0


def imported(resources: SiteResources, text: str) -> str:
    """A table that was sent; its hash."""
    loads = Loads(resources.shared.state)
    contents = TableContents.beside(files_of(resources.shared.settings))
    stored = contents.keep(io.BytesIO(text.encode()))
    with resources.shared.state.begin() as connection:
        loads.add(
            connection, kind="toy.payments", source="财政局", file=f"{text}.csv",
            sha256=stored.sha256, size=stored.size, by="a", at_ms=1,
        )  # fmt: skip
    return stored.sha256


def test_given_imported_tables_when_a_backup_is_restored_then_their_contents_are_there_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rows on their way and half contents stay behind; one that is missing is named each time."""
    first, second = (Settings(data_dir=tmp_path / of) for of in ("first", "second"))
    folder = tmp_path / "first" / "imports"
    with opened(first) as resources:
        whole, missing = (imported(resources, text) for text in ("一月", "二月"))
    (folder / missing).unlink()
    (folder / "1.rows").write_bytes(b"rows")
    (folder / "half.half").write_bytes(b"half")
    said = f"table {missing} is missing: 二月.csv (toy.payments/财政局)"
    assert checked(first) == 1
    assert capsys.readouterr().out.splitlines() == [said, "2 files, 1 not as they came"]
    backup = str(tmp_path / "backup")
    assert backup_command.run([backup, "--data", str(first.data_dir)]) == 1
    assert restore_command.run([backup, "--data", str(second.data_dir)]) == 0
    assert capsys.readouterr().out.count(f"not in the backup: {said}") == 2
    (brought,) = (tmp_path / "second" / "imports").iterdir()
    assert (brought.name, brought.read_text()) == (whole, "一月")


def test_given_a_folder_that_is_none_then_the_check_says_so(tmp_path: Path) -> None:
    """Rather than that all of no files are right."""
    with pytest.raises(Refused, match="is not there; name the core's data directory"):
        checked(Settings(data_dir=tmp_path / "none"))
