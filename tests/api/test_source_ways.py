"""Ways by which tables come: what is taken from a folder, a server, a view, and what never is."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from api.imports.sources.records import Seen, Terms, Way
from api.imports.sources.ways import sftp
from api.imports.sources.ways.offers import Offer, Unreached, ready
from api.imports.sources.ways.opening import check, way_of
from api.imports.sources.ways.view import engine_of
from api.roster import ROSTER
from api.shape import Platform
from config.settings import DatabaseSettings, ImportSettings, SftpSettings
from config.vocabulary.time import MINUTE_MS
from tests.api.conftest import NOW_MS, RunningCentre
from tests.api.source_hands import HEAD, NOVEMBER, Round, lies, registered
from tests.api.toy.manifest import PLATFORM as TOY
from tests.conftest import Postgres, free_port, need, wait_until

SSH_KEYGEN = "ssh-keygen"


@pytest.fixture
def roster() -> tuple[Platform, ...]:
    """With a platform that takes payments in."""
    return (*ROSTER, TOY)


def terms(way: Way, remote: str, server: str = "") -> Terms:
    """Of a source that comes by a way."""
    return Terms(
        unit="environment", username="", due_amount=10, due_unit="working-day", way=way,
        server=server, remote=remote,
    )  # fmt: skip


def names(settings: ImportSettings, remote: str) -> list[str]:
    """The files that a watched folder offers."""
    with way_of(settings, terms("folder", remote)) as way:
        return [offer.name for offer in way.offers()]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Below which folders are watched."""
    found = tmp_path / "watched"
    found.mkdir()
    return found


def test_given_links_and_files_that_are_no_files_then_a_folder_offers_none_of_them(
    root: Path, tmp_path: Path
) -> None:
    """Nor hidden and unfinished ones; a folder inside stays."""
    folder = root / "guoku"
    secret = lies(tmp_path, "secret.csv", "秘密")
    lies(folder, "a.csv", NOVEMBER)
    for name in (".b.csv", "b.csv.part", "c.csv.tmp", "d.csv~"):
        lies(folder, name, NOVEMBER)
    (folder / "link.csv").symlink_to(secret)
    os.link(secret, folder / "hard.csv")
    os.mkfifo(folder / "pipe.csv")
    (folder / "done").mkdir()
    assert names(ImportSettings(folder=str(root)), "guoku") == ["a.csv"]


@pytest.mark.parametrize("remote", ["..", "../watched", "a/b", "/etc", "", ".x", "a\0b"])
def test_given_a_path_instead_of_a_name_then_no_folder_is_opened(root: Path, remote: str) -> None:
    """Whatever the register says."""
    with (
        pytest.raises(Unreached) as refused,
        way_of(ImportSettings(folder=str(root)), terms("folder", remote)),
    ):
        pass
    assert refused.value.key == "folder-name"


def test_given_a_folder_that_is_a_link_then_it_is_refused(root: Path, tmp_path: Path) -> None:
    """Also where only done would lead out."""
    settings = ImportSettings(folder=str(root))
    outside = tmp_path / "outside"
    outside.mkdir()
    (root / "guoku").symlink_to(outside)
    with pytest.raises(Unreached):
        names(settings, "guoku")
    (root / "guoku").unlink()
    lies(root / "guoku", "a.csv", NOVEMBER)
    (root / "guoku" / "done").symlink_to(outside)
    with way_of(settings, terms("folder", "guoku")) as way, pytest.raises(Unreached):
        way.settle(way.offers()[0], "loaded", "")
    assert (root / "guoku" / "a.csv").exists()
    assert list(outside.iterdir()) == []


def test_given_a_file_that_became_a_link_after_it_was_listed_then_it_is_not_read(
    root: Path, tmp_path: Path
) -> None:
    """Nor one that is written to meanwhile."""
    path = lies(root / "guoku", "a.csv", NOVEMBER)
    with way_of(ImportSettings(folder=str(root)), terms("folder", "guoku")) as way:
        (offer,) = way.offers()
        path.unlink()
        path.symlink_to(lies(tmp_path, "secret.csv", NOVEMBER))
        with pytest.raises(Unreached):
            list(way.content(offer))
        path.unlink()
        lies(root / "guoku", "a.csv", NOVEMBER + "9")
        with pytest.raises(Unreached) as refused:
            list(way.content(offer))
    assert refused.value.key == "writing"


def test_given_a_file_that_grows_then_it_waits_until_it_stands_still_for_a_turn() -> None:
    """One that was taken is not taken again, until it changes."""
    first = [Offer("a.csv", 10, 1)]
    found, seen = ready(first, {})
    assert (found, seen) == ([], {"a.csv": Seen(10, 1)})
    grown = [Offer("a.csv", 20, 2)]
    found, seen = ready(grown, seen)
    assert found == []
    found, seen = ready(grown, seen)
    assert found == grown
    found, _ = ready(grown, {"a.csv": Seen(20, 2, taken=True)})
    assert found == []
    assert ready([], seen) == ([], {})


@dataclass(frozen=True)
class Server:
    """A real sshd with a folder, and what the settings have to say of it."""

    folder: Path
    settings: SftpSettings

    def imports(self, **changes: object) -> ImportSettings:
        """Settings that name it."""
        return ImportSettings(
            sftp={"caizheng": SftpSettings(**(fields(self.settings) | changes))}  # type: ignore[arg-type]
        )


def fields(settings: SftpSettings) -> dict[str, object]:
    """Settings of a server by name."""
    return {name: getattr(settings, name) for name in settings.__struct_fields__}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """An office's server, whose user has a key."""
    sshd = need(shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin") or "sshd")
    own, port = tmp_path_factory.mktemp("sshd"), free_port()
    own.chmod(0o700)
    for name in ("host", "user", "stranger"):
        command = [SSH_KEYGEN, "-q", "-t", "ed25519", "-N", "", "-f", str(own / name)]
        subprocess.run(command, check=True)
    (own / "authorized").write_text((own / "user.pub").read_text())
    (own / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {own}/host\nPidFile {own}/pid\n"
        f"AuthorizedKeysFile {own}/authorized\nPasswordAuthentication no\nStrictModes no\n"
        "UsePAM no\nSubsystem sftp internal-sftp\n"
    )
    Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    with (own / "log").open("w") as log:
        process = subprocess.Popen([sshd, "-D", "-e", "-f", str(own / "config")], stderr=log)
    out = own / "out"
    out.mkdir()
    try:
        wait_until(lambda: answers(port))
        shown = subprocess.run(
            [SSH_KEYGEN, "-lf", str(own / "host.pub")], check=True, capture_output=True, text=True
        ).stdout.split()[1]
        user = os.environ.get("USER") or "root"
        yield Server(
            out,
            SftpSettings(
                "127.0.0.1", user, shown, (str(out),), port=port, key_file=str(own / "user")
            ),
        )
    finally:
        process.terminate()
        process.wait()


def answers(port: int) -> bool:
    """Whether something listens."""
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_given_a_server_then_its_files_are_read_and_nothing_is_changed_there(
    server: Server,
) -> None:
    """Plain files of the folder that the settings list."""
    lies(server.folder, "支付.csv", NOVEMBER)
    lies(server.folder, "half.csv.part", "x")
    (server.folder / "link.csv").symlink_to("/etc/passwd")
    (server.folder / "sub").mkdir()
    way_terms = terms("sftp", str(server.folder), "caizheng")
    assert check(server.imports(), way_terms) == 1
    with way_of(server.imports(), way_terms) as way:
        (offer,) = way.offers()
        assert b"".join(way.content(offer)).decode() == NOVEMBER
        assert not way.settle(offer, "loaded", "")
    assert (server.folder / "支付.csv").exists()


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"fingerprint": f"SHA256:{'A' * 43}"}, "fingerprint"),
        ({"folders": ("/other",)}, "unlisted"),
        ({"key_file": "stranger"}, "user"),
        ({"key_file": "/nowhere"}, "secret"),
        ({"key_file": "", "password_file": "authorized"}, "user"),
        ({"port": 1}, "silent"),
    ],
)
def test_given_a_server_that_is_not_as_the_settings_say_then_it_is_refused_and_why_is_said(
    server: Server, changes: dict[str, object], key: str
) -> None:
    """Another host key before anything of ours is shown."""
    folder = server.folder.parent
    files = {"stranger": str(folder / "stranger"), "authorized": str(folder / "authorized")}
    given = {name: files.get(str(of), of) for name, of in changes.items()}
    with pytest.raises(Unreached) as refused:
        check(server.imports(**given), terms("sftp", str(server.folder), "caizheng"))
    assert refused.value.key == key
    assert "ssh-ed25519" not in str(refused.value)


def test_given_a_server_that_says_nothing_then_it_is_given_up_in_time(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that takes the connection and is silent."""
    monkeypatch.setattr(sftp, "ANSWERS_S", 0.3)
    with closing(socket.socket()) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(Unreached) as refused:
            port = silent.getsockname()[1]
            check(server.imports(port=port), terms("sftp", str(server.folder), "caizheng"))
    assert refused.value.key == "silent"


@pytest.fixture
def core(centre: RunningCentre, roster: tuple[Platform, ...], tmp_path: Path) -> Round:
    """The jobs, and pages with their settings."""
    return Round(centre, roster, ImportSettings(folder=str(tmp_path / "watched")))


def has(core: Round, settings: ImportSettings) -> None:
    """Give a site settings."""
    core.settings = settings
    core.centre.services = replace(core.centre.services, imports=settings)


def test_given_a_server_when_a_file_lies_there_then_it_is_taken_once(
    core: Round, server: Server, request: pytest.FixtureRequest
) -> None:
    """Every ten minutes; a file that changes is taken again. A problem is kept until it is over."""
    for path in server.folder.iterdir():
        path.rmdir() if path.is_dir() else path.unlink()
    has(core, server.imports())
    officer: httpx.Client = request.getfixturevalue("officer")
    source = registered(
        officer, way="sftp", server="sftp/caizheng", remote=str(server.folder)
    )  # fmt: skip
    lies(server.folder, "a.csv", NOVEMBER)
    core.goes(12)
    assert core.outcomes(source) == ["loaded"]
    core.goes(10)
    assert core.outcomes(source) == ["loaded"]
    lies(server.folder, "a.csv", NOVEMBER + "003,卫健委,医药公司,2026-11-30,1\n")
    core.goes(25)
    assert core.outcomes(source) == ["loaded", "loaded"]
    answer = officer.post(f"/imports/sources/{source}/check")
    assert "连接成功，看到 1 份" in answer.text

    has(core, server.imports(fingerprint=f"SHA256:{'A' * 43}"))
    core.goes(25)
    assert core.outcomes(source) == ["loaded", "loaded", "unreached"]
    assert "已拒绝" in core.source(source).problem
    assert "已拒绝" in officer.get(f"/imports/sources/{source}").text
    has(core, server.imports())
    core.goes(12)
    assert core.source(source).problem == ""


VIEW = """
create table paid (number text, unit text, payee text, day date, amount numeric(12, 2));
insert into paid values ('001', '教体局', '新华书店', '2026-11-05', 1200.50);
insert into paid values ('002', '教体局', '建工,集团', '2026-11-30', 80000);
create view zhifu as select number as "支付凭证号", unit as "预算单位", payee as "收款人",
    day as "支付日期", amount as "支付金额" from paid;
"""
EXPECTED = f"{HEAD}\n001,教体局,新华书店,2026-11-05,1200.5"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(
    request: pytest.FixtureRequest, postgres: Postgres, tmp_path: Path
) -> tuple[str, str]:
    """An office's database: its URL, and a statement in it that takes for ever."""
    statements = [of for of in VIEW.split(";") if of.strip()]
    if request.param == "sqlite":
        path = tmp_path / "office.sqlite"
        with closing(sqlite3.connect(path)) as connection:
            for statement in statements:
                connection.execute(statement)
            slow = "with recursive n(x) as (select 1 union all select x + 1 from n)"
            connection.execute(f"create view slow as {slow} select count(*) as x from n")
            connection.commit()
        return f"sqlite:///{path}", "slow"
    url = postgres.database()
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("create view slow as select pg_sleep(60)::text as x")
    engine.dispose()
    return url, "slow"


def of_database(url: str, timeout_s: int = 60) -> ImportSettings:
    """Settings that name it."""
    return ImportSettings(database={"caizheng": DatabaseSettings(url, timeout_s=timeout_s)})


def test_given_a_view_then_its_rows_are_read_as_a_table(database: tuple[str, str]) -> None:
    """Numbers as they are, codes with their zeros."""
    with way_of(of_database(database[0]), terms("view", "zhifu", "caizheng")) as way:
        text = b"".join(way.content(way.offers()[0])).decode()
    assert text.startswith(EXPECTED)
    assert '002,教体局,"建工,集团",2026-11-30,80000' in text


@pytest.mark.parametrize(
    "view", ["zhifu; drop table paid", 'zhifu"', "zhifu where 1=1", "a.b.c", "", "zhifu--", "1a"]
)
def test_given_anything_but_a_name_then_nothing_is_asked(view: str) -> None:
    """A name is quoted, too."""
    with pytest.raises(Unreached) as refused:
        check(of_database("sqlite://"), terms("view", view, "caizheng"))
    assert refused.value.key == "view-name"


def test_given_a_view_that_takes_too_long_or_is_none_then_it_is_given_up(
    database: tuple[str, str],
) -> None:
    """And why is said, without the address of the database."""
    url, slow = database
    for view in (slow, "nowhere"):
        with (
            way_of(of_database(url, 1), terms("view", view, "caizheng")) as way,
            pytest.raises(Unreached) as refused,
        ):
            list(way.content(way.offers()[0]))
        assert refused.value.key == "view"
        assert url not in str(refused.value)


def test_given_a_connection_to_an_offices_database_then_it_can_only_read(
    database: tuple[str, str],
) -> None:
    """Whatever a view would do behind its name."""
    engine = engine_of("caizheng", DatabaseSettings(database[0]))
    with engine.connect() as connection, pytest.raises(sa.exc.DBAPIError):
        connection.exec_driver_sql("insert into paid values ('9', '', '', '2026-01-01', 1)")
    engine.dispose()


def test_given_a_view_then_its_rows_are_taken_each_day_at_its_hour_and_the_same_rows_once(
    core: Round, database: tuple[str, str], request: pytest.FixtureRequest
) -> None:
    """A day later what changed is loaded."""
    has(core, of_database(database[0]))
    officer: httpx.Client = request.getfixturevalue("officer")
    source = registered(officer, way="view", server="view/caizheng", remote="zhifu", hour="6")
    core.goes()
    assert core.outcomes(source) == ["loaded"]
    core.goes(3)
    officer.post(f"/imports/sources/{source}/ask")
    core.goes(2)
    assert core.outcomes(source) == ["loaded"]
    assert core.source(source).tried_ms == core.centre.clock.now_ms - MINUTE_MS
    tried_ms = core.source(source).tried_ms
    core.centre.clock.now_ms = NOW_MS + 17 * 60 * MINUTE_MS
    core.goes()
    assert core.source(source).tried_ms == tried_ms, "it is 05:01"
    core.centre.clock.now_ms += 60 * MINUTE_MS
    core.goes()
    assert core.source(source).tried_ms == core.centre.clock.now_ms


def test_given_settings_that_name_nothing_then_the_page_says_what_is_missing(
    core: Round, officer: httpx.Client
) -> None:
    """A way that the settings do not have cannot be chosen."""
    form = {"name": "x", "kind": "toy.payments", "unit": "environment", "way": "folder"}
    answer = officer.post("/imports/sources", data=form | {"remote": "guoku"})
    assert "设置中没有 imports.folder" in answer.text
    assert core.sources.all(["toy.payments"]) == []
