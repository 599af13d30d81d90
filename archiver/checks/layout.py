"""Rules for layout documents (ALTO, PAGE, hOCR): read, complete, consistent, and of the page beside them."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from archiver.model.layout import LayoutTrouble, PageLayout, Unit
from archiver.model.report import Fault, Severity
from archiver.plugs import Skip, check

if TYPE_CHECKING:
    from collections.abc import Iterator

LOW = 0.8  # mean confidence below which the text is not to be relied on
SCALE = 0.01  # share by which the page of a layout may differ from its image in width and height
_AGAIN = "Ask for the layout again from whoever made it, or have the text recognised again."


def _told(layout: PageLayout, *troubles: LayoutTrouble, words: str, remedy: str) -> Iterator[Fault]:
    for problem in layout.document.about(*troubles):
        yield Fault(words.format(problem.detail), layout.path, problem.line, remedy)


def _needs_reading(layout: PageLayout) -> None:
    if not layout.document.is_read:
        raise Skip("the layout document could not be read")


def _form(layout: PageLayout) -> str:
    return layout.document.form.value if layout.document.form else "layout"


@check("LAY-001", "The layout document can be read", "XML 1.0 §2.1; archiver: limits", needs="layout")
def can_be_read(layout: PageLayout) -> Iterator[Fault]:
    """Neither damaged nor beyond the limits, nor something else."""
    refused = (LayoutTrouble.NOT_LAYOUT, LayoutTrouble.NOT_WELL_FORMED, LayoutTrouble.TOO_LARGE)
    words = f"this {_form(layout)} document cannot be read: {{}}"
    yield from _told(layout, *refused, words=words, remedy=_AGAIN)


@check("LAY-002", "The layout document has text", "ALTO: Layout; PAGE: Page; hOCR: ocr_page", needs="layout")
def has_text(layout: PageLayout) -> Iterator[Fault]:
    """A document without a page is an error; one without text may be that of a blank page, and is a warning."""
    _needs_reading(layout)
    yield from _told(layout, LayoutTrouble.EMPTY, words="the layout document is empty: {}", remedy=_AGAIN)
    for problem in layout.document.about(LayoutTrouble.NO_TEXT):
        remedy = "Look at the image: if the page is not blank, have its text recognised again."
        yield Fault(f"the layout document is empty: {problem.detail}", layout.path, None, remedy, Severity.WARNING)


@check(
    "LAY-003",
    "The version of the layout document is known",
    "ALTO: namespace, SCHEMAVERSION; PAGE: namespace",
    needs="layout",
    severity=Severity.WARNING,
)
def version_is_known(layout: PageLayout) -> Iterator[Fault]:
    """What a later version means by a word, archiver cannot know."""
    _needs_reading(layout)
    remedy = "Look whether blocks and text were read as they should; ask for ALTO 4 or PAGE 2019."
    yield from _told(layout, LayoutTrouble.VERSION, words="{}", remedy=remedy)


@check(
    "LAY-004", "Coordinates are numbers that can be", "ALTO: HPOS, VPOS, WIDTH, HEIGHT; PAGE: Coords", needs="layout"
)
def coordinates_can_be(layout: PageLayout) -> Iterator[Fault]:
    """No infinity, no negative width, no page of a kilometre."""
    _needs_reading(layout)
    yield from _told(layout, LayoutTrouble.COORDINATES, words="a coordinate cannot be: {}", remedy=_AGAIN)


@check(
    "LAY-005",
    "Everything lies on its page",
    "ALTO: Page; PAGE: Coords; hOCR: bbox",
    needs="layout",
    severity=Severity.WARNING,
)
def lies_on_the_page(layout: PageLayout) -> Iterator[Fault]:
    """A zone outside of the page shows that sizes and places come from different images."""
    _needs_reading(layout)
    remedy = "Look whether the layout was made from this image, at this resolution."
    yield from _told(layout, LayoutTrouble.OUTSIDE, words="{}", remedy=remedy)


@check("LAY-006", "Identifiers stand once", "XML Schema Part 2 §3.3.8 (ID)", needs="layout")
def identifiers_stand_once(layout: PageLayout) -> Iterator[Fault]:
    """Articles are tied to blocks by them."""
    _needs_reading(layout)
    yield from _told(layout, LayoutTrouble.DUPLICATE, words="{}", remedy=_AGAIN)


@check("LAY-007", "What is referred to is there", "XML Schema Part 2 §3.3.9 (IDREF)", needs="layout")
def references_hold(layout: PageLayout) -> Iterator[Fault]:
    """A reading order that names a block which is not there has lost it, or is that of another page."""
    _needs_reading(layout)
    remedy = f"{_AGAIN} The blocks that are there are read in the order that is left."
    yield from _told(layout, LayoutTrouble.REFERENCE, words="{}", remedy=remedy)


@check(
    "LAY-008",
    "Confidence is stated",
    "ALTO: WC; PAGE: TextEquiv conf; hOCR: x_wconf",
    needs="layout",
    severity=Severity.NOTICE,
)
def confidence_is_stated(layout: PageLayout) -> Iterator[Fault]:
    """Without it nobody can tell which text was doubtful."""
    _needs_reading(layout)
    found = layout.document.confidence()
    if found.words and not found.stated:
        remedy = "Nothing to do for corrected text; else ask for the output of the OCR program as it was."
        yield Fault(f"none of {found.words} words has a confidence", layout.path, remedy=remedy)


@check("LAY-009", "The text was recognised well", "archiver: layout", needs="layout", severity=Severity.NOTICE)
def recognised_well(layout: PageLayout) -> Iterator[Fault]:
    """The mean of what the OCR program says of its own certainty."""
    _needs_reading(layout)
    found = layout.document.confidence()
    if found.mean is not None and found.mean < LOW:
        words = f"the mean confidence is {found.mean:.2f} (below {LOW:.2f}); {found.doubtful} of {found.stated} words"
        remedy = "Read the headlines in the report against the image; the text is kept as it came."
        yield Fault(f"{words} are below 0.50", layout.path, remedy=remedy)


@check(
    "LAY-010",
    "The page states its size and unit",
    "ALTO: Page, MeasurementUnit; PAGE: imageWidth, imageHeight; hOCR: bbox",
    needs="layout",
    severity=Severity.WARNING,
)
def states_its_size(layout: PageLayout) -> Iterator[Fault]:
    """Coordinates mean nothing without it."""
    _needs_reading(layout)
    remedy = "Ask how the layout was made; zones of it cannot be shown on the image."
    yield from _told(layout, LayoutTrouble.PAGE_SIZE, LayoutTrouble.UNIT, words="{}", remedy=remedy)


@check(
    "LAY-011",
    "The layout names the image it lies beside",
    "ALTO: sourceImageInformation; PAGE: imageFilename; hOCR: image",
    needs="layout",
    severity=Severity.WARNING,
)
def names_its_image(layout: PageLayout) -> Iterator[Fault]:
    """By name alone, without folder and extension: the image may have been converted since."""
    _needs_reading(layout)
    if not layout.image:
        raise Skip("no image lies beside the layout")
    for image in sorted({page.image for page in layout.document.pages if page.image}):
        if _stem(image) != _stem(layout.image):
            remedy = "Look at both: if the text is of another page, put the layout beside its own image."
            yield Fault(f"the layout is of {image}, the image is {layout.image}", layout.path, remedy=remedy)


@check(
    "LAY-012",
    "The layout has the size of its image",
    "ALTO: Page; PAGE: imageWidth, imageHeight; hOCR: bbox",
    needs="layout",
    severity=Severity.WARNING,
)
def has_the_size_of_its_image(layout: PageLayout) -> Iterator[Fault]:
    """A layout in pixels whose page is larger or smaller than the image was made from another one."""
    _needs_reading(layout)
    if layout.image_size is None:
        raise Skip("the size of the image is not known")
    width, height = layout.image_size
    for page in layout.document.pages:
        if page.unit is not Unit.PIXEL or not page.width or not page.height:
            continue
        if abs(page.width - width) > SCALE * width or abs(page.height - height) > SCALE * height:
            sizes = f"{page.width:g} × {page.height:g}, the image {width} × {height} pixels"
            remedy = "Zones are scaled when they are shown; look whether the shapes of page and image agree."
            yield Fault(f"page {page.position} of the layout has {sizes}", layout.path, remedy=remedy)


@check("LAY-013", "The text has no control characters", "XML 1.0 §2.2", needs="layout", severity=Severity.WARNING)
def no_controls(layout: PageLayout) -> Iterator[Fault]:
    """Nor signs that a character was lost."""
    _needs_reading(layout)
    yield from _told(layout, LayoutTrouble.CONTROL_CHARACTER, words="{}", remedy=_AGAIN)


@check(
    "LAY-014",
    "Confidence lies between 0 and 1",
    "ALTO: WC, PC; PAGE: conf; hOCR: x_wconf (0 to 100)",
    needs="layout",
    severity=Severity.WARNING,
)
def confidence_can_be(layout: PageLayout) -> Iterator[Fault]:
    """A value on another scale is not taken for one on this."""
    _needs_reading(layout)
    yield from _told(layout, LayoutTrouble.CONFIDENCE, words="{}", remedy="Ask which scale the program used.")


def _stem(image: str) -> str:
    """The name of an image without folder and extension, in small letters: of a path, a Windows path or an address."""
    name = posixpath.basename(unquote(image.split("?")[0]).replace("\\", "/")).casefold()
    return posixpath.splitext(name)[0]
