"""Facts of an image → MIX 2.0 (ANSI/NISO Z39.87), for techMD of METS. What a file does not say is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.metadata.xml import Element, add, make
from archiver.model.imaging import CaptureDevice, ColourSpace, ImageFormat

if TYPE_CHECKING:
    from fractions import Fraction

    from archiver.model.imaging import ImageFacts

_ORIENTATIONS = (
    "normal*",
    "normal, image flipped",
    "normal, rotated 180°",
    "normal, image flipped, rotated 180°",
    "normal, image flipped, rotated cw 90°",
    "normal, rotated ccw 90°",
    "normal, image flipped, rotated ccw 90°",
    "normal, rotated cw 90°",
)
_JPEG2000 = {ImageFormat.JP2, ImageFormat.JPX, ImageFormat.J2K}


def mix(facts: ImageFacts, *, puid: str = "") -> Element:
    """The mix element of one image; `puid` is its PRONOM identifier, if there is one.

    Size, digests and names are in PREMIS and METS and not repeated here. Elements without content are left out, so an
    image that could not be read makes an element with its format alone.
    """
    root = make("mix:mix")
    _object(root, facts, puid)
    _image(root, facts)
    _capture(root, facts)
    _assessment(root, facts)
    return root


def _object(root: Element, facts: ImageFacts, puid: str) -> None:
    """BasicDigitalObjectInformation: format, byte order, compression."""
    part = add(root, "mix:BasicDigitalObjectInformation")
    designation = add(part, "mix:FormatDesignation")
    _fact(designation, "formatName", facts.format.media_type)
    _fact(designation, "formatVersion", facts.version)
    if puid:
        registry = add(part, "mix:FormatRegistry")
        _fact(registry, "formatRegistryName", "PRONOM")
        _fact(registry, "formatRegistryKey", puid)
    if facts.little_endian is not None:
        _fact(part, "byteOrder", "little endian" if facts.little_endian else "big endian")
    if facts.compression is not None:
        _fact(add(part, "mix:Compression"), "compressionScheme", facts.compression.scheme)


def _image(root: Element, facts: ImageFacts) -> None:
    """BasicImageInformation: size, colour space, and what is special to JPEG 2000."""
    if not (facts.width and facts.height):
        return
    part = add(root, "mix:BasicImageInformation")
    basics = add(part, "mix:BasicImageCharacteristics")
    _fact(basics, "imageWidth", facts.width)
    _fact(basics, "imageHeight", facts.height)
    colour = add(basics, "mix:PhotometricInterpretation")
    if facts.colour is not None:
        _fact(colour, "colorSpace", facts.colour_name or facts.colour.value)
    if facts.icc_profile:
        profile = add(add(colour, "mix:ColorProfile"), "mix:IccProfile")
        _fact(profile, "iccProfileName", facts.icc_profile)
    if facts.subsampling is not None and facts.colour is ColourSpace.YCBCR and set(facts.subsampling) <= {1, 2, 4}:
        sampling = add(add(colour, "mix:YCbCr"), "mix:YCbCrSubSampling")
        _fact(sampling, "yCbCrSubsampleHoriz", facts.subsampling[0])
        _fact(sampling, "yCbCrSubsampleVert", facts.subsampling[1])
    if facts.format in _JPEG2000 and facts.tiling is not None:
        options = add(add(add(part, "mix:SpecialFormatCharacteristics"), "mix:JPEG2000"), "mix:EncodingOptions")
        tiles = add(options, "mix:Tiles")
        _fact(tiles, "tileWidth", facts.tiling.width)
        _fact(tiles, "tileHeight", facts.tiling.height)
        if facts.tiling.layers:
            _fact(options, "qualityLayers", facts.tiling.layers)
            _fact(options, "resolutionLevels", facts.tiling.levels + 1)  # each decomposition adds one to the first


def _capture(root: Element, facts: ImageFacts) -> None:
    """ImageCaptureMetadata: when, with what, which way up."""
    part = add(root, "mix:ImageCaptureMetadata")
    general = add(part, "mix:GeneralCaptureInformation")
    _fact(general, "dateTimeCreated", facts.captured)
    _fact(general, "captureDevice", facts.device.value if facts.device is not None else "")
    if not len(general):
        part.remove(general)
    if facts.maker or facts.model or facts.software:
        _device(part, facts)
    if facts.orientation:
        _fact(part, "orientation", _ORIENTATIONS[facts.orientation - 1])
    if not len(part):
        root.remove(part)


def _device(part: Element, facts: ImageFacts) -> None:
    """Make and model: of a camera when the image tells one, else of a scanner, as TIFF defines those tags."""
    if facts.device is CaptureDevice.CAMERA:
        if not (facts.maker or facts.model):
            return
        camera = add(part, "mix:DigitalCameraCapture")
        _fact(camera, "digitalCameraManufacturer", facts.maker)
        if facts.model:
            _fact(add(camera, "mix:DigitalCameraModel"), "digitalCameraModelName", facts.model)
        return
    scanner = add(part, "mix:ScannerCapture")
    _fact(scanner, "scannerManufacturer", facts.maker)
    if facts.model:
        _fact(add(scanner, "mix:ScannerModel"), "scannerModelName", facts.model)
    if facts.software:
        _fact(add(scanner, "mix:ScanningSystemSoftware"), "scanningSoftwareName", facts.software)


def _assessment(root: Element, facts: ImageFacts) -> None:
    """ImageAssessmentMetadata: resolution, samples."""
    part = add(root, "mix:ImageAssessmentMetadata")
    if facts.resolution is not None:
        metrics = add(part, "mix:SpatialMetrics")
        _fact(metrics, "samplingFrequencyUnit", facts.resolution.unit.value)
        _fraction(add(metrics, "mix:xSamplingFrequency"), facts.resolution.x)
        _fraction(add(metrics, "mix:ySamplingFrequency"), facts.resolution.y)
    if facts.bits:
        encoding = add(part, "mix:ImageColorEncoding")
        bits = add(encoding, "mix:BitsPerSample")
        for value in facts.bits:
            _fact(bits, "bitsPerSampleValue", value)
        _fact(bits, "bitsPerSampleUnit", "floating point" if facts.is_floating else "integer")
        _fact(encoding, "samplesPerPixel", facts.samples)
        for _ in range(facts.alpha):
            _fact(encoding, "extraSamples", "unspecified data")
    if not len(part):
        root.remove(part)


def _fact(parent: Element, name: str, value: str | int) -> None:
    """A child with content; none where there is no content."""
    if value != "":
        add(parent, f"mix:{name}", None, str(value))


def _fraction(parent: Element, value: Fraction) -> None:
    _fact(parent, "numerator", value.numerator)
    if value.denominator != 1:
        _fact(parent, "denominator", value.denominator)
