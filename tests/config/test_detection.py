"""Results below detection as people read them."""

from __future__ import annotations

import pytest

from config.vocabulary.detection import half, limit_of, reading
from config.vocabulary.quality import Cause


@pytest.mark.parametrize(
    ("limit", "decimals", "text"),
    [
        (0.02, 2, "<0.02"),
        (0.02, 3, "<0.020"),
        (0.004, 2, "<0.004"),
        (0.00004, 3, "<0.00004"),
        (0.025, 2, "<0.025"),
        (5, 0, "<5"),
        (10, 0, "<10"),
        (0.5, 0, "<0.5"),
        (20, 1, "<20.0"),
    ],
)
def test_a_result_below_detection_is_shown_with_its_limit_and_no_other(
    limit: float, decimals: int, text: str
) -> None:
    """In the indicator's decimals, and with more where fewer would name another limit."""
    value = half(limit)
    assert reading(value, Cause.UNDETECTED, decimals) == text
    assert limit_of(value, Cause.UNDETECTED) == limit


def test_what_was_detected_is_shown_as_it_is() -> None:
    """Also below what its instrument can tell, and where there is no value."""
    assert reading(0.01, Cause.NORMAL, 2) == "0.01"
    assert reading(0.01, Cause.BELOW_DETECTION, 2) == "0.01"
    assert limit_of(0.01, Cause.CORRECTED) is None
    assert limit_of(None, Cause.UNDETECTED) is None
