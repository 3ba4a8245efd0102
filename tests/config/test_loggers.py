"""Data loggers of a catalogue: placed like instruments, and every fault of one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.catalogue import loading
from tests.config.test_loading import STATIONS, changed, faults_of, rows, write

LOGGER = """
[[station.logger]]
mn = "A110000_0001"
password = "123456"
profile = "2025"
port = 9212
host = "127.0.0.1"
codes = ["a34004", "a01006"]
scale = { a01006 = 10 }
key = "30303030303030303030303030303030"
"""
WITH_LOGGER = STATIONS.replace("qingfeng-aq6", "vane") + LOGGER
SECOND_LOGGER = LOGGER.replace("_0001", "_0002").replace("9212", "9213")
SECOND_LOGGER = SECOND_LOGGER.replace('["a34004", "a01006"]', '["a05024"]')
SECOND_LOGGER = SECOND_LOGGER.replace("scale = { a01006 = 10 }\n", "")
VANE = """
id = "vane"
make = "某厂"
model = "V"
function = "holding"
first_address = 0
word_order = "ABCD"
registers = [{ indicator = "a01008", address = 0, type = "uint16" }]
"""

FAULTS_OF_LOGGERS = [
    ("no device number", 'mn = "A110000_0001"\n', "", "logger[1].mn"),
    ("a device number too long", "A110000_0001", "A" * 25, "logger[1].mn"),
    ("an empty password", '"123456"', '""', "logger[1].password"),
    ("an unknown profile", '"2025"', '"2005"', "logger[1].profile"),
    ("port 0", "port = 9212", "port = 0", "logger[1].port"),
    ("nowhere to listen", 'host = "127.0.0.1"\n', "", "logger[1].host"),
    ("a caller that is no network", "port = 9212", 'port = 9212\ncallers = ["10.0.0.5/24"]', "logger[1].callers"),
    ("no codes", '["a34004", "a01006"]', "[]", "logger[1].codes"),
    ("an unknown code", '"a34004"', '"a34005"', "logger[1].codes"),
    ("a code of water", '"a34004"', '"w21003"', "logger[1].codes"),
    ("a code twice", '"a34004"', '"a01006"', "logger[1].codes"),
    ("a code that an instrument measures", '"a34004"', '"a01008"', "logger[1].codes"),
    ("a unit of another code", "a01006 = 10", "a34002 = 10", "logger[1].scale.a34002"),
    ("a factor of 0", "a01006 = 10", "a01006 = 0", "logger[1].scale.a01006"),
    ("a key of 31 digits", '"3030', '"303', "logger[1].key"),
    ("a key where nothing is encrypted", '"2025"', '"2017"', "logger[1].key"),
    ("an unknown kind", "port = 9212", 'port = 9212\nof = "day"', "logger[1].of"),
    ("an unknown key", "port = 9212", "port = 9212\nbaud = 9600", "logger[1].baud"),
    ("a table for a list", "[[station.logger]]", "[station.logger]", "logger"),
    ("a device number twice", LOGGER, LOGGER + SECOND_LOGGER.replace("_0002", "_0001"), "logger[2].mn"),
    ("a port twice", LOGGER, LOGGER + SECOND_LOGGER.replace("9213", "9212"), "logger[2].port"),
    ("a code of two loggers", LOGGER, LOGGER + SECOND_LOGGER.replace("a05024", "a01006"), "logger[2].codes"),
]  # fmt: skip


def district(folder: Path, stations: str) -> Path:
    write(folder, stations=stations)
    (folder / "instruments" / "vane.toml").write_text(VANE, encoding="utf-8")
    return folder


def without_instruments(stations: str) -> str:
    """Of the last station."""
    before, _, after = stations.rpartition("instruments = ")
    return before + after.partition("\n")[2]


def test_a_station_has_instruments_and_loggers(tmp_path: Path) -> None:
    """The plan holds what either measures."""
    found = loading.load(district(tmp_path / "d", WITH_LOGGER + SECOND_LOGGER))
    assert found.plans["roof"] == ("a01008", "a34004", "a01006", "a05024")
    first, second = found.stations["roof"].loggers
    assert (first.of, first.scale, second.scale) == ("real-time", {"a01006": 10}, {})


def test_a_logger_alone_is_enough(tmp_path: Path) -> None:
    """An existing station needs no instrument of its own."""
    found = loading.load(district(tmp_path / "d", without_instruments(WITH_LOGGER)))
    assert found.plans["roof"] == ("a34004", "a01006")


def test_a_station_without_either_is_a_fault(tmp_path: Path) -> None:
    """Nothing would ever come from it."""
    (fault,) = faults_of(district(tmp_path / "d", without_instruments(STATIONS)))
    assert fault.where == "stations.toml: station[3].instruments"


@pytest.mark.parametrize(
    ("old", "new"), [("[[station.logger]]", "[station.logger]"), ('"123456"', '""')]
)
def test_a_logger_that_cannot_be_read_is_one_all_the_same(
    tmp_path: Path, old: str, new: str
) -> None:
    """What is wrong once is said once."""
    given = changed(without_instruments(WITH_LOGGER), old, new)
    (fault,) = faults_of(district(tmp_path / "d", given))
    assert ".logger" in fault.where


@rows(FAULTS_OF_LOGGERS)
def test_a_fault_of_a_logger_is_named_by_its_key(
    tmp_path: Path, old: str, new: str, where: str
) -> None:
    """One fault gives one line that names where it stands."""
    (fault,) = faults_of(district(tmp_path / "d", changed(WITH_LOGGER, old, new)))
    assert fault.where == f"stations.toml: station[3].{where}"
    assert "\n" not in str(fault)
