"""The picture in a mail: where its lines lie, and that it can always be drawn."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from alerting.channels.picture import (
    BOTTOM,
    COLOURS,
    HEIGHT,
    LEFT,
    LIMIT,
    RIGHT,
    TOP,
    WIDTH,
    Curve,
    drawn,
    in_latin,
    marked,
)
from config.vocabulary.time import DAY_MS, HOUR_MS, MINUTE_MS

FROM_MS = 1_796_047_860_000
RED, BLUE, BROWN = (tuple(bytes.fromhex(each[1:])) for each in (LIMIT, *COLOURS))


def curve(*values: float, every_ms: int = 10 * MINUTE_MS, name: str = "") -> Curve:
    t_ms = FROM_MS + np.arange(len(values), dtype=np.int64) * every_ms
    return Curve(t_ms, np.array(values, dtype=np.float64), name)


def pixels(
    curves: Sequence[Curve], limit: float | None = None, span_ms: int = HOUR_MS
) -> np.ndarray:
    """Of a picture, by row and column."""
    png = drawn(curves, limit, "mg/L", FROM_MS, FROM_MS + span_ms)
    with Image.open(io.BytesIO(png)) as image:
        assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
        return np.asarray(image.convert("RGB")).astype(int)


def rows_of(colour: tuple[int, ...], found: np.ndarray, column: int) -> list[int]:
    """Rows of a column inside the axes that have about this colour."""
    inside = found[TOP + 2 : HEIGHT - BOTTOM - 2, column]
    near = np.abs(inside - np.array(colour)).sum(axis=1) < 90
    return [int(row) + TOP + 2 for row in np.flatnonzero(near)]


def columns_of(colour: tuple[int, ...], found: np.ndarray) -> set[int]:
    """Columns inside the axes that have about this colour somewhere."""
    return {at for at in range(LEFT + 2, WIDTH - RIGHT) if rows_of(colour, found, at)}


MIDDLE = (HEIGHT - BOTTOM + TOP) // 2


class TestLines:
    def test_a_curve_goes_through_its_readings(self) -> None:
        """From nought at the lower left to the highest mark at the upper right."""
        found = pixels([curve(0, 2, 4, 6, 8, 10, 12, every_ms=10 * MINUTE_MS)])
        column = (LEFT + WIDTH - RIGHT) // 2
        assert marked([0, 12]) == [0, 5, 10, 15]
        rows = rows_of(BLUE, found, column)
        expected = HEIGHT - BOTTOM - 6 / 15 * (HEIGHT - TOP - BOTTOM)
        assert rows
        assert abs(np.mean(rows) - expected) < 2
        early, late = rows_of(BLUE, found, LEFT + 20), rows_of(BLUE, found, WIDTH - RIGHT - 20)
        assert np.mean(early) > np.mean(rows) > np.mean(late)

    def test_two_curves_have_colours_of_their_own(self) -> None:
        found = pixels([curve(7, 7, 7, 7, 7, 7, 7), curve(2, 2, 2, 2, 2, 2, 2)])
        column = LEFT + 100
        assert np.mean(rows_of(BLUE, found, column)) < np.mean(rows_of(BROWN, found, column))

    def test_the_limit_is_a_line_of_its_own(self) -> None:
        found = pixels([curve(0, 0, 0, 10)], limit=5.0)
        rows = {row for at in range(LEFT + 40, WIDTH - RIGHT) for row in rows_of(RED, found, at)}
        assert rows
        assert max(rows) - min(rows) <= 3
        assert abs(np.mean(list(rows)) - MIDDLE) < 3

    def test_without_a_limit_there_is_none(self) -> None:
        assert not columns_of(RED, pixels([curve(0, 1, 2)]))

    def test_a_limit_above_every_reading_is_in_the_picture(self) -> None:
        found = pixels([curve(1, 1, 1, 1)], limit=25.0)
        assert columns_of(RED, found)
        assert columns_of(BLUE, found)

    @pytest.mark.parametrize("gap", ["nan", "inf", "pause"])
    def test_a_gap_is_left_open(self, gap: str) -> None:
        """Nobody reads a line where nothing was measured."""
        if gap == "pause":
            t_ms = FROM_MS + np.array([0, 1, 2, 3, 27, 28, 29, 30], dtype=np.int64) * 2 * MINUTE_MS
            found = pixels([Curve(t_ms, np.full(8, 5.0))])
        else:
            found = pixels([curve(5, 5, float(gap), float(gap), float(gap), 5, 5)])
        columns = columns_of(BLUE, found)
        assert columns
        assert not columns & set(range(LEFT + 120, WIDTH - RIGHT - 120))

    def test_readings_before_and_after_the_span_are_left_out(self) -> None:
        t_ms = np.array([FROM_MS - HOUR_MS, FROM_MS + HOUR_MS // 2, FROM_MS + 3 * HOUR_MS])
        found = pixels([Curve(t_ms, np.array([900.0, 5.0, 900.0]))])
        columns = columns_of(BLUE, found)
        assert columns
        assert max(columns) - min(columns) < 12

    def test_one_reading_is_a_dot(self) -> None:
        middle = Curve(np.array([FROM_MS + HOUR_MS // 2]), np.array([5.0]))
        assert len(columns_of(BLUE, pixels([middle]))) in range(4, 10)


class TestAxes:
    @pytest.mark.parametrize(
        ("values", "marks"),
        [
            ([], [0, 0.5, 1]),
            ([7.0], [0, 2, 4, 6, 8]),
            ([0.0], [0, 0.5, 1]),
            ([6.8, 7.2], [6.8, 6.9, 7.0, 7.1, 7.2]),
            ([1, 3], [0, 1, 2, 3]),
            ([-5, 5], [-5, 0, 5]),
            ([-3.0], [-3, -2, -1, 0]),
            ([0.001, 0.004], [0, 0.001, 0.002, 0.003, 0.004]),
            ([0, 12000], [0, 5000, 10000, 15000]),
        ],
    )
    def test_values_are_marked_by_round_ones(
        self, values: list[float], marks: list[float]
    ) -> None:
        assert marked(values) == pytest.approx(marks)

    @given(st.lists(st.floats(-1e6, 1e6), min_size=1))
    def test_the_marks_enclose_every_value(self, values: list[float]) -> None:
        marks = marked(values)
        width = marks[1] - marks[0]
        assert 2 <= len(marks) <= 8
        assert marks[0] <= min(values) + width * 1e-6
        assert max(values) - width * 1e-6 <= marks[-1]
        assert np.diff(marks) == pytest.approx(width)

    @pytest.mark.parametrize(
        ("unit", "shown"),
        [
            ("mg/L", "mg/L"), ("μg/m³", "ug/m3"), ("µS/cm", "uS/cm"), ("℃", "°C"), ("个/L", "/L"),
            ("a\nb\x00", "ab"),
        ],
    )  # fmt: skip
    def test_units_are_in_letters_that_the_font_has(self, unit: str, shown: str) -> None:
        assert in_latin(unit) == shown

    def test_times_are_those_of_the_district(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """With the day where one begins, from 22:00 to 06:00 in Shanghai."""
        written: list[str] = []
        monkeypatch.setattr(
            "alerting.channels.picture._Pen.write",
            lambda _self, _point, text, *_: written.append(text),
        )
        from_ms = 1_796_047_200_000 - 1_796_047_200_000 % DAY_MS + 14 * HOUR_MS
        drawn([curve(1.0)], None, "mg/L", from_ms, from_ms + 8 * HOUR_MS)
        times = [each for each in written if ":" in each or "/" in each]
        day = str(np.datetime64(from_ms + 10 * HOUR_MS, "ms").astype("datetime64[D]"))[5:]
        assert times == [
            "22:00", "23:00", day.replace("-", "/"), "01:00", "02:00", "03:00", "04:00", "05:00",
            "06:00", "mg/L",
        ]  # fmt: skip


@pytest.mark.parametrize("span_ms", [1, MINUTE_MS, HOUR_MS, DAY_MS, 40 * DAY_MS, 4000 * DAY_MS])
@pytest.mark.parametrize("values", [[], [float("nan")], [0.0, 0.0], [-1e6, 1e6], [1e-6, 2e-6]])
def test_every_picture_can_be_drawn(span_ms: int, values: list[float]) -> None:
    """And is small enough for a mail."""
    png = drawn([curve(*values, name="NH3-N")], 1.0, "mg/L", FROM_MS, FROM_MS + span_ms)
    assert len(png) < 30_000


@pytest.mark.parametrize(("curves", "span_ms"), [(0, 1), (3, 1), (1, 0), (1, -5)])
def test_nothing_else_is_drawn(curves: int, span_ms: int) -> None:
    with pytest.raises(ValueError, match="one or two curves"):
        drawn([curve(1.0)] * curves, None, "mg/L", FROM_MS, FROM_MS + span_ms)
