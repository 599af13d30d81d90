"""The canvases of a manifest: a page with its image, its layout document, its words, and parts for articles."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from archiver.crosswalks.tongues import tag

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.model.export import Box, ExportedFile, ExportedIssue, ExportedPage, ExportedPlace, ExportTerms

Json = dict[str, Any]
# A page without an image has no size in pixels. It gets the shape of a sheet of A3.
BARE_WIDTH, BARE_HEIGHT = 1000, 1414
_FRAGMENTS = "http://www.w3.org/TR/media-frags/"
_LARGEST = 1_000_000  # a side of a canvas; a layout document may state anything
_SHOWN = ("image/jpeg", "image/png", "image/gif", "image/webp")  # what browsers show


def both(english: str, chinese: str) -> Json:
    """A label in English and in simplified Chinese."""
    return {"en": [english], "zh-Hans": [chinese]}


def words(said: str | Sequence[str], tongue: str) -> dict[str, list[str]]:
    """Words in one language, in the form of a language map; "none" where the language is not known."""
    return {tongue or "none": [said] if isinstance(said, str) else list(said)}


class CanvasMaker:
    """Makes the canvases of one issue."""

    def __init__(self, issue: ExportedIssue, terms: ExportTerms) -> None:
        self._issue, self._terms = issue, terms
        self._tongue = tag(issue.language, issue.script) or "none"
        self._files = {file.identifier: file for file in issue.files}
        numbers = [page.number for page in issue.pages]
        self._are_unique = len(set(numbers)) == len(numbers) and all(numbers)

    def canvas(self, page: ExportedPage) -> Json:
        """The canvas of a page. One that was not deposited keeps its place, empty, and says so."""
        own = self._uri(page)
        width, height = _size(page)
        label = words(page.label or page.number, self._tongue) if page.received else self._absent(page)
        found: Json = {"id": own, "type": "Canvas", "label": label, "width": width, "height": height}
        if not page.received:
            found["summary"] = both("This page was not deposited.", "本版未缴送。")
            found["items"] = []
            return found
        others = [file for file in page.files if not file.is_image]
        documents = [file for file in others if file.media_type in {"text/xml", "application/xml", "text/html"}]
        shown = _painted(page)
        if documents:
            found["seeAlso"] = [self._linked(file, "Dataset", "Layout document", "版面文件") for file in documents]
        rendering = [
            self._linked(file, "Image", "Master image", "母版图像") for file in page.images if file is not shown
        ]
        rendering += [self._linked(file, "Text", "Page", "版面") for file in others if file not in documents]
        if rendering:
            found["rendering"] = rendering
        found["items"] = [self._painting(own, page, shown)] if shown is not None else []
        texts = list(self._texts(own, page))
        if texts:
            found["annotations"] = [{"id": f"{own}/text", "type": "AnnotationPage", "items": texts}]
        return found

    def parts(self, page: ExportedPage, places: Sequence[ExportedPlace]) -> Iterator[Json]:
        """The parts of a page that places are, in their order; the page as a whole where no place has a box."""
        boxes = [place.box for place in places if place.box is not None]
        size = _size(page)
        if not boxes:
            yield {"id": self._uri(page), "type": "Canvas"}
        for box in boxes:
            yield {
                "type": "SpecificResource",
                "source": self._uri(page),
                "selector": {"type": "FragmentSelector", "conformsTo": _FRAGMENTS, "value": _fragment(box, size)},
            }

    def _uri(self, page: ExportedPage) -> str:
        own = page.number if self._are_unique else page.identifier
        return self._terms.uri(self._issue.identifier, f"canvas/{quote(own, safe='')}")

    def _absent(self, page: ExportedPage) -> Json:
        """The label of a page that was not deposited, in the language of the issue where that is Chinese."""
        if self._tongue.startswith("zh"):
            return {self._tongue: [f"{page.label}(未缴送)"], "en": [f"Page {page.number} (not deposited)"]}
        return words(f"{page.label or page.number} (not deposited)", self._tongue)

    def _file(self, file: ExportedFile) -> str:
        return self._terms.uri(self._issue.identifier, quote(file.path))

    def _painting(self, own: str, page: ExportedPage, image: ExportedFile) -> Json:
        width, height = _size(page)
        body: Json = {"id": self._file(image), "type": "Image", "format": image.media_type}
        body |= {"width": image.width or width, "height": image.height or height}
        annotation: Json = {"id": f"{own}/image/annotation", "type": "Annotation", "motivation": "painting"}
        return {"id": f"{own}/image", "type": "AnnotationPage", "items": [annotation | {"body": body, "target": own}]}

    def _linked(self, file: ExportedFile, kind: str, english: str, chinese: str) -> Json:
        label = both(english, chinese)
        return {"id": self._file(file), "type": kind, "label": label, "format": file.media_type}

    def _texts(self, own: str, page: ExportedPage) -> Iterator[Json]:
        """The words of the page: bytes of a transcript, as Web Annotation selects bytes (`end` is the first behind)."""
        for number, place in enumerate(page.places, 1):
            file = self._files.get(place.file)
            if file is None or place.begin is None or place.end is None:
                continue
            source = {"id": self._file(file), "type": "Text", "format": file.media_type}
            selector = {"type": "DataPositionSelector", "start": place.begin, "end": place.end}
            yield {
                "id": f"{own}/text/{number}",
                "type": "Annotation",
                "motivation": "supplementing",
                "body": {"type": "SpecificResource", "source": source, "selector": selector},
                "target": own,
            }


def _painted(page: ExportedPage) -> ExportedFile | None:
    """The image to be shown: one that browsers can show, else the master."""
    fit = (image for image in page.images if image.media_type in _SHOWN)
    return next(fit, page.images[0] if page.images else None)


def _size(page: ExportedPage) -> tuple[int, int]:
    """Width and height of a canvas: the master's pixels, else the size that a layout document states, else A3."""
    measured = next(((image.width, image.height) for image in page.images if image.width and image.height), None)
    if measured is not None:
        return measured
    stated = (page.width, page.height)
    if all(math.isfinite(side) and 1 <= side <= _LARGEST for side in stated):
        return round(page.width), round(page.height)
    return BARE_WIDTH, BARE_HEIGHT


def _fragment(box: Box, size: tuple[int, int]) -> str:
    """The box in whole units of the canvas, within it and never empty."""
    width, height = size
    across, down = width / box.page_width, height / box.page_height
    left, top = (
        min(max(0, math.floor(value)), side - 1) for value, side in ((box.x * across, width), (box.y * down, height))
    )
    right = max(left + 1, min(width, math.ceil((box.x + box.width) * across)))
    bottom = max(top + 1, min(height, math.ceil((box.y + box.height) * down)))
    return f"xywh={left},{top},{right - left},{bottom - top}"
