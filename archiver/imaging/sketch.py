"""Facts about one image while they are gathered."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING

from archiver.model.imaging import Decoding, ImageFacts, ImageProblem, ImageTrouble

if TYPE_CHECKING:
    from archiver.model.imaging import (
        CaptureDevice,
        ColourSpace,
        Compression,
        ImageFormat,
        Resolution,
        Tiling,
    )

LONGEST = 200  # characters of a name or date that a file states
_DATE = re.compile(r"(\d{4})[:/-](\d{2})[:/-](\d{2})(?:[ T](\d{2}):(\d{2}):(\d{2}))?")
_MOST_PROBLEMS = 200  # of one image; a damaged file may have one at every strip


@dataclass
class Sketch:
    """The same fields as ImageFacts, still changing."""

    format: ImageFormat
    size: int
    version: str = ""
    width: int = 0
    height: int = 0
    bits: tuple[int, ...] = ()
    samples: int = 0
    alpha: int = 0
    is_floating: bool = False
    subsampling: tuple[int, int] | None = None
    colour: ColourSpace | None = None
    colour_name: str = ""
    compression: Compression | None = None
    resolution: Resolution | None = None
    icc_profile: str = ""
    orientation: int = 0
    frames: int = 0
    little_endian: bool | None = None
    tiling: Tiling | None = None
    captured: str = ""
    device: CaptureDevice | None = None
    maker: str = ""
    model: str = ""
    software: str = ""
    decoding: Decoding = Decoding.NOT
    decoding_note: str = ""
    validity: str = ""
    problems: list[ImageProblem] = field(default_factory=list)

    def fault(self, trouble: ImageTrouble, detail: str, offset: int | None = None) -> None:
        """Note a trouble; the same one is noted once, and not more than 200 in all."""
        problem = ImageProblem(trouble, detail, offset)
        if problem not in self.problems and len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(problem)

    def has(self, *troubles: ImageTrouble) -> bool:
        """Whether one of these was noted."""
        return any(problem.trouble in troubles for problem in self.problems)

    @property
    def is_broken(self) -> bool:
        """Whether there is no use in decoding."""
        return self.has(ImageTrouble.TRUNCATED, ImageTrouble.DAMAGED, ImageTrouble.OVERSIZE, ImageTrouble.UNRECOGNISED)

    def facts(self) -> ImageFacts:
        """What was gathered."""
        values = {part.name: getattr(self, part.name) for part in fields(self)}
        return ImageFacts(**{**values, "problems": tuple(self.problems)})


def stated(raw: bytes | str) -> str:
    """Words that a file states: up to the first NUL, white space folded, at most 200 characters."""
    if isinstance(raw, bytes):
        begun = raw.split(b"\0")[0]
        try:
            words = begun.decode("utf-8")
        except UnicodeDecodeError:
            words = begun.decode("latin-1")
    else:
        words = raw.replace("\0", " ")
    return " ".join(words.split())[:LONGEST]


def moment(raw: bytes | str, zone: str = "") -> str:
    """A date of Exif or TIFF as ISO 8601; empty when it is none (0000:00:00, words)."""
    from datetime import datetime

    match = _DATE.match(stated(raw))
    if match is None:
        return ""
    try:
        found = datetime(*(int(part or 0) for part in match.groups()))  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return ""
    if match[4] is None:
        return found.date().isoformat()
    offset = stated(zone)
    return found.isoformat() + (offset if re.fullmatch(r"[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)", offset) else "")
