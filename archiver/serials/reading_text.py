"""The reading text: derived from the transcript, with column breaks joined, repeats left out and gaps marked.

It is a representation of its own. Every join, omission and gap in it is a finding and a note in the description; the
deposited text beside it stays byte for byte as it came.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.model.serial import Article, Issue, OddityKind, Paragraph, ParagraphKind, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archiver.model.profile import ArticleForms

GAP_MARK = "[…]"


@dataclass(frozen=True, slots=True)
class ReadingText:
    """UTF-8 Markdown with LF, and the bytes that the masthead and each article take in it (by identifier)."""

    content: bytes
    spans: Mapping[str, Span]


class _Writer:
    """Lines of the reading text, with the bytes counted as they are written."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.size = 0

    def add(self, *texts: str) -> None:
        for text in texts:
            self.lines.append(text)
            self.size += len(text.encode("utf-8")) + 1

    def span(self, first_line: int, begin: int) -> Span:
        """The span from a line and byte to the last line written that is not blank, its line end left out."""
        last, end = len(self.lines), self.size
        while last > first_line and not self.lines[last - 1]:
            last, end = last - 1, end - 1
        return Span(first_line, last, begin, end - 1)


def reading_text(issue: Issue, forms: ArticleForms) -> ReadingText:
    """Derive the reading text of an issue: masthead as printed, articles in order, then the headlines that point on."""
    writer = _Writer()
    spans: dict[str, Span] = {}
    writer.add(f"# {issue.title.text}", "")
    for said in issue.statements:
        if said.field != "title" and said.printed and said.printed not in writer.lines:
            writer.add(said.printed, "")
    spans["masthead"] = writer.span(1, 0)
    section = ""
    for article in issue.articles:
        if article.section and article.section != section:
            writer.add(article.section, "")
        section = article.section
        first, begin = len(writer.lines) + 1, writer.size
        writer.add(f"## {article.headline}", "")
        _body(writer, article, forms)
        spans[article.identifier] = writer.span(first, begin)
    for printed in dict.fromkeys(entry.printed for entry in issue.index_entries):
        for entry in issue.index_entries:
            if entry.printed == printed:
                first, begin = len(writer.lines) + 1, writer.size
                writer.add(f"- {entry.headline}")
                spans[entry.identifier] = writer.span(first, begin)
        writer.add("", printed, "")
    while writer.lines and not writer.lines[-1]:
        writer.lines.pop()
    return ReadingText(("\n".join(writer.lines) + "\n").encode("utf-8"), spans)


def _body(writer: _Writer, article: Article, forms: ArticleForms) -> None:
    """Bylines printed before the body, paragraphs, bylines printed after it, in the order of the transcript."""
    printed = {byline.lines[0]: byline.printed for byline in article.bylines}
    for line, words in printed.items():
        if _before_body(line, article):
            writer.add(words, "")
    for text in paragraphs(article, forms):
        writer.add(text, "")
    for line, words in printed.items():
        if not _before_body(line, article):
            writer.add(words, "")


def _before_body(line: int, article: Article) -> bool:
    return bool(article.paragraphs) and line < article.paragraphs[0].span.first_line


def paragraphs(article: Article, forms: ArticleForms) -> list[str]:
    """The paragraphs of an article as they are read: joined, without repeats, gaps marked."""
    texts: list[str] = []
    kept = [paragraph for paragraph in article.paragraphs if not paragraph.repeats_previous]
    goes_on: int | None = None  # the place of the text that may go on behind a picture
    before: Paragraph | None = None
    for paragraph in kept:
        if paragraph.kind is not ParagraphKind.TEXT:
            if paragraph.kind is ParagraphKind.SUBHEAD:
                texts += _lost_mark(article, before)
                goes_on = before = None
            texts.append(f"### {paragraph.words}" if paragraph.kind is ParagraphKind.SUBHEAD else paragraph.text)
            continue
        if paragraph.gap_before:
            texts.append(GAP_MARK)
        words = _without_pointer(paragraph, article)
        if paragraph.joins_previous and goes_on is not None:
            texts[goes_on] = _join(texts[goes_on], words, forms)
        elif words:
            texts.append(words)
            goes_on = len(texts) - 1
        before = paragraph
    return texts + _lost_mark(article, before)


def _lost_mark(article: Article, paragraph: Paragraph | None) -> list[str]:
    """The mark behind a paragraph whose end was lost."""
    return [GAP_MARK] if paragraph is not None and _ends_lost(article, paragraph.span.last_line) else []


def _without_pointer(paragraph: Paragraph, article: Article) -> str:
    """The words of a paragraph without those that send the reader to another page, where that page is here."""
    for odd in article.oddities:
        if odd.resumed is not None and odd.lines == (paragraph.span.last_line,) and odd.words in paragraph.text:
            head, _words, tail = paragraph.text.rpartition(odd.words)
            return f"{head.rstrip()}{tail.strip()}"
    return paragraph.text


def _ends_lost(article: Article, line: int) -> bool:
    return any(odd.kind is OddityKind.GAP and odd.lines == (line,) for odd in article.oddities)


def _join(before: str, after: str, forms: ArticleForms) -> str:
    """Join what a column break parted: a hyphen at the end of a Latin word goes, else the profile's join stands."""
    if before.endswith("-") and before[-2:-1].isalpha() and after[:1].islower():
        return before[:-1] + after
    return before + forms.column_join + after
