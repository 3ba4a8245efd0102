"""Whoever does something at the command line of the centre's machine stands in the audit."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa

from api import audit
from api.accounts.enrolment.enrolling import enrol
from api.accounts.enrolment.people import Newcomer
from api.accounts.repositories.sessions import OpenSession, Sessions
from api.audit import OPERATOR
from api.tables import SESSION
from config import site_key
from config.settings import Settings
from config.vocabulary.errors import QingyuanError
from ingest.state.database import State, open_state
from qingyuan.commands.centre import people
from qingyuan.commands.records import audit as audit_command
from qingyuan.commands.records import backup, export, importing, rejudge, restore
from qingyuan.commands.station import config
from qingyuan.maintenance.tasks import TASKS
from qingyuan.runtime import passwords
from qingyuan.runtime.admin import listening
from qingyuan.runtime.site import MIGRATIONS, opened
from tests.api import audit_hands
from tests.conftest import free_port

STATION = "tonglv-jinsha"
Row = tuple[str, str, str]


@contextmanager
def state_of(data: Path) -> Iterator[State]:
    """The state database of a data directory."""
    with closing(open_state(Settings(data_dir=data))) as state:
        state.migrate(MIGRATIONS)
        yield state


def deeds(data: Path) -> list[Row]:
    """Who did what to what, from the first on."""
    with state_of(data) as state:
        return [(row.who, row.action, row.subject) for row in audit.search(state)][::-1]


def mine(*of: tuple[str, str]) -> list[Row]:
    """Rows of whoever runs the tests."""
    return [(OPERATOR.who, *row) for row in of]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data directory."""
    folder = tmp_path / "data"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside a core"])
def test_given_commands_on_records_then_each_stands_in_the_audit_by_who_gave_it(
    data: Path, tmp_path: Path, beside: bool
) -> None:
    """Also where a running core does them; and that one did not end well."""
    file = tmp_path / "in.csv"
    with file.open("w") as out:
        csv.writer(out).writerows(
            [["time", "DO"], ["2026-03-01 00:00", 9], ["2026-03-01 01:00", 8]]
        )
    days = ["--from", "2026-03-01", "--data", str(data)]

    def given() -> None:
        where = [str(file), "--data", str(data), "--station", STATION, "--time", "time"]
        importing.run([*where, "--map", "DO=w01009"])
        export.run([str(tmp_path / "out.csv"), "--station", STATION, *days])
        rejudge.run([STATION, *days, "--apply"])
        backup.run([str(tmp_path / "backup"), "--data", str(data)])
        with pytest.raises(QingyuanError, match="is there already"):
            backup.run([str(tmp_path / "backup"), "--data", str(data)])

    if beside:
        with opened(Settings(data_dir=data)) as resources, listening(resources, TASKS):
            given()
    else:
        given()
    folder = f"backup {tmp_path / 'backup'}"[:100]
    assert deeds(data) == mine(
        ("command.given", f"import {STATION}"),
        ("command.given", f"export {STATION}"),
        ("command.given", f"rejudge {STATION}"),
        ("command.given", folder),
        ("command.given", folder),
        ("command.failed", folder),
    )


def test_given_a_list_of_people_then_each_new_account_stands_in_the_audit(
    data: Path, tmp_path: Path
) -> None:
    """Once: whoever had one keeps it."""
    file = tmp_path / "people.csv"
    file.write_text("username,name,role,unit\nlilan,李岚,officer,\n", encoding="utf-8")
    for _ in range(2):
        assert people.run(["import", str(file), "--data", str(data)]) == 0
    assert deeds(data) == mine(("person.create", "lilan"))


def test_given_a_configuration_that_is_sent_then_it_stands_in_the_audit(
    data: Path, tmp_path: Path
) -> None:
    """Before it is sent, so that none goes out without."""
    with state_of(data):
        pass
    settings = tmp_path / "settings.toml"
    settings.write_text(f'data_dir = "{data}"\n[broker]\nport = {free_port()}\n', encoding="utf-8")
    with pytest.raises(QingyuanError):
        config.run(["push", STATION, "--settings", str(settings), "--wait", "0"])
    assert deeds(data) == mine(("command.config", STATION))


def test_given_an_audit_that_is_broken_when_it_is_verified_then_that_stands_in_it(
    data: Path,
) -> None:
    """Whoever looked knew of it from then on."""
    key = site_key.load(Settings(data_dir=data)).of("audit")
    with state_of(data) as state:
        audit_hands.chained(state, 3, key)
        audit_hands.change(state, audit_hands.ids(state)[1], who="somebody else")
    assert audit_command.run(["verify", "--data", str(data)]) == 1
    assert deeds(data)[-1][:2] == (OPERATOR.who, "audit.broken")


def test_given_a_stolen_backup_with_sessions_when_it_is_restored_then_none_of_them_stands(
    data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """And first passwords are in no backup; that it was restored stands in its audit."""
    settings = Settings(data_dir=data)
    with opened(settings) as resources:
        state = resources.shared.state
        drawn = passwords.drawn(["lilan"], data)
        enrol(state, [Newcomer("lilan", "李岚")], drawn, 0)
        with state.begin() as connection:
            one = OpenSession("a" * 64, "lilan", "", "password", "", "", 1, 1, 1 << 40, 1 << 50)
            Sessions(state).open(connection, one)
    folder = tmp_path / "backup"
    assert backup.run([str(folder), "--data", str(data)]) == 0
    assert (data / passwords.FILE).is_file()
    assert not list(folder.rglob(passwords.FILE))

    monkeypatch.setenv("QINGYUAN_KEY_FILE", str(site_key.key_path(settings)))
    second = tmp_path / "second"
    assert restore.run([str(folder), "--data", str(second)]) == 0
    assert "all sessions have ended" in capsys.readouterr().out
    with state_of(second) as state, state.read() as connection:
        assert connection.execute(sa.select(SESSION)).all() == []
    assert deeds(second)[-1][:2] == (OPERATOR.who, "command.restore")
