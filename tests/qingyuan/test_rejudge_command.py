"""`qingyuan rejudge`: what the settings of now say of the past, said before it is changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from config.settings import Settings
from config.vocabulary.errors import FaultyInput
from config.vocabulary.quality import Cause
from ingest.quality.again import Changes, Rejudging
from qingyuan.commands.records import importing, rejudge
from qingyuan.maintenance.tasks import TASKS
from qingyuan.runtime.admin import listening
from qingyuan.runtime.site import opened

STATION, SERIES = "tonglv-jinsha", "tonglv-jinsha/w01009"
DAYS = ["--from", "2026-03-01", "--to", "2026-03-02"]
SPAN = 1_772_294_400_000, 1_772_467_199_999
WOULD, CHANGED = "would change: 56 readings become", "changed: 56 readings become"


@pytest.fixture
def data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A centre that took two days of oxygen, fourteen hours of them still, and never judged them."""
    folder = tmp_path / "data"
    folder.mkdir()
    value = [9.37 if 60 <= row < 116 else 9 + row % 7 * 0.11 for row in range(192)]
    rows = [
        f"2026-03-{1 + row // 96:02} {row % 96 // 4:02}:{row % 4 * 15:02},{of:.2f}"
        for row, of in enumerate(value)
    ]
    file = tmp_path / "in.csv"
    file.write_text("\n".join(["time,DO", *rows]))
    where = [str(file), "--data", str(folder), "--station", STATION, "--time", "time"]
    assert importing.run([*where, "--map", "DO=w01009"]) == 0
    capsys.readouterr()
    return folder


def test_given_a_past_never_judged_when_it_is_asked_then_it_is_said_and_only_then_changed(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside a running centre too; what was changed changes nothing when it is done again."""

    def printed(*more: str) -> str:
        assert rejudge.run([STATION, *DAYS, "--data", str(data), *more]) == 0
        return capsys.readouterr().out

    first = printed()
    assert WOULD in first
    assert printed() == first
    with opened(Settings(data_dir=data)) as resources, listening(resources, TASKS):
        findings = resources.shared.findings
        assert findings.of(SERIES, *SPAN) == []
        assert CHANGED in printed("--apply")
        (found,) = findings.of(SERIES, *SPAN)
        assert found.cause is Cause.FLAT_LINE
        assert findings.since(0)
    assert "nothing changes" in printed("--apply")


def test_given_other_settings_when_the_past_is_judged_anew_then_what_they_allow_is_good_again(
    data: Path,
) -> None:
    """A station whose water may stand still for a day."""
    with opened(Settings(data_dir=data)) as resources:
        shared = resources.shared
        parts = resources.journal, shared.kept, shared.findings
        Rejudging(*parts, shared.catalogue).judge(SERIES, SPAN, SPAN[1])
        station = replace(
            shared.catalogue.stations[STATION], quality={"w01009": {"flat": {"hours": 24}}}
        )
        stations = {**shared.catalogue.stations, STATION: station}
        milder = Rejudging(*parts, replace(shared.catalogue, stations=stations))

        assert milder.changes(SERIES, SPAN, SPAN[1]) == Changes(cleared=56)
        milder.judge(SERIES, SPAN, SPAN[1])

        assert shared.findings.of(SERIES, *SPAN) == []
        assert milder.changes(SERIES, SPAN, SPAN[1]) == Changes()


def test_a_mistake_names_the_option_and_the_remedy(data: Path) -> None:
    where = ["--data", str(data)]
    with pytest.raises(FaultyInput, match="unknown station 'atlantis'; use one of"):
        rejudge.run(["atlantis", *DAYS, *where])
    with pytest.raises(FaultyInput, match="--code: 'a34004' is not measured there"):
        rejudge.run([STATION, *DAYS, "--code", "a34004", *where])
    with pytest.raises(FaultyInput, match="--from: 'soon' is not a date"):
        rejudge.run([STATION, "--from", "soon", *where])
