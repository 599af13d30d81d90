"""The issue while it is corrected: its articles by line, the words of its transcript, what came of each correction.

Every place is a line of the transcript, which no correction moves; articles are called by the identifiers that
they have without corrections.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from archiver.model.corrections import (
    AppliedCorrection,
    Correction,
    CorrectionProblem,
    CorrectionTrouble,
)

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from archiver.model.profile import SerialProfile
    from archiver.model.serial import Article, Issue, Paragraph, Span
    from archiver.model.transcript import Line, Transcript


class NotApplied(Exception):
    """A correction that cannot be applied, with its trouble. It never leaves this room."""

    def __init__(self, trouble: CorrectionTrouble, detail: str, key: str = "") -> None:
        super().__init__(detail)
        self.trouble, self.detail, self.key = trouble, detail, key


def stale(detail: str, key: str = "lines") -> NotApplied:
    """A correction that fits nothing."""
    return NotApplied(CorrectionTrouble.STALE, detail, key)


class Bench:
    """The articles of an issue at work, and what was done."""

    def __init__(self, issue: Issue, transcript: Transcript, profile: SerialProfile) -> None:
        self.profile = profile
        self.lines: Sequence[Line] = transcript.lines
        self.articles: list[Article] = list(issue.articles)
        self.pages = issue.pages
        self.heads = {article.identifier: article.headline_line for article in issue.articles}
        self.preceding: dict[int, int] = {}  # of headlines: line → line of the one before
        self.merged: dict[int, int] = {}  # line of the headline of an article that was joined → of what it is part of
        self.given: dict[Hashable, Correction] = {}  # what was set, and by which correction
        self.applied: list[AppliedCorrection] = []
        self.problems: list[CorrectionProblem] = []

    def done(
        self,
        correction: Correction,
        was: str,
        now: str,
        *,
        lines: tuple[int, ...] = (),
        article: str = "",
        answers: tuple[str, ...] = (),
    ) -> None:
        """Note what was done."""
        self.applied.append(
            AppliedCorrection(correction, was, now, lines or correction.lines, article or correction.article, answers)
        )

    def once(self, correction: Correction, *target: Hashable) -> None:
        """Refuse to set what another correction has set. Raises NotApplied."""
        other = self.given.setdefault((correction.field, *target), correction)
        if other is not correction:
            raise contradiction(correction, other)

    def problem(self, correction: Correction, trouble: CorrectionTrouble, detail: str, key: str = "") -> None:
        """Note why a correction was not applied."""
        words = f"{correction.action.value} {shown_place(correction)}".strip()
        self.problems.append(CorrectionProblem(trouble, f"{words}: {detail}", correction.line, key))

    def line(self, number: int) -> Line:
        """A line of the transcript. Raises NotApplied when there is none."""
        if not 1 <= number <= len(self.lines):
            raise stale(f"the transcript has {len(self.lines)} lines")
        return self.lines[number - 1]

    def at(self, number: int) -> int:
        """The position of the article that a line belongs to. Raises NotApplied."""
        self.line(number)
        position = self.within(number)
        if position is None:
            raise stale(f"line {number} belongs to no article")
        return position

    def within(self, number: int) -> int | None:
        """The position of the article that a line belongs to; None when there is none."""
        for position, article in enumerate(self.articles):
            if any(span.first_line <= number <= span.last_line for span in spans(article)):
                return position
        return None

    def named(self, identifier: str, key: str = "article") -> int:
        """The position of an article by its identifier. Raises NotApplied."""
        head = self.heads.get(identifier)
        found = self.headed(head)
        if found is not None:
            return found
        known = f"the issue has {len(self.heads)} articles" if head is None else "it is joined to another article"
        raise stale(f"there is no {identifier}: {known}", key)

    def headed(self, head: int | None) -> int | None:
        """The position of the article with its headline at a line; None when there is none."""
        for position, article in enumerate(self.articles):
            if article.headline_line == head:
                return position
        return None

    def article_of(self, correction: Correction) -> int:
        """The position of the article that a correction is about, by name or by line. Raises NotApplied."""
        if not correction.article:
            return self.at(correction.lines[0])
        position = self.named(correction.article)
        if correction.lines and self.at(correction.lines[0]) != position:
            raise stale(f"line {correction.lines[0]} is not in {correction.article}")
        return position

    def expect(self, correction: Correction) -> None:
        """Hold the words that a correction expects against those that stand there. Raises NotApplied."""
        if not correction.text:
            return
        if correction.lines:
            self.line(correction.lines[-1])
            places = [(correction.lines[0], correction.lines[-1])]
        else:
            article = self.articles[self.named(correction.article)]
            places = [(span.first_line, span.last_line) for span in spans(article)]
        numbers = [number for first, last in places for number in range(first, last + 1)]
        found = "".join(self.lines[number - 1].text for number in numbers if number <= len(self.lines))
        if not holds(found, correction.text):
            words = found.strip()
            shown = words if len(words) <= 60 else words[:59] + "…"
            where = f"line {numbers[0]}" if len(numbers) == 1 else f"lines {numbers[0]}–{numbers[-1]}"
            detail = f"{correction.text!r} does not stand in {where}, which begin: {shown}"
            raise NotApplied(CorrectionTrouble.OTHER_TEXT, detail.replace("which begin", _begins(numbers)), "text")

    def words(self, first: int, last: int) -> str:
        """The words of some lines as a paragraph has them."""
        return self.profile.articles.line_join.join(line.text.strip() for line in self.lines[first - 1 : last])


def _begins(numbers: Sequence[int]) -> str:
    return "which begins" if len(numbers) == 1 else "which begin"


def contradiction(correction: Correction, other: Correction) -> NotApplied:
    """Why one of two corrections of the same place is not applied."""
    if (correction.action, correction.value) == (other.action, other.value):
        return NotApplied(CorrectionTrouble.WITHOUT_EFFECT, f"line {other.line} of the file asks for the same")
    value = f" to {other.value}" if other.value else ""
    words = f"line {other.line} of the file asks for {other.action.value}{value} at the same place"
    return NotApplied(CorrectionTrouble.CONTRADICTION, words)


def holds(whole: str, part: str) -> bool:
    """Whether words stand in others. White space does not count; neither do the marks of findings, | and …."""
    plain = _plain(whole)
    return _plain(part) in plain or (bool(_unmarked(part)) and _unmarked(part) in plain)


def _plain(words: str) -> str:
    return unicodedata.normalize("NFC", "".join(words.split()))


def _unmarked(words: str) -> str:
    return _plain(words).strip("…").replace("|", "")


def spans(article: Article) -> tuple[Span, ...]:
    """Every run of lines that an article has, in the order in which it is read."""
    return (article.span, *article.further)


def paragraph_at(article: Article, number: int) -> int | None:
    """The position of the paragraph that a line belongs to."""
    for position, paragraph in enumerate(article.paragraphs):
        if paragraph.span.first_line <= number <= paragraph.span.last_line:
            return position
    return None


def order(article: Article, number: int) -> tuple[int, int]:
    """Where a line of an article comes when it is read: its run of lines, and its number."""
    for position, span in enumerate(spans(article)):
        if span.first_line <= number <= span.last_line:
            return position, number
    return len(article.further) + 1, number


def tie(paragraph: Paragraph) -> str:
    """How a paragraph ties to the one before, in words."""
    if paragraph.repeats_previous:
        return "left out as a repeat"
    if paragraph.joins_previous:
        return "joined to the paragraph before"
    return "a paragraph after lost text" if paragraph.gap_before else "a paragraph of its own"


def shown_place(correction: Correction) -> str:
    """The place of a correction in words: its field, its article, its lines."""
    parts = [correction.field, correction.article]
    if correction.lines:
        name = "line" if len(correction.lines) == 1 else "lines"
        parts.append(f"{name} {'–'.join(str(number) for number in correction.lines)}")
    return " ".join(part for part in parts if part)


def answer(correction: Correction) -> str:
    """Who answers a finding, and why, as the finding says it from now on."""
    dated = f" on {correction.date}" if correction.date else ""
    return f"by {correction.who}{dated}: {correction.reason}"
