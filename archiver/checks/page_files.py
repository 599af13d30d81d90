"""Rules for folders of page images, judged by names: sequence, doubles, words and images together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.page_files import PageTrouble
from archiver.model.report import Fault, Severity
from archiver.plugs import check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.imaging import ExaminedImages

_NOTE = "Ask the depositor whether it exists; if it is lost, note the page as lost."


def _told(images: ExaminedImages, trouble: PageTrouble, remedy: str) -> Iterator[Fault]:
    for issue in images.issues:
        for problem in issue.about(trouble):
            place = problem.paths[0] if problem.paths else issue.folder or None
            yield Fault(problem.detail, place, remedy=remedy)


@check("IMG-020", "No page number is missing", "archiver: page images", needs="images", severity=Severity.WARNING)
def complete(images: ExaminedImages) -> Iterator[Fault]:
    """0002.tif and 0004.tif ask for a 0003.tif."""
    yield from _told(images, PageTrouble.MISSING, _NOTE)


@check("IMG-021", "No page is there twice", "archiver: page images", needs="images", severity=Severity.WARNING)
def once(images: ExaminedImages) -> Iterator[Fault]:
    """Two files of one format and use for one page."""
    yield from _told(images, PageTrouble.DOUBLED, "Ask which of them is meant; none is left out.")


@check("IMG-022", "Words have an image", "archiver: page images", needs="images", severity=Severity.WARNING)
def pictured(images: ExaminedImages) -> Iterator[Fault]:
    """Text or ALTO of a page whose image is absent."""
    yield from _told(images, PageTrouble.NO_IMAGE, _NOTE)


@check("IMG-023", "Every page has words where others have", "archiver: page images", needs="images",
       severity=Severity.NOTICE)  # fmt: skip
def worded(images: ExaminedImages) -> Iterator[Fault]:
    """A page that OCR left out, or that shows pictures alone."""
    yield from _told(images, PageTrouble.NO_TEXT, "Look whether the page has text; ask for its OCR if so.")


@check("IMG-024", "Names fit a convention", "archiver: page images", needs="images", severity=Severity.NOTICE)
def conventional(images: ExaminedImages) -> Iterator[Fault]:
    """A file that is kept, and tied to no page."""
    yield from _told(images, PageTrouble.STRAY, "See docs/page-images.md for the names that tell a page.")


@check("IMG-025", "Folder and file say one date", "archiver: page images", needs="images", severity=Severity.WARNING)
def one_date(images: ExaminedImages) -> Iterator[Fault]:
    """A page that was filed with another issue."""
    yield from _told(
        images, PageTrouble.DATES_DIFFER, "Look at the masthead; ask the depositor where the page belongs."
    )
