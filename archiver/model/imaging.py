"""Images as found: what a file says of its pixels, how it was made, and what is wrong with it, as facts for rules."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fractions import Fraction

    from archiver.model.page_files import FoundIssue


class ImageFormat(enum.Enum):
    """A format of image, told by its first bytes: name, media type, the suffixes of its files, whether it is kept."""

    def __init__(self, title: str, media_type: str, suffixes: tuple[str, ...], is_archival: bool) -> None:
        self.title = title  # its name in prose
        self.media_type = media_type  # as registered
        self.suffixes = suffixes  # what names of such files end in, without the dot, in small letters
        self.is_archival = is_archival  # whether page images are usually kept in it

    TIFF = ("TIFF", "image/tiff", ("tif", "tiff"), True)
    JP2 = ("JPEG 2000 (JP2)", "image/jp2", ("jp2",), True)
    JPX = ("JPEG 2000 (JPX)", "image/jpx", ("jpx", "jpf", "jp2"), True)
    J2K = ("JPEG 2000 codestream", "image/j2c", ("j2k", "j2c", "jpc"), True)
    PNG = ("PNG", "image/png", ("png",), True)
    JPEG = ("JPEG", "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), True)
    GIF = ("GIF", "image/gif", ("gif",), False)
    WEBP = ("WebP", "image/webp", ("webp",), False)
    NONE = ("no image", "application/octet-stream", (), False)


SUFFIXES = frozenset(suffix for form in ImageFormat for suffix in form.suffixes)  # of every format known here


class ColourSpace(enum.Enum):
    """How samples are meant. The values are the terms that MIX and TIFF use."""

    WHITE_IS_ZERO = "WhiteIsZero"
    BLACK_IS_ZERO = "BlackIsZero"
    RGB = "RGB"
    SRGB = "sRGB"
    PALETTE = "PaletteColor"
    MASK = "TransparencyMask"
    CMYK = "CMYK"
    YCBCR = "YCbCr"
    YCCK = "YCCK"
    SYCC = "sYCC"
    CIELAB = "CIELab"
    ICCLAB = "ICCLab"
    OTHER = "other"

    @property
    def is_usual(self) -> bool:
        """Whether every viewer shows it as meant: grey, RGB, a palette, and the YCbCr of JPEG."""
        return self in _USUAL


_USUAL = {
    ColourSpace.WHITE_IS_ZERO,
    ColourSpace.BLACK_IS_ZERO,
    ColourSpace.RGB,
    ColourSpace.SRGB,
    ColourSpace.PALETTE,
    ColourSpace.YCBCR,
    ColourSpace.SYCC,
}


class ResolutionUnit(enum.Enum):
    """What a resolution is counted by. A file that counts by the metre is recounted by the centimetre."""

    NONE = "no absolute unit of measurement"  # a ratio of width to height of a pixel, and no more
    INCH = "in."
    CENTIMETRE = "cm"


class CaptureDevice(enum.Enum):
    """What took the image. The values are the terms of MIX."""

    FILM_SCANNER = "transmission scanner"
    SCANNER = "reflection print scanner"
    CAMERA = "digital still camera"


class ImageTrouble(enum.Enum):
    """What can be wrong with an image, or worth a look. Each kind is judged by one rule."""

    UNRECOGNISED = "no known image"
    TRUNCATED = "it ends early"
    DAMAGED = "it cannot be decoded"
    OVERSIZE = "it is beyond a limit"
    MISLABELLED = "its name says another format"
    NOT_ARCHIVAL = "a format that page images are not kept in"
    SEVERAL_PAGES = "several pages in one file"
    ANIMATED = "it moves"
    NO_RESOLUTION = "no resolution stated"
    UNUSUAL_COLOUR = "an unusual colour space"
    INVALID = "it breaks its own standard"
    TRAILING = "bytes after the end"


@dataclass(frozen=True, slots=True)
class ImageProblem:
    """One trouble with one image: `detail` is a clause with both values; `offset` counts bytes from 0."""

    trouble: ImageTrouble
    detail: str
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """Pixels by unit, across and down."""

    x: Fraction
    y: Fraction
    unit: ResolutionUnit

    @property
    def per_inch(self) -> tuple[float, float] | None:
        """Pixels by inch, across and down; None when no unit is stated."""
        if self.unit is ResolutionUnit.NONE:
            return None
        scale = 2.54 if self.unit is ResolutionUnit.CENTIMETRE else 1.0
        return float(self.x) * scale, float(self.y) * scale


@dataclass(frozen=True, slots=True)
class Compression:
    """How pixels are compressed. `is_lossless` is None when the file does not tell; `quality` says what it does."""

    scheme: str  # the term of MIX and TIFF: "Uncompressed", "LZW", "JPEG 2000 Lossy", …
    is_lossless: bool | None
    quality: str = ""  # "about 85 of 100", "6 layers", "bit rate 0.8 a sample"


@dataclass(frozen=True, slots=True)
class Tiling:
    """The parts of an image that can be read alone, in pixels, and the JPEG 2000 figures that go with them."""

    width: int
    height: int
    layers: int = 0
    levels: int = 0


class Decoding(enum.Enum):
    """How far pixels were decoded."""

    WHOLE = "every pixel"
    REDUCED = "at a lower resolution"  # the finest levels of JPEG 2000 were left out
    NOT = "not decoded"


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """What an image may ask of us. Beyond `size` or `pixels` it is not decoded at all and found (OVERSIZE)."""

    size: int = 4 << 30  # bytes of a file
    pixels: int = 600_000_000  # a broadsheet of 60 × 80 cm at 800 pixels by inch has 476 million
    memory: int = 256 << 20  # bytes that one piece may take while it is decoded
    decode: int = 600_000_000  # pixels that are decoded at most; 0: structure only
    slow: int = 24_000_000  # pixels of JPEG 2000 decoded at most; beyond it, at a lower resolution
    validate: int = 96 << 20  # bytes of JP2 that jpylyzer is given at most; 0: never


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What an image is. 0, None and empty stand for what the file does not say."""

    format: ImageFormat
    size: int  # bytes
    version: str = ""  # "6.0", "BigTIFF", "1.02"
    width: int = 0  # pixels, as stored
    height: int = 0
    bits: tuple[int, ...] = ()  # by sample
    samples: int = 0  # by pixel
    alpha: int = 0  # of them, samples that are no colour
    is_floating: bool = False  # samples are floating-point numbers
    subsampling: tuple[int, int] | None = None  # of YCbCr: pixels across and down that share their colour
    colour: ColourSpace | None = None
    colour_name: str = ""  # what the file calls a colour space that is OTHER
    compression: Compression | None = None
    resolution: Resolution | None = None
    icc_profile: str = ""  # its description; "(without a name)" where there is one that tells none
    orientation: int = 0  # 1 to 8, as TIFF and Exif count
    frames: int = 0  # pages or pictures; thumbnails and smaller copies are not counted
    little_endian: bool | None = None
    tiling: Tiling | None = None
    captured: str = ""  # date or date and time, ISO 8601, as the device wrote it
    device: CaptureDevice | None = None
    maker: str = ""
    model: str = ""
    software: str = ""
    decoding: Decoding = Decoding.NOT
    decoding_note: str = ""  # why less than every pixel was decoded
    validity: str = ""  # who judged the file by its standard, or why nobody did
    problems: tuple[ImageProblem, ...] = ()

    @property
    def pixels(self) -> int:
        """Width by height."""
        return self.width * self.height

    @property
    def is_sound(self) -> bool:
        """Whether it is an image, whole, decodable and within limits."""
        return self.format is not ImageFormat.NONE and not self.about(
            ImageTrouble.TRUNCATED, ImageTrouble.DAMAGED, ImageTrouble.OVERSIZE, ImageTrouble.UNRECOGNISED
        )

    def about(self, *troubles: ImageTrouble) -> tuple[ImageProblem, ...]:
        """The problems of these kinds."""
        return tuple(problem for problem in self.problems if problem.trouble in troubles)


@dataclass(frozen=True, slots=True)
class ExaminedImage:
    """An image with the path that reports call it by."""

    path: str
    facts: ImageFacts


@dataclass(frozen=True, slots=True)
class ExaminedImages:
    """All images of a deposit, and the issues their names make: what the rules for images judge."""

    images: tuple[ExaminedImage, ...]
    issues: tuple[FoundIssue, ...] = ()
