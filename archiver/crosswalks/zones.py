"""Blocks of layout documents → boxes on pages, so that an article can be pointed at on the image of its page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.model.export import Box

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.model.export import ExportedFile, ExportedIssue, ExportedPage, ExportedPlace
    from archiver.model.layout import LayoutPage

MOST_LAYOUT = 32 * 1024 * 1024  # bytes of a layout document that is read for its boxes
_FORMS = ("text/xml", "application/xml", "text/html", "application/xhtml+xml")


def layout_files(issue: ExportedIssue) -> tuple[ExportedFile, ...]:
    """The files that may be layout documents of pages, of a size that is read."""
    found = (file for page in issue.pages for file in page.files)
    return tuple(dict.fromkeys(file for file in found if file.media_type in _FORMS and file.size <= MOST_LAYOUT))


def with_boxes(issue: ExportedIssue, content: Callable[[ExportedFile], bytes | None]) -> ExportedIssue:
    """The issue with a box for every block that an article stands in, and the sizes that layouts give their pages.

    `content` has the bytes of a file, or None where they cannot be had. A document that cannot be read leaves its
    blocks without a box: rules on the package say why.
    """
    read = {file.identifier: _page(file, content(file)) for file in layout_files(issue)}
    known = {name: page for name, page in read.items() if page is not None and page.width and page.height}
    boxes = {(name, block): box for name, page in known.items() for block, box in _boxes(page).items()}
    return replace(
        issue,
        pages=tuple(_sized(page, known) for page in issue.pages),
        articles=tuple(
            replace(
                article,
                places=tuple(
                    (page, tuple(_boxed(place, boxes) for place in places)) for page, places in article.places
                ),
            )
            for article in issue.articles
        ),
    )


def _page(file: ExportedFile, content: bytes | None) -> LayoutPage | None:
    """The one page of a layout document; None when it has none, several, or is no such document."""
    from archiver.layout.reading import read_layout, recognise

    if content is None or recognise(content) is None:
        return None
    document = read_layout(content, file.path)
    return document.pages[0] if len(document.pages) == 1 else None


def _boxes(page: LayoutPage) -> dict[str, Box]:
    width, height = page.width or 0.0, page.height or 0.0
    return {
        block.identifier: Box(block.zone.x, block.zone.y, block.zone.width, block.zone.height, width, height)
        for block in page.blocks
        if block.identifier and block.zone is not None and block.zone.width > 0 and block.zone.height > 0
    }


def _boxed(place: ExportedPlace, boxes: dict[tuple[str, str], Box]) -> ExportedPlace:
    box = boxes.get((place.file, place.block)) if place.block else None
    return place if box is None else replace(place, box=box)


def _sized(page: ExportedPage, known: dict[str, LayoutPage]) -> ExportedPage:
    found = next((known[file.identifier] for file in page.files if file.identifier in known), None)
    return page if found is None else replace(page, width=found.width or 0, height=found.height or 0)
