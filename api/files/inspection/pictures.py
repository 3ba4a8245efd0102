"""Pictures drawn anew: the right way up, and without position, camera, comments and whatever else
came with them.
"""

from __future__ import annotations

from pathlib import Path

from PIL import (
    GifImagePlugin,
    Image,
    ImageOps,
    ImageSequence,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
)

MOST_PIXELS = 64_000_000
MOST_FRAMES = 500
_FORMATS = {
    "jpg": JpegImagePlugin.JpegImageFile.format,
    "png": PngImagePlugin.PngImageFile.format,
    "webp": WebPImagePlugin.WebPImageFile.format,
    "gif": GifImagePlugin.GifImageFile.format,
}
"""Pillow knows those alone whose modules are loaded."""
_KEPT = ("transparency", "icc_profile", "duration", "background")
"""Parts of a picture that are seen."""


class TooManyPixels(Exception):
    """A picture would fill the memory."""


def cleaned(source: Path, target: Path, kind: str) -> None:
    """Draw a picture anew.

    Raises:
        TooManyPixels
        OSError, SyntaxError, ValueError: it cannot be read.
    """
    Image.MAX_IMAGE_PIXELS = None  # ours is counted over all frames
    with Image.open(source, formats=[_FORMATS[kind]]) as picture:
        frames = min(getattr(picture, "n_frames", 1), MOST_FRAMES + 1)
        moving = kind in ("gif", "webp") and frames > 1
        if picture.width * picture.height * (frames if moving else 1) > MOST_PIXELS:
            raise TooManyPixels
        if moving:
            _save_moving(picture, target, kind)
        elif kind == "jpg":
            _save_jpeg(picture, target)
        else:
            still = _bare(ImageOps.exif_transpose(picture))
            still.save(target, _FORMATS[kind], icc_profile=still.info.get("icc_profile"))


def _save_jpeg(picture: Image.Image, target: Path) -> None:
    """With the same tables: nearly nothing is lost."""
    tables = getattr(picture, "quantization", None)
    sampling = JpegImagePlugin.get_sampling(picture)
    upright = _bare(ImageOps.exif_transpose(picture))
    upright.save(
        target,
        "JPEG",
        qtables=tables,
        subsampling=max(sampling, 0),
        icc_profile=upright.info.get("icc_profile"),
    )


def _save_moving(picture: Image.Image, target: Path, kind: str) -> None:
    frames = [_bare(frame.copy()) for frame in ImageSequence.Iterator(picture)]
    durations = [frame.info.get("duration", 100) for frame in frames]
    frames[0].save(
        target,
        _FORMATS[kind],
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        loop=picture.info.get("loop", 0),
    )


def _bare(picture: Image.Image) -> Image.Image:
    """The picture with nothing beside it."""
    plain = picture.copy()
    plain.info = {name: of for name, of in picture.info.items() if name in _KEPT}
    plain.getexif().clear()
    return plain
