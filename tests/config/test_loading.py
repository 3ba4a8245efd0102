"""Strict loading: every fault of a catalogue is named by its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from config.catalogue import loading
from config.catalogue.words import Words
from config.settings import load as load_settings
from config.vocabulary.errors import FaultyInput

ROOT = Path(__file__).parents[2]
FIRST = 'id = "tonglv-pingchao"'


def faults(district: Path, folder: Path, old: str, new: str) -> list[str]:
    """Places of the faults after one change to the demonstration district."""
    shutil.copytree(district, folder)
    path = folder / "stations.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FaultyInput) as caught:
        loading.load(folder)
    return [fault.where for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('river = "tonglv"', 'river = "nile"', "stations.toml: station[1].river"),
        ("order = 2", "order = 1", "stations.toml: station[2].order"),
        ('target = "III"', 'target = "VI"', "stations.toml: station[1].target"),
        ('target = "III"\n', "", "stations.toml: station[1].target"),
        ("cadence_ms = 1000", "cadence_ms = 0", "stations.toml: station[1].cadence_ms"),
        ("cadence_ms = 1000", "cadence = 1000", "stations.toml: station[1]"),
        ("unit = 2", "unit = 1", "stations.toml: station[1].instruments[2].unit"),
        ('"lanhe-wq500"', '"unknown"', "stations.toml: station[1].instruments[1].instrument"),
        ('"lanhe-wq500"', '"tianyun-ws5"', "stations.toml: station[1].instruments[1].instrument"),
        ('"hengtai-mn3"', '"hengtai-nh4"', "stations.toml: station[1].instruments"),
        (FIRST, 'id = "tonglv-jinsha"', "stations.toml: station[2].id"),
        (FIRST, 'id = "With Space"', "stations.toml: station[1].id"),
        (
            "position = [120.925, 32.052]",
            "position = [320, 1]",
            "stations.toml: station[1].position[0]",
        ),
        ('kind = "air"', 'kind = "water"', "stations.toml: station[7].river"),
        ("[site]", "[sight]", "stations.toml: sight"),
        ("[site]", "[site", "stations.toml"),
    ],
)
def test_one_fault_is_named_by_its_place(
    district: Path, tmp_path: Path, old: str, new: str, where: str
) -> None:
    """One row a mistake."""
    assert where in faults(district, tmp_path / "d", old, new)


MAKE = """
id = "x"
make = "m"
model = "n"
function = "holding"
first_address = 1
word_order = "ABCD"
"""
REGISTER = '[[registers]]\nindicator = "w21003"\naddress = 5\ntype = "float32"\n'


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (MAKE, "x.toml"),
        (MAKE + REGISTER.replace("w21003", "w99999"), "x.toml: register w99999.indicator"),
        (MAKE + REGISTER.replace("= 5", "= 0"), "x.toml: register w21003.address"),
        (MAKE + REGISTER.replace("float32", "float16"), "x.toml.registers[0].type"),
        (MAKE + "oddities = { forbidden = [[6, 9]] }\n" + REGISTER, "x.toml: register w21003.address"),
        (MAKE + REGISTER + REGISTER.replace("w21003", "w21011").replace("5", "6"),
         "x.toml: register w21011.address"),
        (MAKE + "state = { address = 9, words = { 0 = 'normal', 1 = 'asleep' } }\n" + REGISTER,
         "x.toml: state.words"),
    ],
)  # fmt: skip
def test_a_fault_of_an_instrument_is_named_by_its_place(
    district: Path, tmp_path: Path, text: str, where: str
) -> None:
    """Register maps of a district's own."""
    folder = tmp_path / "d"
    shutil.copytree(district, folder)
    (folder / "instruments").mkdir()
    (folder / "instruments" / "x.toml").write_text(text, encoding="utf-8")
    with pytest.raises(FaultyInput) as caught:
        loading.load(folder)
    assert where in [fault.where for fault in caught.value.faults]


def test_every_fault_is_found_at_once(district: Path, tmp_path: Path) -> None:
    """So that a person mends the file once."""
    found = faults(
        district, tmp_path / "d", 'river = "tonglv"\norder = 1', 'river = "nile"\norder = 2'
    )
    assert len(found) == 2 or "stations.toml: station[1].river" in found


def test_settings_come_from_file_and_environment_which_wins(tmp_path: Path) -> None:
    """QINGYUAN_HTTP_PORT over http_port."""
    path = tmp_path / "s.toml"
    path.write_text('http_port = 9000\nsite = "a"\n[broker]\nport = 1884\n')
    settings = load_settings(path, {"QINGYUAN_HTTP_PORT": "9001", "QINGYUAN_BROKER_HOST": "h"})
    assert (settings.http_port, settings.site) == (9001, "a")
    assert (settings.broker.host, settings.broker.port) == ("h", 1884)


def test_every_word_is_used_and_every_key_in_a_template_has_a_word() -> None:
    """Keys that are put together at run time are matched by their beginning."""
    words = Words.load("zh-CN").texts
    sources = [*ROOT.glob("api/**/*.html"), *ROOT.glob("api/**/*.py"), *ROOT.glob("alerting/*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    for key in words:
        group = key.split(".")[0]
        assert f'"{key}"' in text or f'"{group}.' in text, f"nobody says {key}"
    import re

    for key in re.findall(r"\bt\(\"([a-z.-]+[a-z])\"[,)]", text):
        assert key in words, f"no word for {key}"
