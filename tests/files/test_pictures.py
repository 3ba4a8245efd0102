"""Pictures are kept without what they do not show."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from api.files.receiving import Receiver
from tests.files.conftest import packed, photo, picture, saved


def kept(receiver: Receiver, name: str, content: bytes) -> bytes:
    """The content as it lies in the folder."""
    stored = receiver.received(name, io.BytesIO(content))
    return receiver.contents.path(stored.sha256).read_bytes()


def test_given_a_photo_of_a_phone_when_it_is_kept_then_it_stands_upright_and_tells_nothing(
    receiver: Receiver,
) -> None:
    """Neither position nor camera, owner and comment; and the picture is still the same."""
    sent = photo()
    assert all(of in sent for of in (b"Huawei", b"secret remark", b"Exif"))
    content = kept(receiver, "照片.jpg", sent)
    assert not any(of in content for of in (b"Huawei", b"secret remark", b"Exif"))
    with Image.open(io.BytesIO(content)) as drawn, Image.open(io.BytesIO(sent)) as first:
        assert drawn.size == (40, 60)
        assert not drawn.getexif()
        assert not drawn.getexif().get_ifd(0x8825)
        assert drawn.getpixel((19, 5))[0] == pytest.approx(first.getpixel((5, 20))[0], abs=3)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_given_a_picture_of_another_kind_then_it_loses_position_and_remarks_too(
    receiver: Receiver, kind: str
) -> None:
    """Chunks of text, comments, XMP."""
    exif = Image.Exif()
    exif[0x010F] = "Huawei"
    options = {"exif": exif} if kind != "GIF" else {"comment": b"Huawei"}
    sent = picture(kind, **options)
    assert b"Huawei" in sent
    assert b"Huawei" not in kept(receiver, f"x.{kind.lower()}", sent)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_given_a_picture_that_is_an_archive_or_a_page_too_then_only_the_picture_is_kept(
    receiver: Receiver, kind: str
) -> None:
    """Whatever hangs on behind the last row is gone."""
    archive = packed({"evil.txt": b"evil"})
    sent = picture(kind) + archive + b"<script>alert(1)</script>"
    content = kept(receiver, f"x.{kind.lower()}", sent)
    assert b"PK\x03\x04" not in content
    assert b"<script>" not in content


def test_given_a_picture_that_is_a_script_too_then_nothing_of_it_runs(receiver: Receiver) -> None:
    """A width that begins a comment, which ends behind the picture: ``GIF89a/* … */=1;…``."""
    gif = picture("GIF")
    content = kept(receiver, "x.gif", gif[:6] + b"/*" + gif[8:] + b"*/=1;alert(1)")
    assert b"alert" not in content


def test_given_a_moving_picture_then_it_still_moves(receiver: Receiver) -> None:
    """Every frame, each as long as it was."""
    frames = [Image.new("RGB", (8, 8), of) for of in ("red", "green", "blue")]

    def save(into: io.BytesIO) -> None:
        frames[0].save(into, "GIF", save_all=True, append_images=frames[1:], duration=70)

    with Image.open(io.BytesIO(kept(receiver, "x.gif", saved(save)))) as drawn:
        assert (drawn.n_frames, drawn.info["duration"]) == (3, 70)


def test_given_colours_of_a_profile_then_the_profile_stays(receiver: Receiver) -> None:
    """Otherwise the picture would look paler than it was."""
    profile = b"icc" * 50
    with Image.open(io.BytesIO(kept(receiver, "x.jpg", picture(icc_profile=profile)))) as drawn:
        assert drawn.info["icc_profile"] == profile
