"""Rules for images, each by itself: whole, decodable, within limits, what they say they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.imaging import Decoding, ImageFormat, ImageTrouble
from archiver.model.report import Fault, Severity
from archiver.plugs import Skip, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.imaging import ExaminedImage, ExaminedImages

_AGAIN = "Take another copy of the file; where there is none, scan the page again."
_ASK = "Ask the depositor which it is; keep the file as it came."
_GRAVE = (ImageTrouble.TRUNCATED, ImageTrouble.DAMAGED, ImageTrouble.OVERSIZE, ImageTrouble.UNRECOGNISED)


def _told(images: ExaminedImages, trouble: ImageTrouble, remedy: str) -> Iterator[Fault]:
    """The problems of one kind, the first of each image in full and the others counted."""
    for image in images.images:
        found = image.facts.about(trouble)
        if not found:
            continue
        first, more = found[0], len(found) - 1
        words = first.detail if first.offset is None else f"{first.detail} (byte {first.offset})"
        yield Fault(words + (f"; and {more} more of the kind" if more else ""), image.path, remedy=remedy)


def _sound(images: ExaminedImages) -> Iterator[ExaminedImage]:
    """Images that no graver rule has spoken of."""
    return (image for image in images.images if not image.facts.about(*_GRAVE))


@check("IMG-001", "The image is whole", "TIFF 6.0, PNG, JPEG, JPEG 2000", needs="images")
def whole(images: ExaminedImages) -> Iterator[Fault]:
    """It goes to its end, and every strip, tile and tile part lies inside the file."""
    yield from _told(images, ImageTrouble.TRUNCATED, _AGAIN)


@check("IMG-002", "The image can be decoded", "TIFF 6.0, PNG, JPEG, JPEG 2000", needs="images")
def decodable(images: ExaminedImages) -> Iterator[Fault]:
    """Its structure holds, its sums agree, and its compressed pixels can be undone."""
    yield from _told(images, ImageTrouble.DAMAGED, _AGAIN)


@check("IMG-003", "The image is within limits", "archiver: limits", needs="images")
def within_limits(images: ExaminedImages) -> Iterator[Fault]:
    """An image that is small as a file and enormous in memory is not decoded."""
    remedy = "Do not open it in other programs; find out where it comes from. A true page is larger as a file."
    yield from _told(images, ImageTrouble.OVERSIZE, remedy)


@check("IMG-004", "The file is an image", "archiver: images", needs="images")
def recognised(images: ExaminedImages) -> Iterator[Fault]:
    """What was named as an image begins as one."""
    yield from _told(images, ImageTrouble.UNRECOGNISED, _AGAIN)


@check("IMG-005", "The name says the format", "archiver: images", needs="images", severity=Severity.WARNING)
def rightly_named(images: ExaminedImages) -> Iterator[Fault]:
    """A JPEG that is called .tif is lossy, whatever its name promises."""
    yield from _told(images, ImageTrouble.MISLABELLED, _ASK)


@check("IMG-006", "The format is one that page images are kept in", "archiver: images", needs="images",
       severity=Severity.WARNING)  # fmt: skip
def archival(images: ExaminedImages) -> Iterator[Fault]:
    """GIF has 256 colours at most, WebP is made for the web."""
    yield from _told(images, ImageTrouble.NOT_ARCHIVAL, "Ask the depositor for the TIFF, JPEG 2000 or PNG behind it.")


@check("IMG-007", "The file holds one page", "archiver: images", needs="images", severity=Severity.WARNING)
def one_page(images: ExaminedImages) -> Iterator[Fault]:
    """Of a TIFF of several pages, most programs show the first."""
    yield from _told(images, ImageTrouble.SEVERAL_PAGES, "Ask the depositor for one file a page, or note the others.")


@check("IMG-008", "The image stands still", "archiver: images", needs="images", severity=Severity.WARNING)
def still(images: ExaminedImages) -> Iterator[Fault]:
    """An animation is no page."""
    yield from _told(images, ImageTrouble.ANIMATED, _ASK)


@check("IMG-009", "The resolution is stated", "archiver: images", needs="images", severity=Severity.NOTICE)
def measured(images: ExaminedImages) -> Iterator[Fault]:
    """Without it nobody can tell how large the sheet was, or whether small print was caught."""
    sound = {image.path for image in _sound(images)}
    for fault in _told(images, ImageTrouble.NO_RESOLUTION, "Ask how the page was scanned, and note it."):
        if fault.path in sound:
            yield fault


@check("IMG-010", "The colour space is a usual one", "archiver: images", needs="images", severity=Severity.NOTICE)
def usual_colour(images: ExaminedImages) -> Iterator[Fault]:
    """CMYK and Lab are shown differently from program to program; transparency means nothing on paper."""
    yield from _told(images, ImageTrouble.UNUSUAL_COLOUR, "Look at the image in two programs, and note what is meant.")


@check("IMG-011", "The JP2 file is valid", "ISO/IEC 15444-1, by jpylyzer", needs="images")
def valid(images: ExaminedImages) -> Iterator[Fault]:
    """jpylyzer judges every box and marker. A file that is cut or damaged has its own rule."""
    files = [image for image in images.images if image.facts.format is ImageFormat.JP2]
    unjudged = [image for image in files if image.facts.validity.startswith("not judged")]
    yield from _told(images, ImageTrouble.INVALID, "Ask whoever made it to make it again with a current encoder.")
    sound = [image for image in unjudged if image.facts.is_sound]
    if sound:
        raise Skip(f"{len(sound)} of {len(files)} JP2 files, {sound[0].path} first: {sound[0].facts.validity}")


@check("IMG-012", "Every pixel was decoded", "archiver: images", needs="images", severity=Severity.NOTICE)
def decoded(images: ExaminedImages) -> Iterator[Fault]:
    """What was not decoded is not known to be whole."""
    for image in _sound(images):
        facts = image.facts
        if facts.decoding is not Decoding.WHOLE and facts.format.is_archival:
            words = "pixels were " + ("" if facts.decoding is Decoding.NOT else "decoded ") + facts.decoding.value
            yield Fault(f"{words}: {facts.decoding_note or 'the limits are set so'}", image.path,
                        remedy="Look at the image yourself, or raise the limit.")  # fmt: skip


@check("IMG-013", "Nothing stands after the image", "archiver: images", needs="images", severity=Severity.NOTICE)
def nothing_behind(images: ExaminedImages) -> Iterator[Fault]:
    """Bytes after the end are shown by no viewer."""
    yield from _told(images, ImageTrouble.TRAILING, "Find out what they are; the file is kept as it came.")
