"""Decoding by Pillow, under limits that were looked at before.

Pillow's own guard is a number that the whole process shares (Image.MAX_IMAGE_PIXELS), and it is judged in Image.open.
It is neither read nor changed here: the class of the format is used directly, on data whose size has been read and held
against our limits by our own walk; what is over a limit is found, never warned of. Nothing else is left to Pillow that
makes it warn, since a filter for warnings is shared by the process as well.
"""

from __future__ import annotations

import importlib.util
import io
from typing import TYPE_CHECKING

from archiver.imaging import libtiff

if TYPE_CHECKING:
    from archiver.model.imaging import ImageLimits

RATIO = 200  # times that an image of more than `memory` bytes may expand


def absent() -> str:
    """Why nothing can be decoded by Pillow; empty when it can."""
    if importlib.util.find_spec("PIL") is None:
        return "Pillow is not installed (pip install 'archiver[images]')"
    return ""


def expands(full: int, length: int, limits: ImageLimits) -> bool:
    """Whether `length` bytes that make `full` bytes of pixels are made to fill a memory rather than to show a page."""
    return full > limits.memory and full > RATIO * max(length, 1)


def decode_tiff(data: bytes) -> str:
    """Decode a small TIFF. Returns why it cannot be; empty when it was."""
    from PIL import Image
    from PIL.TiffImagePlugin import TiffImageFile

    def opening() -> object:
        image = TiffImageFile(io.BytesIO(data))
        # Made beforehand, else Pillow judges the size by its own guard once more.
        image.im = Image.core.new(image.mode, image.size)  # type: ignore[attr-defined]
        return image

    with libtiff.heard() as said:
        failed = _loaded(opening)
    more = f" and {len(said) - 1} more" if len(said) > 1 else ""
    return f"{said[0][:200]}{more}" if said else failed


def decode_jpeg(data: bytes, *, eighth: bool) -> str:
    """Decode a JPEG stream, all of its codes, at an eighth of its size when that is enough to prove them."""
    from PIL.JpegImagePlugin import JpegImageFile

    def opening() -> object:
        image = JpegImageFile(io.BytesIO(data))
        if eighth:
            image.draft(None, (max(1, image.size[0] // 8), max(1, image.size[1] // 8)))
        return image

    return _loaded(opening)


def decode_codestream(data: bytes, *, reduce: int) -> str:
    """Decode a JPEG 2000 codestream without its `reduce` finest levels."""
    from PIL.Jpeg2KImagePlugin import Jpeg2KImageFile

    def opening() -> object:
        image = Jpeg2KImageFile(io.BytesIO(data))
        if reduce:
            image.reduce = reduce
        return image

    return _loaded(opening)


def _loaded(opening: object) -> str:
    """Load what `opening` opens. A decoder may fail on hostile data in any way; each is one answer."""
    try:
        image = opening()  # type: ignore[operator]
        try:
            image.load()
        finally:
            image.close()
    except MemoryError:
        return "it takes more memory than there is"
    except Exception as error:  # noqa: BLE001
        words = " ".join(str(error).split()) or type(error).__name__
        return words[:200]
    return ""
