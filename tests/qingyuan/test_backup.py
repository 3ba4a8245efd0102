"""`qingyuan backup` under load, and `qingyuan restore`: what comes out is what stood at the cut."""

from __future__ import annotations

import math
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from msgspec.structs import replace
from pyrage.x25519 import Identity

from alerting.rule_worker import RuleWorker
from api.audit_chain import heads, links
from api.audit_chain.links import Checked, Head
from config import site_key
from config.settings import Settings
from config.site_key import SiteKey
from config.vocabulary import topics, wire
from config.vocabulary.errors import Refused
from config.vocabulary.quality import Quality
from ingest.arrival.intake import Message
from ingest.quality.worker import QualityWorker
from ingest.state import export
from ingest.state.database import open_state
from ingest.store.writer import StoreWriter
from qingyuan.assembly import _running
from qingyuan.commands.records import backup as backup_command
from qingyuan.commands.records import restore as restore_command
from qingyuan.maintenance.backup import MANIFEST, SIGNATURE, Manifest, digest, signature
from qingyuan.maintenance.tasks import TASKS
from qingyuan.runtime import admin
from qingyuan.runtime.site import MIGRATIONS, RESTORING, SiteResources, now_ms, opened
from tests.api import audit_hands
from tests.chaos.field import BOOT, STATION, sample
from tests.conftest import Postgres, VictoriaMetrics, wait_until

COUNT, CUT_AFTER = 600, 200
Readings = dict[tuple[str, int], tuple[float | None, int, int]]


@contextmanager
def at_work(settings: Settings) -> Iterator[tuple[SiteResources, RuleWorker]]:
    """A core that takes admin tasks, and is told its messages by the test instead of a broker."""
    with opened(settings) as resources, ExitStack() as stack:
        shared = resources.shared
        quality_worker = QualityWorker(
            resources.journal, shared.kept, shared.findings, shared.catalogue, now_ms
        )
        rule_worker = RuleWorker(
            resources.journal,
            shared.kept,
            shared.repository,
            shared.rule_repository,
            shared.catalogue,
            now_ms,
            shared.corrections,
            shared.findings,
            quality_worker,
        )
        store_writer = StoreWriter(
            resources.journal, shared.kept, resources.deadletters, "tongzhou"
        )
        stack.enter_context(_running("quality worker", quality_worker.run))
        stack.enter_context(_running("rule worker", rule_worker.run))
        stack.enter_context(_running("store writer", store_writer.run))
        stack.enter_context(admin.listening(resources, TASKS))
        yield resources, rule_worker


def _settled(resources: SiteResources, rule_worker: RuleWorker) -> None:
    """Until store and record have come to the journal's end."""
    for _ in range(1200):
        if resources.shared.kept.position() >= resources.journal.last and rule_worker.settled:
            return
        threading.Event().wait(0.05)
    pytest.fail("it does not settle")


def _journaled(resources: SiteResources, n: int) -> Readings:
    """What the journal holds up to a number."""
    found: Readings = {}
    for entry in resources.journal.read(0, limit=10_000):
        if entry.n <= n:
            columns = entry.columns
            for row in range(len(columns)):
                value = float(columns.value[row])
                found[columns.names[columns.series[row]], int(columns.t[row])] = (
                    None if math.isnan(value) else value,
                    int(columns.quality[row]),
                    int(columns.received[row]),
                )
    return found


def _stored(resources: SiteResources) -> Readings:
    """What the store gives back; nothing twice."""
    found: Readings = {}
    for series in resources.shared.kept.series():
        track = resources.shared.kept.track(series, 0, 1 << 50)
        rows = zip(track.t, track.value, track.quality, track.received, strict=True)
        for t, value, quality, received in rows:
            key = (series, int(t))
            assert key not in found
            value_or_none = None if math.isnan(value) else float(value)
            found[key] = (value_or_none, int(quality), int(received))
    return found


def _record(resources: SiteResources, n: int) -> list[tuple[Any, ...]]:
    """Transitions up to a journal number, and the corrections."""
    with resources.shared.state.read() as connection:
        rows = connection.execute(
            sa.text(
                "select alert_id, change, at_ms, value from alert_transition where n <= :n"
                " order by at_ms, alert_id"
            ),
            {"n": n},
        ).all()
        decided = connection.execute(sa.text("select series, why from correction")).all()
    return [*map(tuple, rows), *map(tuple, decided)]


@pytest.fixture
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SiteKey:
    """That of the site, which the restored centre has too."""
    file = tmp_path / "site.key"
    monkeypatch.setenv("QINGYUAN_KEY_FILE", str(file))
    return site_key.load(Settings(key_file=str(file)))


@pytest.fixture(params=["duckdb and sqlite", "victoriametrics and postgresql"])
def centres(
    request: pytest.FixtureRequest, tmp_path: Path, quiet_district: Path, key: SiteKey
) -> tuple[Settings, Settings, list[VictoriaMetrics]]:
    """Settings of the original and of an empty one, and their servers."""
    same = Settings(catalogue=quiet_district, key_file=str(tmp_path / "site.key"))
    pair = [replace(same, data_dir=tmp_path / name) for name in ("first", "second")]
    if request.param.startswith("duckdb"):
        return pair[0], pair[1], []
    postgres: Postgres = request.getfixturevalue("postgres")
    servers = []
    for placement, settings in enumerate(pair):
        folder = tmp_path / f"server{placement}"
        folder.mkdir()
        server = VictoriaMetrics(folder)
        server.start()
        request.addfinalizer(server.kill)  # noqa: PT021 - a server for each of the pair
        servers.append(server)
        url = postgres.database()
        pair[placement] = replace(
            settings, store="victoriametrics", store_url=server.url, state_url=url
        )
    return pair[0], pair[1], servers


def test_a_backup_taken_under_load_restores_to_what_stood_at_its_number(
    centres: tuple[Settings, Settings, list[VictoriaMetrics]], tmp_path: Path
) -> None:
    """Readings value by value, the record, people's corrections, and what is known of the spools:
    what comes again is no news.
    """
    first, second, servers = centres
    folder, base_ms = tmp_path / "backup", now_ms() - COUNT * 1000
    started, saved = threading.Event(), threading.Event()
    with at_work(first) as (resources, rule_worker):
        with resources.shared.state.begin() as connection:
            series = f"{STATION}/w01010"
            resources.shared.corrections.add(
                connection,
                series,
                0,
                1000,
                quality=Quality.BAD,
                by="a",
                account="a",
                why="b",
                at_ms=1,
            )

        def load(_stop: threading.Event) -> None:
            for index in range(COUNT):
                if index == COUNT - 1:
                    saved.wait(60)
                resources.committer.take([_message(base_ms, index)])
                if index == CUT_AFTER:
                    started.set()

        with _running("load", load):
            assert started.wait(60)
            assert (
                backup_command.run([str(folder), "--data", str(first.data_dir), *_files(first)])
                == 0
            )
            saved.set()
        _settled(resources, rule_worker)
        manifest = msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Manifest)
        assert CUT_AFTER < manifest.n < resources.journal.last, "the load went on"
        expected, record = _journaled(resources, manifest.n), _record(resources, manifest.n)
    assert any(row[1] == "fired" for row in record)

    assert restore_command.run([str(folder), "--data", str(second.data_dir), *_files(second)]) == 0
    with at_work(second) as (resources, rule_worker):
        _settled(resources, rule_worker)
        assert resources.journal.last == manifest.n
        for server in servers[1:]:  # that of the second
            with suppress(pytest.fail.Exception):
                wait_until(lambda: _stored(resources) == expected, server.flush)
        assert _stored(resources).items() ^ expected.items() == set()
        assert _record(resources, manifest.n) == record
        again = resources.committer.take([_message(base_ms, 0), _message(base_ms, manifest.n - 1)])
        assert len(again.columns) == 0


def _message(base_ms: int, index: int) -> Message:
    body = wire.encode_live(sample(base_ms, index), oldest=1, sent_ms=0)
    return Message(topics.readings_topic("tongzhou", STATION, BOOT, index + 1), body)


def _files(settings: Settings) -> list[str]:
    """Settings as a file beside the data directory."""
    file = settings.data_dir.with_suffix(".toml")
    lines = [f'catalogue = "{settings.catalogue}"', f'store = "{settings.store}"']
    lines += [f'store_url = "{settings.store_url}"', f'state_url = "{settings.state_url}"']
    file.write_text("\n".join(lines))
    return ["--settings", str(file)]


@pytest.fixture
def saved(tmp_path: Path, key: SiteKey) -> Path:
    """A small backup, made while nothing runs."""
    first = Settings(data_dir=tmp_path / "first")
    with opened(first) as resources:
        resources.committer.take([_message(now_ms() - 5000, 0)])
    assert backup_command.run([str(tmp_path / "backup"), "--data", str(first.data_dir)]) == 0
    return tmp_path / "backup"


def test_what_stands_in_the_way_of_a_restore_is_named(saved: Path, tmp_path: Path) -> None:
    """A folder that is none, a file that changed, a centre that is not empty, a half restore."""
    data = ["--data", str(tmp_path / "second")]
    with pytest.raises(Refused, match="is no backup"):
        restore_command.run([str(tmp_path), *data])
    with pytest.raises(Refused, match="is not empty; name an empty one with --data"):
        restore_command.run([str(saved), "--data", str(tmp_path / "first")])
    with pytest.raises(Refused, match="is there already; name a folder that is not"):
        backup_command.run([str(saved), "--data", str(tmp_path / "first")])
    (saved / "state.dump").write_bytes(b"torn")
    with pytest.raises(Refused, match=r"state.dump: is not as it was written; use another backup"):
        restore_command.run([str(saved), *data])


def forged(folder: Path, name: str) -> None:
    """Whoever has the folder changes a file, and its digest in the manifest."""
    (folder / name).write_bytes(b"forged")
    manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    files = manifest.files | {name: digest(folder / name)}
    (folder / MANIFEST).write_bytes(msgspec.json.encode(replace(manifest, files=files)))


def unsigned(folder: Path) -> None:
    (folder / SIGNATURE).unlink()


def stranger(folder: Path) -> None:
    (folder / "journal" / "00000000000000000009.seg").write_bytes(b"theirs")


def link(folder: Path) -> None:
    (folder / "journal" / "more").symlink_to("/etc/hostname")


def pipe(folder: Path) -> None:
    os.mkfifo(folder / "journal" / "more")


@pytest.mark.parametrize(
    ("attack", "said"),
    [
        (lambda folder: forged(folder, "ledger.snapshot"), "was changed, or signed with another"),
        (unsigned, "is not signed"),
        (stranger, "is no part of the backup"),
        (link, "is no part of the backup"),
        (pipe, "is no part of the backup"),
    ],
)
def test_given_a_backup_that_somebody_had_in_hands_when_it_is_restored_then_nothing_is_taken(
    saved: Path, tmp_path: Path, attack: Callable[[Path], None], said: str
) -> None:
    """No file more, no link, nothing that the site's key did not sign."""
    attack(saved)
    with pytest.raises(Refused, match=said):
        restore_command.run([str(saved), "--data", str(tmp_path / "second")])
    assert not (tmp_path / "second" / "journal").exists()


@pytest.fixture
def sealed(
    tmp_path: Path, key: SiteKey, monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, dict[str, Path]]:
    """A backup for two keys, and the files of these and of a third."""
    secrets = {name: Identity.generate() for name in ("office", "archive", "other")}
    files = {name: tmp_path / f"{name}.key" for name in secrets}
    for name, secret in secrets.items():
        files[name].write_text(f"# {name}\n{secret}\n")
    recipients = tmp_path / "recipients"
    public = [str(secrets[name].to_public()) for name in ("office", "archive")]
    recipients.write_text("# office and archive\n" + "\n".join(public) + "\n")
    monkeypatch.setenv("QINGYUAN_BACKUP_RECIPIENTS", str(recipients))
    with opened(Settings(data_dir=tmp_path / "first")) as resources:
        resources.committer.take([_message(now_ms() - 5000, 0)])
    folder = tmp_path / "backup"
    assert backup_command.run([str(folder), "--data", str(tmp_path / "first")]) == 0
    return folder, files


@pytest.mark.parametrize("holder", ["office", "archive"])
def test_given_a_sealed_backup_when_a_holder_of_a_key_restores_it_then_all_is_there(
    sealed: tuple[Path, dict[str, Path]], tmp_path: Path, holder: str
) -> None:
    """No file of it is in clear, and none stays so behind the restore."""
    folder, keys = sealed
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    assert {path.read_bytes()[:21] for path in files} == {b"age-encryption.org/v1"}
    second = tmp_path / "second"
    given = [str(folder), "--data", str(second), "--identity", str(keys[holder])]
    assert restore_command.run(given) == 0
    assert not list(second.glob("unsealed-*"))
    with opened(Settings(data_dir=second)) as resources:
        assert resources.journal.last == 1


def test_given_a_sealed_backup_when_the_key_is_missing_or_another_then_it_is_said(
    sealed: tuple[Path, dict[str, Path]], tmp_path: Path
) -> None:
    """So is a file that was changed, or lies there in clear, and a list of keys that is none."""
    folder, keys = sealed
    given = [str(folder), "--data", str(tmp_path / "second")]
    with pytest.raises(Refused, match="is sealed; name the file of the secret key"):
        restore_command.run(given)
    with pytest.raises(Refused, match="does not open"):
        restore_command.run([*given, "--identity", str(keys["other"])])
    with pytest.raises(Refused, match="line 2 is no secret key"):
        restore_command.run([*given, "--identity", str(tmp_path / "recipients")])
    (folder / "more").write_bytes(b"theirs")
    with pytest.raises(Refused, match="more: is not sealed"):
        restore_command.run([*given, "--identity", str(keys["office"])])
    (folder / "more").unlink()
    state = folder / "state.dump.age"
    state.write_bytes(state.read_bytes()[:-1])
    with pytest.raises(Refused, match=r"state\.dump\.age: does not open"):
        restore_command.run([*given, "--identity", str(keys["office"])])
    (tmp_path / "recipients").write_text("age1nobody\n")
    with pytest.raises(Refused, match="recipients: line 1 is no public key"):
        backup_command.run([str(tmp_path / "later"), "--data", str(tmp_path / "first")])


@pytest.fixture
def with_audit(tmp_path: Path) -> tuple[Path, Settings, Head]:
    """A backup with rows of the audit, the centre's settings, and the audit's head."""
    first = Settings(data_dir=tmp_path / "first")
    with opened(first) as resources:
        head = audit_hands.chained(resources.shared.state, 3, site_key.load(first).of("audit"))
    assert backup_command.run([str(tmp_path / "backup"), "--data", str(first.data_dir)]) == 0
    return tmp_path / "backup", first, head


def test_given_a_backup_with_an_audit_when_it_is_restored_then_the_key_of_its_site_verifies_it(
    with_audit: tuple[Path, Settings, Head],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The key is in no backup: without it nothing is taken unless somebody says so."""
    folder, first, head = with_audit
    assert not list(folder.rglob(site_key.FILE))
    second = [str(folder), "--data", str(tmp_path / "second")]
    with pytest.raises(Refused, match=r"signed with another key; set key_file to"):
        restore_command.run(second)
    monkeypatch.setenv("QINGYUAN_KEY_FILE", str(site_key.key_path(first)))
    assert restore_command.run(second) == 0
    assert f"audit head {head}" in capsys.readouterr().out
    with opened(Settings(data_dir=tmp_path / "second")) as resources:
        audit_hands.write(resources.shared.state, 1)
        key = site_key.load(first).of("audit")
        assert links.chain(resources.shared.state, key)
        assert links.check(resources.shared.state, key, head).fault == ""

    monkeypatch.delenv("QINGYUAN_KEY_FILE")
    third = [str(folder), "--data", str(tmp_path / "third")]
    assert restore_command.run([*third, "--unverified"]) == 0
    with opened(Settings(data_dir=tmp_path / "third")) as resources:
        state, data = resources.shared.state, tmp_path / "third"
        key = site_key.load(Settings(data_dir=data)).of("audit")
        assert links.chain(state, key)
        found = links.check(state, key, accepted=heads.accepted(data))
        assert (found.fault, found.head.position) == ("", 6)  # with backup, accept and restore


def test_given_somebody_changed_the_audit_when_its_backup_is_restored_then_it_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The row is named."""
    first = Settings(data_dir=tmp_path / "first")
    with opened(first) as resources:
        state = resources.shared.state
        audit_hands.chained(state, 3, site_key.load(first).of("audit"))
        audit_hands.change(state, audit_hands.ids(state)[1], who="somebody else")
    backup = str(tmp_path / "backup")
    assert backup_command.run([backup, "--data", str(first.data_dir)]) == 0
    monkeypatch.setenv("QINGYUAN_KEY_FILE", str(site_key.key_path(first)))
    with pytest.raises(Refused, match="row 2 at position 2 is not as it was chained"):
        restore_command.run([backup, "--data", str(tmp_path / "second")])


def test_given_a_backup_of_before_links_when_it_is_restored_by_the_owner_then_the_centre_works(
    saved: Path,
    key: SiteKey,
    tmp_path: Path,
    postgres: Postgres,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its tables are made as they were then, migrated, and given to the centre's own role."""
    old = open_state(Settings(data_dir=tmp_path / "old"))
    head = audit_hands.before_there_was_a_key(old, 3)
    old.migrate([room for room in MIGRATIONS if room.room != "api"])
    export.dump(old, saved / "state.dump")
    old.close()
    manifest = msgspec.json.decode((saved / MANIFEST).read_bytes(), type=Manifest)
    files = manifest.files | {"state.dump": digest(saved / "state.dump")}
    described = msgspec.json.encode(replace(manifest, files=files))
    (saved / MANIFEST).write_bytes(described)
    (saved / SIGNATURE).write_text(signature(described, key))

    app, owner = audit_hands.roles(postgres)
    monkeypatch.setenv("QINGYUAN_STATE_URL", app)
    monkeypatch.setenv("QINGYUAN_STATE_OWNER_URL", owner)
    assert restore_command.run([str(saved), "--data", str(tmp_path / "second")]) == 0

    monkeypatch.delenv("QINGYUAN_STATE_OWNER_URL")
    with opened(Settings(data_dir=tmp_path / "second", state_url=app)) as resources:
        state = resources.shared.state
        assert links.check(state, b"k") == Checked(head, plain=3)
        waiting = links.unchained(state)
        audit_hands.write(state, 1)
        assert links.unchained(state) == waiting + 1


def test_a_restore_that_did_not_end_is_not_started_on(saved: Path, tmp_path: Path) -> None:
    """The centre says so, with the remedy."""
    data = tmp_path / "second"
    assert restore_command.run([str(saved), "--data", str(data)]) == 0
    (data / RESTORING).touch()
    with pytest.raises(Refused, match="did not end; empty it and restore again"):
        opened(Settings(data_dir=data)).__enter__()
