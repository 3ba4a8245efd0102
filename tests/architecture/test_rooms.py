"""Rules that import contracts cannot see, each with its reason."""

from __future__ import annotations

import ast
import configparser
import re
import shutil
import subprocess
import sys
import zipfile
from itertools import chain
from pathlib import Path

import pytest

import config
from api.roster import ROSTER

ROOT = Path(__file__).parents[2]
ROOMS = (
    "config",
    "tabular",
    "budget",
    "documents",
    "edge_agent",
    "simulators",
    "ingest",
    "alerting",
    "api",
    "broker",
    "qingyuan",
)
FILES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}

ONLY_HERE = {
    "paho": {
        "ingest/arrival/bus.py",
        "ingest/arrival/client.py",
        "edge_agent/uplink/connection.py",
    },
    "pymodbus": {
        "edge_agent/modbus/framing.py",
        "edge_agent/modbus/line.py",
        "simulators/district.py",
        "simulators/instruments.py",
        "simulators/lines.py",
    },
    "influxdb_client": {"ingest/store/victoriametrics.py"},
    "urllib3": {
        "ingest/store/server.py",
        "ingest/store/victoriametrics.py",
    },
    "duckdb": {
        "ingest/store/parquet.py",
        "ingest/store/duckdb/file.py",
        "ingest/store/duckdb/store.py",
        "ingest/store/duckdb/tables.py",
        "ingest/store/duckdb/tidying.py",
    },
    "sqlite3": {
        "api/imports/sources/ways/view.py",  # a file of another office, read only
        "edge_agent/spool/making_room.py",
        "edge_agent/spool/recovery.py",
        "edge_agent/spool/spool.py",
        "edge_agent/spool/tables.py",
        "edge_agent/spool/file.py",
        "ingest/journal/deadletters.py",
        "ingest/journal/older_letters.py",
    },
    "amqtt": {"broker/embedded.py"},
    "authlib": {"api/accounts/oidc/provider.py", "api/accounts/oidc/relying_party.py"},
    "cryptography": {
        "alerting/channels/push_encryption.py",
        "edge_agent/hj212/sm4.py",
        "simulators/hj212_logger.py",
        "api/accounts/credentials/second_factor.py",
        "api/accounts/oidc/relying_party.py",
        "api/ballots/box.py",
    },
    "pyrage": {"qingyuan/maintenance/sealing.py"},
    "pyotp": {"api/accounts/credentials/second_factor.py"},
    "segno": {"api/accounts/credentials/second_factor.py"},
    "zxcvbn": {"api/accounts/credentials/password_rules.py"},
    "httpx2": {"api/accounts/oidc/provider.py", "api/accounts/oidc/relying_party.py"},
    "joserfc": {"api/accounts/oidc/provider.py", "api/accounts/oidc/relying_party.py"},
    "apprise": {"alerting/channels/apprise_urls.py"},
    "paramiko": {"api/imports/sources/ways/sftp.py"},
    "typst": {"api/reports/forms/pdf.py"},
    "docxtpl": {"api/reports/forms/word.py"},
    "xlsxwriter": {
        "api/web/workbooks.py",
        "simulators/judicial/writing.py",
        "simulators/treasury/published/files.py",
    },
    "multiprocessing": {"api/reports/forms/child.py", "api/reports/forms/making.py"},
    "PIL": {"alerting/channels/picture.py", "api/files/inspection/pictures.py"},
    "pypdfium2": {
        "api/files/inspection/pdf.py",
        "documents/text/pdf/glyphs.py",
        "documents/text/pdf/paper.py",
    },
    "matplotlib": {"qingyuan/plots.py", "qingyuan/commands/records/qc.py"},  # the latter for types
    "sqlalchemy": {
        "ingest/annotations/cadences.py",
        "ingest/annotations/corrections.py",
        "ingest/annotations/findings.py",
        "ingest/state/export.py",
        "ingest/state/database.py",
        "alerting/record/repository.py",
        "alerting/record/search.py",
        "alerting/notify/search.py",
        "alerting/proposals/repository.py",
        "alerting/silences/repository.py",
        "api/platforms/environment/silences/actions.py",  # hands a connection on, writes no SQL
        "api/platforms/environment/tuning/actions.py",  # likewise
        "api/platforms/duty/messages.py",  # likewise
        "api/cases/means/choosing.py",  # likewise
        "api/cases/changing.py",  # likewise
        "api/cases/register/actions.py",  # likewise
        "api/cases/sharing/access.py",  # likewise
        "api/cases/sharing/receivers.py",  # likewise
        "api/cases/sharing/receiving.py",  # likewise
        "api/cases/sharing/results.py",  # likewise
        "api/cases/sharing/sending.py",  # likewise
        "api/platforms/documents/catalogue/actions/finding.py",  # likewise
        "api/platforms/budget/ledger/actions.py",  # likewise
        "api/platforms/budget/published/actions.py",  # likewise
        "api/platforms/documents/filings/actions/filings.py",  # likewise
        "api/platforms/documents/filings/actions/packages.py",  # likewise
        "api/platforms/documents/filings/procedure/filing.py",  # likewise
        "api/platforms/documents/reviews/actions/opening.py",  # likewise
        "api/platforms/documents/reviews/actions/pointing.py",  # likewise
        "api/platforms/documents/texts/actions.py",  # likewise
        "api/platforms/judicial/figures/actions/loading.py",  # likewise
        "api/platforms/judicial/figures/actions/sending.py",  # likewise
        "api/platforms/judicial/figures/actions/terms.py",  # likewise
        "api/platforms/documents/rulebook/actions.py",  # likewise
        "api/platforms/budget/linkage/actions.py",  # likewise
        "api/platforms/budget/questions/actions.py",  # likewise
        "api/platforms/budget/year/actions.py",  # likewise
        "api/platforms/duty/closing/actions.py",  # likewise
        "api/platforms/duty/handling/actions.py",  # likewise
        "api/platforms/duty/promises/procedure.py",  # likewise
        "api/platforms/duty/ratings/actions.py",  # likewise
        "api/platforms/duty/suggestions/procedure.py",  # likewise
        "alerting/rules/repository.py",
        "alerting/tables.py",
        "alerting/duty/repository.py",
        "api/tables.py",
        "api/ballots/casting.py",  # hands a connection on, writes no SQL
        "api/ballots/repository.py",
        "api/ballots/tables.py",
        "api/reports/actions.py",  # hands a connection on, writes no SQL
        "api/reports/repository.py",
        "api/reports/tables.py",
        "api/platforms/environment/month_report/actions.py",  # likewise
        "api/files/actions.py",  # hands a connection on, writes no SQL
        "api/files/indexing.py",  # likewise
        "api/files/notices.py",  # likewise
        "api/files/repository.py",
        "api/files/tables.py",
        "api/kinds/tables.py",  # names the tables of platforms
        "api/imports/loading/parts.py",  # hands a connection on, writes no SQL
        "api/imports/loading/staging.py",
        "api/exchange/repository.py",
        "api/imports/repository.py",
        "api/imports/sources/actions.py",  # hands a connection on, writes no SQL
        "api/imports/sources/notices.py",  # hands a connection on, writes no SQL
        "api/imports/sources/repository.py",
        "api/imports/sources/terms.py",  # hands a connection on, writes no SQL
        "api/imports/sources/ways/view.py",  # reads a database of another office
        "api/imports/standing.py",
        "api/imports/tables.py",
        "ingest/annotations/tables.py",
        "alerting/escalation/repository.py",
        "alerting/events/repository.py",
        "alerting/notify/repository.py",
        "alerting/notify/notifier.py",  # hands a connection on, writes no SQL
        "alerting/rule_worker.py",  # likewise
        "api/audit.py",
        "api/platforms/duty/signing/actions.py",  # likewise
        "api/platforms/duty/suggestions/actions.py",  # likewise
        "api/platforms/environment/acts.py",  # likewise
        "api/audit_chain/heads.py",  # likewise
        "api/audit_chain/links.py",
        "api/accounts/changes.py",  # likewise
        "api/accounts/factor.py",  # likewise
        "api/accounts/sign_in.py",  # likewise
        "api/own_account/owner.py",  # likewise
        "api/own_account/contacts/actions.py",  # likewise
        "api/own_account/push/actions.py",  # likewise
        "api/own_account/second_factor/actions.py",  # likewise
        "api/accounts/staffing/accounts.py",  # likewise
        "api/accounts/staffing/appointments.py",  # likewise
        "api/accounts/staffing/authority.py",  # likewise
        "api/accounts/staffing/departures.py",  # likewise
        "api/accounts/staffing/units.py",  # likewise
        "api/accounts/steps.py",  # likewise
        "api/accounts/visibility.py",
        "api/search/index.py",  # hands a connection on, writes no SQL
        "api/search/postings.py",
        "api/deadlines/kept/answerable.py",
        "api/deadlines/kept/notices.py",
        "api/deadlines/own/repository.py",
        "api/deadlines/recomputation.py",
        "api/deadlines/reminders.py",
        "api/meetings/actions.py",  # hands a connection on, writes no SQL
        "api/meetings/notices.py",  # likewise
        "api/meetings/procedure.py",  # names the columns of who sees
        "api/meetings/repository.py",
        "api/meetings/tables.py",
        "api/meetings/unsent.py",
        "api/procedures/consequences.py",  # hands a connection on, writes no SQL
        "api/procedures/events.py",  # names the tables of platforms
        "api/procedures/procedure.py",  # likewise
        "api/procedures/repository.py",
        "api/procedures/tables.py",
        "api/procedures/taking.py",  # hands a connection on, writes no SQL
        "api/deadlines/repository.py",
        "api/deadlines/kept/rows.py",
        "api/deadlines/kept/rulebook.py",
        "api/deadlines/tables.py",
        "api/deadlines/term/actions.py",  # hands a connection on, writes no SQL
    },
}

KEEPS_BY_SQL = {
    "edge_agent/spool/making_room.py",
    "edge_agent/spool/recovery.py",
    "edge_agent/spool/spool.py",
    "edge_agent/spool/tables.py",
    "edge_agent/spool/file.py",
    "ingest/store/parquet.py",
    "ingest/annotations/cadences.py",
    "ingest/annotations/corrections.py",
    "ingest/annotations/findings.py",
    "ingest/journal/deadletters.py",
    "ingest/journal/older_letters.py",
    "ingest/state/database.py",
    "ingest/store/duckdb/file.py",
    "ingest/store/duckdb/store.py",
    "ingest/store/influxdb.py",
    "ingest/store/duckdb/tables.py",
    "alerting/record/repository.py",
    "alerting/record/search.py",
    "alerting/rules/repository.py",
    "api/audit.py",
    "api/ballots/repository.py",
    "api/audit_chain/links.py",
    "api/accounts/visibility.py",
    "api/search/postings.py",
}
OF_A_PLATFORM = re.compile(
    r"api/(platforms|cases|administration|own_account|search|wall|hints)/(.+/)?(repository|tables|procedure)\.py"
    r"|api/accounts/repositories/\w+\.py"
)
"""Where a platform, and accounts, keep what is their own, and steps ask for it."""
SQL = re.compile(
    r"^\s*(select\s.+\sfrom|insert\s+(or\s+\w+\s+)?into|delete\s+from|update\s+\w+\s+set"
    r"|(create|drop|alter)\s+(table|index|view)|begin\s+immediate|pragma)\s",
    re.IGNORECASE | re.DOTALL,
)


def tracked() -> list[str]:
    """Every file that belongs to the repository, also one not committed yet."""
    command = ["git", "ls-files", "-co", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def words(tree: ast.AST) -> set[str]:
    """Every string of a file that is not the docstring of something."""
    spoken = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in spoken
    }


def imported(tree: ast.AST) -> set[str]:
    """Top-level names of everything that a file imports."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("library", ONLY_HERE)
def test_a_library_is_met_in_its_own_files_only(library: str) -> None:
    """So that another one can take its place."""
    users = {str(p.relative_to(ROOT)) for p, tree in TREES.items() if library in imported(tree)}
    users = {user for user in users if "/migrations/" not in user}
    if library == "sqlalchemy":
        users = {user for user in users if not OF_A_PLATFORM.fullmatch(user)}
    assert users <= ONLY_HERE[library]


def test_sql_is_written_where_something_is_kept_and_nowhere_else() -> None:
    """So that a change of a table is a change of one file and its migrations."""
    writers = {
        str(path.relative_to(ROOT))
        for path, tree in TREES.items()
        if any(SQL.match(text + " ") for text in words(tree))
    }
    elsewhere = {user for user in writers if not OF_A_PLATFORM.fullmatch(user)}
    assert {user for user in elsewhere if "/migrations/" not in user} <= KEEPS_BY_SQL


@pytest.mark.parametrize(
    "text",
    ["select a from b", "INSERT OR IGNORE INTO x values (?)", "delete from x", "\n  pragma wal"],
)
def test_sql_is_known_when_seen(text: str) -> None:
    """Otherwise the test before would pass on anything."""
    assert any(SQL.match(found + " ") for found in words(ast.parse(f"run({text!r})")))


def test_nobody_imports_the_front_door() -> None:
    """It sees all; seen it would close a circle."""
    users = [p for p, tree in TREES.items() if "qingyuan" in imported(tree)]
    assert {path.relative_to(ROOT).parts[0] for path in users} <= {"qingyuan"}


def test_an_init_introduces_and_never_acts() -> None:
    """A docstring and nothing else."""
    for path, tree in TREES.items():
        if path.name == "__init__.py":
            assert len(tree.body) == 1, path
            assert ast.get_docstring(tree), path


def test_files_and_functions_keep_their_size_and_every_module_introduces_itself() -> None:
    """400 and 60 lines at most."""
    for path, tree in TREES.items():
        assert ast.get_docstring(tree), path
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= 60, f"{path}: {node.name} has {length} lines"


MOST_MODULES = 14


def modules_by_folder() -> dict[str, set[str]]:
    """Folders by their dotted names, with what lies in them: modules and folders."""
    found: dict[str, set[str]] = {}
    for path in FILES:
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "migrations" in parts or parts[-1] == "__init__":
            continue
        for depth in range(1, len(parts)):
            found.setdefault(".".join(parts[:depth]), set()).add(parts[depth])
    return found


def test_no_folder_is_a_heap() -> None:
    """A reader takes in so many names at once."""
    for folder, inside in modules_by_folder().items():
        files = ROOT / folder.replace(".", "/")
        assert sum((files / f"{name}.py").is_file() for name in inside) <= MOST_MODULES, folder


def contracted(kind: str, key: str) -> re.Pattern[str]:
    """Matches the modules that the contracts of a kind name; ``*`` stands for one name."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / "setup.cfg", encoding="utf-8")
    sections = [contracts[name] for name in contracts.sections() if ":contract:" in name]
    named = [section.get(key, "").split() for section in sections if section["type"] == kind]
    return re.compile("|".join(re.escape(one).replace(r"\*", r"\w+") for one in chain(*named)))


def test_every_folder_says_what_stands_above_what() -> None:
    """A folder without a contract of layers grows circles unseen."""
    layered = contracted("layers", "containers")
    folders = {folder for folder, inside in modules_by_folder().items() if len(inside) > 1}
    assert {folder for folder in folders if not layered.fullmatch(folder)} == set()


def test_every_platform_and_every_feature_is_held_apart_from_its_like() -> None:
    """By a contract of independence, or by layers of the whole platform; every platform is in the
    roster.
    """
    apart, layered = contracted("independence", "modules"), contracted("layers", "containers")
    folder = ROOT / "api" / "platforms"
    platforms = {path.parent for path in folder.glob("*/manifest.py")}
    features = {path.parent for path in (ROOT / "api").glob("**/*/pages.py")}
    features = {path for path in features if path.parent.joinpath("manifest.py").exists()}
    names = {".".join(path.relative_to(ROOT).parts) for path in platforms | features}
    held = {name for name in names if layered.fullmatch(name.rpartition(".")[0])}
    assert {name for name in names - held if not apart.fullmatch(name)} == set()
    ours = {platform.folder: platform.slug for platform in ROSTER}
    assert {path for path in ours if path.parent == folder} == platforms
    assert all(path.name == ours[path] for path in platforms)


def test_no_two_templates_of_a_platform_have_one_name() -> None:
    """They share its namespace: one would hide the other."""
    for platform in ROSTER:
        names = [path.name for path in platform.folder.rglob("templates/*.html")]
        assert len(names) == len(set(names)), platform.slug


def test_no_room_is_named_for_a_kind_of_code() -> None:
    """Such rooms have no reason to stop growing."""
    names = {part.removesuffix(".py") for path in FILES for part in path.relative_to(ROOT).parts}
    assert not names & {"utils", "util", "common", "helpers", "manager", "base", "types", "misc"}


def test_common_names_are_ours() -> None:
    """Another distribution may install a top-level `config` or `api`."""
    assert Path(config.__file__).is_relative_to(ROOT)


def test_the_repository_names_no_machine_and_no_registry() -> None:
    """It speaks of the product alone."""
    hosts = re.compile("|".join(["registry" + r"\.npmjs", "pypi" + r"\.org", "debian" + r"\.org"]))
    paths = re.compile(r"(?<![\w.])/(" + "|".join(["wo" + "rk", "ro" + "ot"]) + r")/")
    for name in tracked():
        if name.endswith((".png", ".webp", ".xz", ".docx")):
            continue
        text = (ROOT / name).read_text(encoding="utf-8")
        assert not hosts.search(text), name
        assert not paths.search(text), name


def test_the_wheel_carries_templates_static_files_and_data(tmp_path: Path) -> None:
    """An editable install works without them, a real one would have no pages.

    Built from a copy: setuptools packs what an earlier build left in `build/`, deleted or not.
    """
    tree = tmp_path / "tree"
    for name in tracked():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tree / name)
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation"]
    command += ["-w", str(tmp_path), str(tree)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("*.whl")
    held = set(zipfile.ZipFile(wheel).namelist())
    meant = {name for name in tracked() if name.startswith(tuple(f"{room}/" for room in ROOMS))}
    assert meant <= held
    assert all(name.partition("/")[0].endswith(".dist-info") for name in held - meant)
