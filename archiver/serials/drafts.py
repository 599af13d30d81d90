"""Articles while their lines are gathered: one line after another is put where it belongs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.model.serial import ArticleKind, ParagraphKind
from archiver.serials.bylines import read_bylines
from archiver.serials.line_kinds import LineKind, resumption
from archiver.serials.numerals import number
from archiver.serials.paragraphs import Block

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping, Sequence

    from archiver.model.profile import ArticleForms
    from archiver.model.serial import Byline
    from archiver.model.transcript import Line


@dataclass(frozen=True, slots=True)
class Resumption:
    """Words such as "continued from page 1": their line, that page where it is told, and the headline they name."""

    line: int
    page: int | None
    headline: str = ""


@dataclass(slots=True)
class Draft:
    """An article while its lines are gathered; with `resumes`, the part of an article that began elsewhere."""

    headline: str
    line: Line
    page: int
    kind: ArticleKind = ArticleKind.ARTICLE
    section: str = ""
    section_line: int | None = None
    resumes: Resumption | None = None
    blocks: list[Block] = field(default_factory=list)
    bylines: list[Byline] = field(default_factory=list)
    last: Line | None = None
    blanks: list[list[int]] = field(default_factory=lambda: [[]])  # runs of blank lines since the last paragraph
    parts: list[Draft] = field(default_factory=list)  # where it goes on behind other articles

    @property
    def end(self) -> Line:
        """Its last line, without those of its parts."""
        return self.last or self.line


class Gathering:
    """Puts the lines of a body into articles, and finds where pages begin."""

    def __init__(self, forms: ArticleForms, known: Mapping[int, int], starts: list[tuple[int, int]]) -> None:
        """`known` are pages by the line they begin at; `starts` the pages so far, with the index of their first."""
        self.forms, self.known, self.starts = forms, known, starts
        self.drafts: list[Draft] = []
        self._section: tuple[str, int | None] = ("", None)
        self._advertised = False  # everything in this section is an advertisement
        self._heading: Draft | None = None  # of a section or an advertisement, whose article has not begun yet

    def gather(self, lines: Sequence[Line], kinds: Sequence[LineKind], first: int, in_index: set[int]) -> None:
        """Take every line from index `first` on."""
        for index in range(first, len(lines)):
            line, kind = lines[index], kinds[index]
            if line.number in self.known and self.known[line.number] != self.page:
                self.starts.append((self.known[line.number], index))
            if kind is LineKind.BLANK:
                if self.drafts:
                    self.drafts[-1].blanks[-1].append(line.number)
                continue
            if kind is LineKind.PAGE:
                self._lone_advertisement()
                self.starts.append((_page(self.forms.page_marker, line) or self.page + 1, index))
            elif kind is not LineKind.POINTER and line.number not in in_index:
                self._take(line, kind)
            if self.drafts:
                self.drafts[-1].blanks.append([])
        self._lone_advertisement()

    @property
    def page(self) -> int:
        """The page that lines stand on now."""
        return self.starts[-1][0]

    def _take(self, line: Line, kind: LineKind) -> None:
        if kind is LineKind.SECTION:
            self._begin_section(line)
        elif kind is LineKind.ADVERTISEMENT:
            self._lone_advertisement()
            self._heading = self._draft(_words(self.forms.advertisement, "headline", line), line)
            self._heading.kind = ArticleKind.ADVERTISEMENT
        elif kind is LineKind.HEADLINE:
            draft = self._draft(_words(self.forms.headline, "headline", line), line)
            if self._heading is not None and self._heading.kind is ArticleKind.ADVERTISEMENT:
                draft.kind = ArticleKind.ADVERTISEMENT
            self._heading = None
            self.drafts.append(draft)
        elif kind is LineKind.RESUMED:
            self._resume(line)
        else:
            if self._heading is not None:  # words that have no headline of their own are called as their heading
                if self._advertised:
                    self._heading.kind = ArticleKind.ADVERTISEMENT
                self.drafts.append(self._heading)
                self._heading = None
            if self.drafts:
                self._put(self.drafts[-1], line, kind)

    def _draft(self, headline: str, line: Line) -> Draft:
        kind = ArticleKind.ADVERTISEMENT if self._advertised else ArticleKind.ARTICLE
        return Draft(headline, line, self.page, kind, *self._section, last=line)

    def _begin_section(self, line: Line) -> None:
        self._lone_advertisement()
        form, text = self.forms.advertisement, line.text.strip()
        self._section = (_words(self.forms.section, "section", line), line.number)
        self._advertised = form is not None and form.fullmatch(text) is not None
        self._heading = self._draft(self._section[0], line)
        self._heading.kind = ArticleKind.ARTICLE  # the heading of a section is no advertisement without words

    def _lone_advertisement(self) -> None:
        """An advertisement without words of its own, a picture most likely, is one all the same."""
        if self._heading is not None and self._heading.kind is ArticleKind.ADVERTISEMENT:
            self.drafts.append(self._heading)
            self._heading = None

    def _resume(self, line: Line) -> None:
        """A part of an article begins: under the headline that was printed again, or under none."""
        text = line.text.strip()
        found = resumption(text, self.forms)
        if found is None:
            return
        self._lone_advertisement()
        self._heading = None
        last = self.drafts[-1] if self.drafts else None
        begun = last is None or last.resumes or last.blocks or last.bylines or last.page != self.page
        if last is None or begun or found.is_headline:
            last = self._draft("", line)
            self.drafts.append(last)
        last.resumes = Resumption(line.number, found.page, found.headline or last.headline)
        last.last = line
        if text[found.end :].strip():
            begin = len(line.text) - len(line.text.lstrip()) + found.end
            last.blocks.append(Block([line], self.page, begin=begin))

    def _put(self, draft: Draft, line: Line, kind: LineKind) -> None:
        if kind is LineKind.BYLINE:
            draft.bylines.extend(read_bylines(line, self.forms))
        elif kind in _KINDS:
            self._heading_or_picture(draft, line, kind)
        else:
            _extend(draft, line, self.page)
        draft.last = line

    def _heading_or_picture(self, draft: Draft, line: Line, kind: LineKind) -> None:
        last = draft.blocks[-1] if draft.blocks else None
        if kind is LineKind.CAPTION and last is not None and draft.last is last.lines[-1] and last.is_mark:
            last.lines.append(line)
        else:
            mark = kind is LineKind.ILLUSTRATION
            draft.blocks.append(Block([line], self.page, kind=_KINDS[kind], marks=int(mark)))
        draft.blanks = [[]]


_KINDS = {
    LineKind.SUBHEAD: ParagraphKind.SUBHEAD,
    LineKind.CAPTION: ParagraphKind.ILLUSTRATION,
    LineKind.ILLUSTRATION: ParagraphKind.ILLUSTRATION,
}


def _extend(draft: Draft, line: Line, page: int) -> None:
    last = draft.blocks[-1] if draft.blocks else None
    follows = last is not None and line.number == last.lines[-1].number + 1
    if last is not None and follows and not last.is_mark and last.kind is not ParagraphKind.SUBHEAD:
        last.lines.append(line)
    else:
        longest: list[int] = max(draft.blanks, key=len)
        draft.blocks.append(Block([line], page, tuple(longest)))
    draft.blanks = [[]]


def _words(form: re.Pattern[str] | None, group: str, line: Line) -> str:
    """The words of a heading: those of the group, else the whole line without heading marks."""
    text = line.text.strip()
    match = form.fullmatch(text) if form is not None else None
    words = (match.groupdict().get(group) or "").strip() if match else ""
    return words or text.lstrip("#").strip() or text


def _page(form: re.Pattern[str] | None, line: Line) -> int | None:
    match = form.fullmatch(line.text.strip()) if form is not None else None
    return number(match["page"]) if match and match["page"] else None
