"""Rules for an issue: dates and numbers against one another, and the oddities of its text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.report import Fault, Severity
from archiver.model.serial import Article, IssueFacts, Oddity, OddityKind
from archiver.plugs import Skip, check
from archiver.serials import calendars

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.transcript import Reading


@check("ISS-001", "The weekday agrees with the date", "archiver: issues", needs="facts", severity=Severity.WARNING)
def weekday_agrees(issue: IssueFacts) -> Iterator[Fault]:
    """The weekday printed is that of the issue date."""
    if not issue.weekday:
        raise Skip("no weekday is printed")
    if calendars.weekday_printed(issue.weekday) != issue.issued.weekday():
        computed = calendars.weekday_name(issue.issued, issue.weekday)
        yield Fault(
            f"the weekday printed is {issue.weekday}, but {issue.issued} is a {computed}",
            issue.path,
            issue.line("weekday"),
            "Compare the transcript with the page; a misprint on the page itself is recorded as it stands.",
        )


@check("ISS-002", "The Chinese date agrees with the date", "archiver: issues", needs="facts", severity=Severity.WARNING)
def lunar_date_agrees(issue: IssueFacts) -> Iterator[Fault]:
    """The Chinese date printed is the one computed from the issue date."""
    if not issue.lunar_date:
        raise Skip("no Chinese date is printed")
    computed = calendars.chinese_date(issue.issued)
    if computed is None:
        years = f"{calendars.FIRST_YEAR} to {calendars.LAST_YEAR}"
        raise Skip(f"the Chinese date is computed for the years {years}, not for {issue.issued.year}")
    if calendars.chinese_date_printed(issue.lunar_date) != computed:
        yield Fault(
            f"the Chinese date printed is {issue.lunar_date}, but {issue.issued} is {computed}",
            issue.path,
            issue.line("lunar-date"),
            "Compare the transcript with the page; a misprint on the page itself is recorded as it stands.",
        )


@check(
    "ISS-003",
    "Number and whole number are possible together",
    "archiver: issues",
    needs="facts",
    severity=Severity.WARNING,
)
def numbers_agree(issue: IssueFacts) -> Iterator[Fault]:
    """The number within the year or volume cannot exceed the whole number, and neither is below 1."""
    if not (issue.issue_number.isdecimal() and issue.whole_number.isdecimal()):
        raise Skip("no number and whole number to compare")
    number, whole = int(issue.issue_number), int(issue.whole_number)
    if number < 1 or whole < number:
        yield Fault(
            f"issue {number} with whole number {whole}: issue 1 would be whole number {whole - number + 1}",
            issue.path,
            issue.line("whole-number"),
            "Compare the transcript with the page, and with the issues before and after.",
        )


@check(
    "ISS-004", "The issue appears on the serial's weekday", "archiver: issues", needs="issue", severity=Severity.NOTICE
)
def appears_on_its_weekday(reading: Reading) -> Iterator[Fault]:
    """A weekly that appears on another day than its profile says is worth a look: a holiday, or a wrong date."""
    if reading.issue is None or reading.profile is None:
        raise Skip("the issue could not be described")
    if reading.profile.weekday is None:
        raise Skip("the profile names no weekday")
    issued, usual = reading.issue.issued, calendars.WEEKDAYS[reading.profile.weekday]
    if issued.weekday() != reading.profile.weekday:
        said = reading.issue.statement("issue-date")
        yield Fault(
            f"{issued} is a {calendars.WEEKDAYS[issued.weekday()]}; {reading.serial} appears on {usual}s",
            _path(reading),
            said.lines[0] if said else None,
            "Compare the date with the page; if the serial has changed its day, change its profile.",
        )


def _odd(reading: Reading, kind: OddityKind) -> Iterator[tuple[Article | None, Oddity]]:
    if reading.issue is None:
        raise Skip("the issue could not be described")
    for article in reading.issue.articles:
        for odd in article.oddities:
            if odd.kind is kind:
                yield article, odd
    for odd in reading.issue.oddities:
        if odd.kind is kind:
            yield None, odd


def _path(reading: Reading) -> str:
    return str(reading.source.transcript.file.path)


def _found(odd: Oddity, message: str, path: str, remedy: str) -> Fault:
    """A finding of the text; one that the archivist has answered is a notice, and says by whom and why."""
    if not odd.answered:
        return Fault(message, path, odd.lines[0], remedy)
    said = f"{message}; corrected {odd.answered}"
    return Fault(said, path, odd.lines[0], "Nothing has to be done: a correction answers it.", Severity.NOTICE)


@check("ISS-010", "Paragraphs are not broken by columns", "archiver: issues", needs="issue", severity=Severity.NOTICE)
def column_breaks(reading: Reading) -> Iterator[Fault]:
    """A paragraph that breaks off and goes on in the next is joined in the reading text only."""
    for _article, odd in _odd(reading, OddityKind.COLUMN_BREAK):
        yield _found(
            odd,
            f"column break: line {odd.lines[0]} goes on in line {odd.lines[1]} ({odd.words}); "
            "joined in the reading text only",
            _path(reading),
            "Look at the join; the deposited text stays as it is.",
        )


@check("ISS-011", "No text is lost", "archiver: issues", needs="issue", severity=Severity.WARNING)
def gaps(reading: Reading) -> Iterator[Fault]:
    """A run of three or more blank lines in a body, or an article that breaks off at its end, means text is lost."""
    for _article, odd in _odd(reading, OddityKind.GAP):
        where = f"after line {odd.lines[0]} (…{odd.words})"
        blank = (
            f": lines {odd.lines[1]}–{odd.lines[-1]} are blank" if len(odd.lines) > 1 else ": the article ends there"
        )
        if odd.answered and len(odd.lines) > 1:  # the archivist says so, whether lines are blank or not
            blank = ""
        yield _found(
            odd,
            f"text is lost {where}{blank}",
            _path(reading),
            "Compare with the page, and ask the depositor for the missing text.",
        )


@check("ISS-012", "No text stands twice", "archiver: issues", needs="issue", severity=Severity.WARNING)
def repeats(reading: Reading) -> Iterator[Fault]:
    """A paragraph contained in the one before is left out of the reading text only."""
    for _article, odd in _odd(reading, OddityKind.REPEAT):
        yield _found(
            odd,
            f"line {odd.lines[0]} repeats {odd.length} characters of the paragraph before ({odd.words}…); "
            "left out of the reading text only",
            _path(reading),
            "Compare with the page; the deposited text stays as it is.",
        )


@check("ISS-013", "Articles end on their page", "archiver: issues", needs="issue", severity=Severity.NOTICE)
def continuations(reading: Reading) -> Iterator[Fault]:
    """An article that goes on on another page is tied to that page, whether it was deposited or not."""
    for article, odd in _odd(reading, OddityKind.CONTINUATION):
        headline = article.headline if article else ""
        taken_up = f"; line {odd.resumed} takes it up" if odd.resumed is not None else ""
        yield Fault(
            f"{headline}: continued on page {odd.page} {odd.words}{taken_up}",
            _path(reading),
            odd.lines[0],
            "The METS ties the article to that page.",
        )


@check("ISS-014", "Headlines have their articles", "archiver: issues", needs="issue", severity=Severity.NOTICE)
def teasers(reading: Reading) -> Iterator[Fault]:
    """Headlines that point to another page are recorded as entries, not as articles."""
    for _article, odd in _odd(reading, OddityKind.TEASERS):
        lines = f"lines {odd.lines[0]}–{odd.lines[-1]}" if len(odd.lines) > 1 else f"line {odd.lines[0]}"
        yield Fault(
            f"{len(odd.lines)} headlines ({lines}) point to page {odd.page} {odd.words}",
            _path(reading),
            odd.lines[0],
            "They are index entries in the METS, tied to that page.",
        )


@check("ISS-015", "Every page is deposited", "archiver: issues", needs="issue", severity=Severity.WARNING)
def absent_pages(reading: Reading) -> Iterator[Fault]:
    """A page that something points to and that was not deposited keeps its place in the METS."""
    if reading.issue is None:
        raise Skip("the issue could not be described")
    for page in reading.issue.pages:
        if not page.received:
            pointing = ", ".join(str(line) for line in page.pointed_to_by)
            known = f"{len(page.pointed_to_by)} places point to it (lines {pointing})"
            known = known if pointing else "it lies between pages that were"
            yield Fault(
                f"page {page.number} ({page.label}) was not deposited; {known}",
                _path(reading),
                page.pointed_to_by[0] if page.pointed_to_by else None,
                "Ask the depositor for the page; the METS keeps its place and says that it was not deposited.",
            )
