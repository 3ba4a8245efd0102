"""Accounts out of a spreadsheet: every fault at once, and nothing by halves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
import xlsxwriter

from api.accounts.enrolment import units
from api.accounts.enrolment.enrolling import enrol_units
from api.tables import ACCOUNT, MEMBERSHIP, ROLE_GRANT
from config.settings import DISTRICTS, Settings
from config.vocabulary.errors import FaultyInput
from ingest.state.database import open_state
from qingyuan.commands.centre import people
from qingyuan.runtime.site import MIGRATIONS

HEAD = ("序号", "姓名", "用户名", "角色", "单位")
CHEN = (1, "陈明", "chenming", "人大代表", "平潮镇代表团")
LI = (2, "李岚", "lilan", "officer", "通州生态环境局")


def sheet(folder: Path, *rows: Sequence[object]) -> Path:
    """A list with a title above its header."""
    path = folder / "people.xlsx"
    with xlsxwriter.Workbook(path) as book:
        found = book.add_worksheet("名单")
        found.write(0, 0, "代表与工作人员名单")
        for number, row in enumerate((HEAD, *rows), start=1):
            found.write_row(number, 0, row)
    return path


def centre(folder: Path) -> Path:
    """A data directory with the units of the demonstration."""
    with closing(open_state(Settings(data_dir=folder))) as state:
        state.migrate(MIGRATIONS)
        enrol_units(state, units.load(DISTRICTS / "tongzhou" / "units.toml"))
    return folder


def known(data: Path) -> dict[str, str]:
    """Name and roles of each account, and its units."""
    query = (
        sa.select(ACCOUNT.c.username, ACCOUNT.c.name, ROLE_GRANT.c.role, MEMBERSHIP.c.unit)
        .join(ROLE_GRANT, ROLE_GRANT.c.username == ACCOUNT.c.username)
        .join(MEMBERSHIP, MEMBERSHIP.c.username == ACCOUNT.c.username)
    )
    with closing(open_state(Settings(data_dir=data))) as state, state.read() as connection:
        rows = connection.execute(query).all()
    return {username: " ".join(rest) for username, *rest in rows}


def test_given_a_list_then_each_person_has_an_account_and_a_first_password(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Roles and units may be written as pages call them."""
    centre(tmp_path)
    assert people.run(["import", str(sheet(tmp_path, CHEN, LI)), "--data", str(tmp_path)]) == 0
    assert known(tmp_path) == {
        "chenming": "陈明 deputy pingchao-delegation",
        "lilan": "李岚 officer environment",
    }
    assert set(json.loads((tmp_path / "passwords.json").read_text())) == {"chenming", "lilan"}
    assert "2 got an account: chenming, lilan" in capsys.readouterr().out


@pytest.mark.parametrize(("more", "kept"), [([], None), (["--keep-factor"], "sealed")])
def test_given_a_reset_then_the_second_factor_goes_unless_it_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], kept: str | None
) -> None:
    """A first password is given either way."""
    centre(tmp_path)
    people.run(["import", str(sheet(tmp_path, CHEN)), "--data", str(tmp_path)])
    with closing(open_state(Settings(data_dir=tmp_path))) as state:
        with state.begin() as connection:
            connection.execute(sa.update(ACCOUNT).values(totp_sealed="sealed"))
        assert people.run(["reset", "chenming", *more, "--data", str(tmp_path)]) == 0
        with state.read() as connection:
            assert connection.scalar(sa.select(ACCOUNT.c.totp_sealed)) == kept
    assert "first password of chenming" in capsys.readouterr().out


def test_given_a_dry_run_then_it_says_what_would_be_and_does_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither account nor password."""
    centre(tmp_path)
    file = sheet(tmp_path, CHEN)
    assert people.run(["import", str(file), "--dry-run", "--data", str(tmp_path)]) == 0
    assert "1 would get an account: chenming" in capsys.readouterr().out
    assert known(tmp_path) == {}
    assert not (tmp_path / "passwords.json").exists()


def test_given_a_list_again_then_who_has_an_account_keeps_it_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where the list has another name or role by now."""
    centre(tmp_path)
    people.run(["import", str(sheet(tmp_path, CHEN)), "--data", str(tmp_path)])
    first = (tmp_path / "passwords.json").read_text()
    other = sheet(tmp_path, (1, "陈明明", "chenming", "officer", "区信访局"), LI)
    people.run(["import", str(other), "--data", str(tmp_path)])
    assert known(tmp_path)["chenming"] == "陈明 deputy pingchao-delegation"
    assert (
        json.loads(first).items() <= json.loads((tmp_path / "passwords.json").read_text()).items()
    )
    assert "1 have one, which stays as it is" in capsys.readouterr().out


def test_given_faults_then_each_is_named_with_row_and_column_and_nobody_gets_an_account(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Four of them in three rows."""
    rows = (
        (2, "王五", "Wang Wu", "人大代表", "平潮镇代表团"),
        (3, "赵六", "chenming", "局长", "平潮镇代表团"),
        (4, "", "sunqi", "deputy", "平潮镇代表团"),
    )
    centre(tmp_path)
    with pytest.raises(FaultyInput):
        people.run(["import", str(sheet(tmp_path, CHEN, *rows)), "--data", str(tmp_path)])
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[2].partition(":")[0].strip() for line in lines] == [
        *("row 4, 用户名", "row 5, 角色", "row 5, 用户名", "row 6, 姓名"),
    ]
    assert all("; " in line for line in lines), "each with its remedy"
    assert known(tmp_path) == {}


def test_given_a_list_without_a_column_then_its_name_is_asked_for(tmp_path: Path) -> None:
    """Before any row is looked at."""
    path = tmp_path / "people.csv"
    path.write_text("姓名,用户名,单位\n陈明,chenming,平潮镇代表团\n", encoding="gb18030")
    with pytest.raises(FaultyInput, match="has no column roles .*; name one 角色 / 身份 / role"):
        people.run(["import", str(path), "--data", str(tmp_path)])
