"""Page images, with their words beside them or without: folders arranged by names, each file judged by its content."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from archiver.imaging import arrange
from archiver.imaging.page_names import read_name
from archiver.model.gathered import FileKind, GatheredPage, IssuePlan
from archiver.model.given import given
from archiver.model.layout import BlockKind
from archiver.model.page_files import PageUse
from archiver.model.taken import Piece, PieceKind, TakenText
from archiver.model.transcript import SourceIssue
from archiver.sources.deriving import derive
from archiver.sources.documents import other_materials
from archiver.sources.page_files import examine_images, read_layouts
from archiver.sources.transcript import read_text, read_transcript

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.model.gathered import SortedFile
    from archiver.model.given import Given
    from archiver.model.layout import LayoutBlock, LayoutDocument, PageLayout
    from archiver.model.page_files import FoundIssue, FoundPage

_HEADINGS = {"heading", "headline", "header-article", "title-article"}
_WORDS = (FileKind.TEXT, FileKind.DOCUMENT)
_ABOUT = ("readme", "licence", "license")  # texts beside the pages that are no transcript


class PagesReader:
    """Takes page images, layout documents and texts by page for issues, as their names arrange them."""

    form = "page images"
    order = 50

    def plans(self, files: Sequence[SortedFile]) -> tuple[list[IssuePlan], list[SortedFile]] | None:
        """An issue for each group of pages; None when no page is shown by an image or a layout document."""
        if not any(each.kind in {FileKind.IMAGE, FileKind.LAYOUT} for each in files):
            return None
        known = {each.name: each for each in files}
        found = arrange(list(known))
        paged = [issue for issue in found if any(_shows(known, page) for page in issue.pages)]
        if not paged:
            return None
        own = {name for issue in paged for name in issue.paths}
        rest = [each for each in files if each.name not in own]
        if len(paged) == 1:  # whatever else there is belongs to the one issue
            return [self._plan(_dated_by_folder(paged[0], files[0]), files)], []
        return [self._plan(issue, [known[name] for name in issue.paths]) for issue in paged], rest

    def _plan(self, issue: FoundIssue, files: Sequence[SortedFile]) -> IssuePlan:
        paged = {name for page in issue.pages for name in page.paths}
        others = [each for each in files if each.name not in paged and not _is_about(each.name)]
        words = [each for each in others if each.kind in _WORDS]
        return IssuePlan(
            self.form,
            issue.folder or issue.name or str(files[0].file.path.parent),
            tuple(files),
            words=words[0] if len(words) == 1 else None,
            arranged=issue,
            given=_told_by_names(issue),
        )

    def read(self, plan: IssuePlan) -> SourceIssue:
        """Examine the images, read the words: of the one transcript, else of layout documents, else of texts a page."""
        assert plan.arranged is not None  # _plan gives it
        pages = _pages(plan)
        images = examine_images(plan)
        layouts = tuple(read_layouts(plan, pages, images))
        files = [each.file for each in plan.files]
        shared = {"name": plan.name, "pages": pages, "images": images, "layouts": layouts, "given": plan.given}
        if plan.words is not None:
            own = read_text(plan.words, [each for each in plan.files if each is not plan.words])
            return SourceIssue(
                own.transcript,
                own.companions,
                arranged=plan.arranged,
                derived=own.derived,
                losses=own.losses,
                materials=own.materials,
                **shared,  # type: ignore[arg-type]
            )
        taken = words_of_layouts(layouts, pages) if layouts else _words_of_texts(plan, pages)
        place = files[0].path.parent if len(files) > 1 else files[0].path
        return SourceIssue(
            derive(taken, place),
            tuple(files),
            arranged=plan.arranged,
            materials=other_materials(plan.files),
            **shared,  # type: ignore[arg-type]
        )


READER = PagesReader()


def words_of_layouts(layouts: Sequence[PageLayout], pages: Sequence[GatheredPage]) -> TakenText:
    """The text of layout documents, page by page in reading order, a blank line between blocks."""
    number_of = {page.layout: page.number for page in pages if page.layout}
    forms = {layout.document.form.value for layout in layouts if layout.document.form is not None}
    pieces = [piece for layout in layouts for piece in _pieces(layout.document, number_of)]
    count = len(layouts)
    basis = f"{' and '.join(sorted(forms)) or 'layout'}, {count} document{'s' if count != 1 else ''}"
    return TakenText(tuple(pieces), basis)


def _pieces(document: LayoutDocument, number_of: dict[str, int]) -> Iterator[Piece]:
    for page in document.pages:
        for block in page.in_reading_order():
            texts = [" ".join(line.text.split()) for line in block.lines]
            kind = _kind(block)
            for text in texts:
                if text:
                    yield Piece(text, kind, number_of.get(document.name, 0), document.name, block.identifier)
            if any(texts):
                yield Piece("")


def _kind(block: LayoutBlock) -> PieceKind:
    label = block.label.lower()
    if block.kind is BlockKind.ADVERT or label == "advertisement":
        return PieceKind.ADVERT
    if label in _HEADINGS and len(block.lines) == 1:  # a heading of several lines cannot be told from several headings
        return PieceKind.HEADING
    return PieceKind.CAPTION if label == "caption" else PieceKind.TEXT


def _words_of_texts(plan: IssuePlan, pages: Sequence[GatheredPage]) -> TakenText:
    """Texts deposited page by page, as one; a page that cannot be read is a fault with its name."""
    pieces: list[Piece] = []
    faults = []
    count = 0
    for page in pages:
        for name in page.texts[:1]:
            file = plan.file(name)
            if file is None:
                continue
            transcript = read_transcript(file.file)
            faults += [type(fault)(fault.trouble, f"{name}: {fault.detail}", fault.line) for fault in transcript.faults]
            pieces += [Piece(line.text, page=page.number) for line in transcript.lines]
            count += 1
    return TakenText(
        tuple(pieces), f"text, {count} page{'s' if count != 1 else ''}" if count else "", (), tuple(faults)
    )


def _shows(known: dict[str, SortedFile], page: FoundPage) -> bool:
    return any(known[name].kind in {FileKind.IMAGE, FileKind.LAYOUT} for name in page.paths)


def _is_about(name: str) -> bool:
    return PurePosixPath(name).stem.lower() in _ABOUT


def _dated_by_folder(issue: FoundIssue, file: SortedFile) -> FoundIssue:
    """The issue with the date and edition that the name of the deposit's own folder tells, where no other name does."""
    folder = file.file.path.parents[file.name.count("/")].name
    told = read_name(f"{folder}/{file.name}").placed
    if issue.date is not None or told.date is None:
        return issue
    return replace(issue, folder=folder, date=told.date, edition=issue.edition or told.edition)


def _told_by_names(issue: FoundIssue) -> tuple[Given, ...]:
    origin = f"the name of {issue.folder or issue.name or 'the deposit'}"
    told = given(origin, issued=issue.date, is_hint=True, edition=issue.edition)
    return (told,) if told.values else ()


def _pages(plan: IssuePlan) -> tuple[GatheredPage, ...]:
    """The pages in their order, with those missing between them where pages are counted through."""
    assert plan.arranged is not None  # asserted by the caller
    found = plan.arranged.pages
    counted = all(not page.number.section and not page.number.side for page in found)
    pages: list[GatheredPage] = []
    for page in found:
        if counted and found[0].number.number <= 1:
            base = 1 - found[0].number.number  # some count from 0
            while len(pages) + 1 < page.number.number + base:
                pages.append(GatheredPage(len(pages) + 1))
        pages.append(_page(plan, page, len(pages) + 1))
    return tuple(pages)


def _page(plan: IssuePlan, page: FoundPage, number: int) -> GatheredPage:
    kinds = {each.name: each.kind for each in plan.files}
    layouts = [name for name in page.of(PageUse.OCR) if kinds.get(name) is FileKind.LAYOUT]
    return GatheredPage(
        number,
        "" if str(page.number) == str(number) else str(page.number),
        tuple(name for name in page.of(PageUse.MASTER, PageUse.SERVICE) if kinds.get(name) is FileKind.IMAGE),
        layouts[0] if layouts else "",
        tuple(name for name in page.of(PageUse.TEXT) if kinds.get(name) is FileKind.TEXT),
        page.of(PageUse.DOCUMENT),
    )
