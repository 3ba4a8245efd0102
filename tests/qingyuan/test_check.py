"""`qingyuan check` says that a district holds, or every fault of its files at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from alerting.channels import making, registry
from config.settings import load
from config.vocabulary.errors import FaultyInput
from qingyuan.commands.centre import check
from qingyuan.runtime.site import open_shared


@pytest.fixture
def copy(tmp_path: Path, district: Path) -> Path:
    return shutil.copytree(district, tmp_path / "copy")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def lines(folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    with pytest.raises(FaultyInput):
        check.run([str(folder)])
    return capsys.readouterr().out.splitlines()


def test_the_demonstration_district_holds(
    district: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line counts what was found."""
    assert check.run([str(district)]) == 0
    assert "2 rivers, 10 stations" in capsys.readouterr().out


def test_rules_and_people_are_not_asked_of_a_box(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder of stations alone is all that an agent needs."""
    (copy / "rules.toml").unlink()
    (copy / "people.toml").unlink()
    assert check.run([str(copy), "--edge"]) == 0
    assert "rules" not in capsys.readouterr().out


def test_all_that_the_centre_would_miss_is_named_at_once(
    copy: Path, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By `check` as by the centre itself, which does not begin; beside faults of what is there."""
    (copy / "rules.toml").unlink()
    (copy / "people.toml").unlink()
    change(copy / "stations.toml", 'target = "III"', 'target = "VII"')
    station, rules, people = lines(copy, capsys)
    assert station.startswith("stations.toml: station[1].target")
    assert rules.startswith(f"{copy / 'rules.toml'}: is missing, and `serve` needs it; write")
    assert people.startswith(f"{copy / 'people.toml'}: is missing, and `serve` needs it; write")
    of_centre = load(None, {"QINGYUAN_CATALOGUE": str(copy)})
    with pytest.raises(FaultyInput) as refused, open_shared(of_centre):
        pass
    assert [str(fault) for fault in refused.value.faults] == [station, rules, people]


def test_a_kind_of_events_that_the_centre_would_refuse_is_named(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its rule may be gone."""
    (copy / "events.toml").write_text(
        '[[kind]]\nid = "spill"\nname = "spill"\nrules = ["gone"]\n', encoding="utf-8"
    )
    (line,) = lines(copy, capsys)
    assert line.startswith("events.toml: kind[1].rules: there is no rule 'gone'")


def test_faults_of_several_files_are_reported_at_once(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Stations and people are mended in one go; each fault is a line of its own."""
    change(copy / "stations.toml", 'river = "tonglv"', 'river = "styx"')
    change(copy / "stations.toml", 'target = "III"', 'target = "VII"')
    change(copy / "people.toml", 'roles = ["deputy"]', 'roles = ["king"]')
    found = lines(copy, capsys)
    assert [line.split(":")[0] for line in found] == ["stations.toml"] * 2 + ["people.toml"]


def test_a_rule_about_an_unknown_indicator_is_reported(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Rules are looked at against the catalogue they stand beside."""
    change(copy / "rules.toml", 'indicator = "w21003"', 'indicator = "w99999"')
    (line,) = lines(copy, capsys)
    assert line.startswith("rules.toml: ")
    assert "w99999" in line


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A settings file without anything."""
    file = tmp_path / "centre.toml"
    file.write_text("", encoding="utf-8")
    return file


def notes(folder: Path, settings: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What `check` notes of a settings file that holds."""
    assert check.run([str(folder), "--settings", str(settings)]) == 0
    found = capsys.readouterr().out.splitlines()
    return [line.removeprefix("note: ") for line in found if line.startswith("note: ")]


def test_what_messages_lack_without_an_address_of_the_pages_and_channels_is_noted(
    copy: Path, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is no fault: a site may want it so; without settings nothing is said of them."""
    public, channel = notes(copy, settings, capsys)
    assert public.startswith("public_url is not set")
    assert channel.startswith("no channel is set")
    settings.write_text('public_url = "https://renda.example"\n', encoding="utf-8")
    assert notes(copy, settings, capsys) == [channel]
    assert check.run([str(copy)]) == 0
    assert "note:" not in capsys.readouterr().out


def test_persons_whom_no_channel_reaches_are_named(
    copy: Path,
    settings: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Deputies and officers alone; an address of a channel's kind is enough."""
    monkeypatch.setitem(registry.MAKERS, "mail", lambda *_: _Mail())  # type: ignore[arg-type]
    settings.write_text(
        'public_url = "https://renda.example"\n'
        '[[channel]]\nname = "mail"\nkind = "mail"\nurl = "smtp://127.0.0.1:25"\n',
        encoding="utf-8",
    )
    change(copy / "people.toml", 'username = "daibiao"', 'username = "daibiao"\nmail = "c@x.cn"')
    here, *unreached = notes(copy, settings, capsys)
    assert here == "channel mail leads to this machine, so its messages do not leave it"
    assert unreached == [
        f"{of} has no address for any channel; give mail" for of in ("huanbao", "xuhui", "gujun")
    ]


class _Mail:
    reaches = "mail"


def test_a_channel_that_does_not_hold_is_a_fault_beside_those_of_the_files(
    copy: Path,
    settings: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All are mended in one go."""

    def refuse(*_: object) -> None:
        raise making.WrongChannelError("url", "names no host", "write one")

    monkeypatch.setitem(registry.MAKERS, "mail", refuse)  # type: ignore[arg-type]
    settings.write_text('[[channel]]\nname = "mail"\nkind = "mail"\n', encoding="utf-8")
    change(copy / "people.toml", 'roles = ["deputy"]', 'roles = ["king"]')
    with pytest.raises(FaultyInput):
        check.run([str(copy), "--settings", str(settings)])
    found = capsys.readouterr().out.splitlines()
    assert found[-1] == "channel[0].url: names no host; write one"
    assert found[0].startswith("people.toml")


def test_a_faulty_rule_of_a_term_is_named(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of the folder law, beside every other fault."""
    (copy / "law").mkdir()
    (copy / "law" / "own.toml").write_text("[[rule]]\nid = 1\n", encoding="utf-8")
    change(copy / "stations.toml", "cadence", "cadense")
    found = lines(copy, capsys)
    assert any(line.startswith("own.toml: file:") for line in found)
    assert any("cadense" in line for line in found)
