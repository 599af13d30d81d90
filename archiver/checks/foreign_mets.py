"""Rules for METS that depositors bring: readable, sound in itself, and of the files that lie around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.foreign_mets import Convention, DepositedMets, MetsTrouble
from archiver.model.report import Fault, Severity
from archiver.plugs import Skip, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.foreign_mets import ForeignPart
    from archiver.model.layout import LayoutDocument

SHOWN = 10  # names that one finding lists
_AGAIN = "Ask for the METS again from whoever made it; it is kept as it came."
_ASK = "Ask the depositor which is right; the METS is kept as it came."


def _told(deposited: DepositedMets, *troubles: MetsTrouble, words: str, remedy: str) -> Iterator[Fault]:
    for problem in deposited.mets.about(*troubles):
        yield Fault(words.format(problem.detail), deposited.mets.name, problem.line, remedy)


def _needs_reading(deposited: DepositedMets) -> None:
    if not deposited.mets.is_read:
        raise Skip("the METS could not be read")


def _needs_issues(deposited: DepositedMets) -> None:
    _needs_reading(deposited)
    if not deposited.mets.issues:
        raise Skip("the METS describes no issue itself")


@check("MTS-001", "The METS can be read", "XML 1.0 §2.1; METS 1: mets; archiver: limits", needs="foreign-mets")
def can_be_read(deposited: DepositedMets) -> Iterator[Fault]:
    """Neither damaged nor beyond the limits, nor something else."""
    refused = (MetsTrouble.NOT_METS, MetsTrouble.NOT_WELL_FORMED, MetsTrouble.TOO_LARGE)
    yield from _told(deposited, *refused, words="this METS cannot be read: {}", remedy=_AGAIN)


@check(
    "MTS-002",
    "The METS follows a known convention",
    "NDNP; ENMAP; DFG METS profile; OCR-D METS",
    needs="foreign-mets",
    severity=Severity.WARNING,
)
def convention_is_known(deposited: DepositedMets) -> Iterator[Fault]:
    """METS alone does not say what a TYPE means."""
    _needs_reading(deposited)
    remedy = "Hold pages and articles in the report against the METS before you rely on them."
    yield from _told(deposited, MetsTrouble.CONVENTION, words="{}", remedy=remedy)


@check("MTS-003", "The files that the METS names are there", "METS 1: FLocat, mptr, mdRef", needs="foreign-mets")
def files_are_there(deposited: DepositedMets) -> Iterator[Fault]:
    """Each by its path from the METS, else from the top of the deposit."""
    _needs_reading(deposited)
    remedy = "Ask the depositor for the file; without it the issue is not as its METS says."
    yield from _told(deposited, MetsTrouble.ABSENT, words="{}", remedy=remedy)


@check(
    "MTS-004",
    "The METS names the files that lie with it",
    "archiver: METS of depositors",
    needs="foreign-mets",
    severity=Severity.NOTICE,
)
def files_are_named(deposited: DepositedMets) -> Iterator[Fault]:
    """Files in its folder and below."""
    _needs_reading(deposited)
    unnamed = deposited.mets.unnamed
    if unnamed:
        listed = ", ".join(unnamed[:SHOWN]) + (" …" if len(unnamed) > SHOWN else "")
        count = f"{len(unnamed)} file{'s' if len(unnamed) != 1 else ''}"
        remedy = "Nothing has to be done: they are kept. Ask what they are if it is not plain."
        yield Fault(f"the METS does not name {count} beside it: {listed}", deposited.mets.name, None, remedy)


@check(
    "MTS-005", "References stay in the deposit", "METS 1: FLocat; archiver: METS of depositors", needs="foreign-mets"
)
def references_stay(deposited: DepositedMets) -> Iterator[Fault]:
    """A path out of the deposit is an error; a web address, usual where METS is made for viewers, a warning."""
    _needs_reading(deposited)
    remedy = "Never followed. Ask the depositor for the file, or for METS with paths relative to itself."
    yield from _told(deposited, MetsTrouble.OUTSIDE, words="{}", remedy=remedy)
    for problem in deposited.mets.about(MetsTrouble.ELSEWHERE):
        yield Fault(problem.detail, deposited.mets.name, problem.line, remedy, Severity.WARNING)


@check("MTS-006", "What the METS refers to is in it", "XML Schema Part 2 §3.3.9 (IDREF)", needs="foreign-mets")
def references_hold(deposited: DepositedMets) -> Iterator[Fault]:
    """FILEID, DMDID, ADMID and smLink; a file without a location."""
    _needs_reading(deposited)
    yield from _told(deposited, MetsTrouble.REFERENCE, words="{}", remedy=_AGAIN)


@check("MTS-007", "Identifiers of the METS stand once", "XML Schema Part 2 §3.3.8 (ID)", needs="foreign-mets")
def identifiers_stand_once(deposited: DepositedMets) -> Iterator[Fault]:
    """Of two elements with one identifier, the first is taken."""
    _needs_reading(deposited)
    yield from _told(deposited, MetsTrouble.DUPLICATE, words="{}", remedy=_AGAIN)


@check("MTS-008", "The blocks that articles name are there", "METS 1: area BEGIN, END", needs="foreign-mets")
def blocks_are_there(deposited: DepositedMets) -> Iterator[Fault]:
    """An article whose block is not in the layout document has lost text, or has that of another page."""
    _needs_issues(deposited)
    layouts = deposited.layouts
    if layouts is None:
        raise Skip("the layout documents were not read")
    known = {name: _names(document) for name, document in layouts.items() if document.is_read}
    for issue in deposited.mets.issues:
        for article in issue.articles:
            missing = sorted({name for part in article.parts for name in _missing(part, known)})
            if missing:
                listed = ", ".join(missing[:SHOWN]) + (" …" if len(missing) > SHOWN else "")
                title = article.headline or article.identifier or article.stated_kind
                remedy = "Ask for layout documents and METS of one and the same run."
                yield Fault(f"{title[:80]}: no such block: {listed}", deposited.mets.name, None, remedy)


@check(
    "MTS-009",
    "The METS states the date of its issue",
    "MODS 3: dateIssued; DFG METS profile: ORDERLABEL",
    needs="foreign-mets",
    severity=Severity.WARNING,
)
def date_is_stated(deposited: DepositedMets) -> Iterator[Fault]:
    """A day; a year or a month is none."""
    _needs_issues(deposited)
    remedy = "Give the date in a sheet of the batch, or let the masthead be read."
    yield from _told(deposited, MetsTrouble.NO_DATE, words="no day of issue: {}", remedy=remedy)


@check("MTS-010", "The date in the METS exists", "ISO 8601", needs="foreign-mets")
def date_exists(deposited: DepositedMets) -> Iterator[Fault]:
    """No 30 February."""
    _needs_issues(deposited)
    yield from _told(deposited, MetsTrouble.IMPOSSIBLE_DATE, words="{}", remedy=_ASK)


@check(
    "MTS-011",
    "The METS states one date",
    "MODS 3: dateIssued; archiver: METS of depositors",
    needs="foreign-mets",
    severity=Severity.WARNING,
)
def dates_agree(deposited: DepositedMets) -> Iterator[Fault]:
    """dateIssued, the division of the day, and the label; a date marked questionable is left out."""
    _needs_issues(deposited)
    yield from _told(deposited, MetsTrouble.DATES_DIFFER, words="{}", remedy=_ASK)


@check(
    "MTS-012",
    "All that the METS says is taken over",
    "archiver: METS of depositors",
    needs="foreign-mets",
    severity=Severity.NOTICE,
)
def nothing_is_lost(deposited: DepositedMets) -> Iterator[Fault]:
    """Each kind of thing that the description has no place for, counted, with one of them."""
    _needs_reading(deposited)
    remedy = "Nothing has to be done: the METS is kept as documentation, whole."
    for loss in deposited.mets.losses:
        example = f", such as {loss.example}" if loss.example else ""
        yield Fault(f"not taken over: {loss.count} × {loss.kind}{example}", deposited.mets.name, None, remedy)


@check(
    "MTS-013",
    "A METS is of one issue",
    "archiver: METS of depositors",
    needs="foreign-mets",
    severity=Severity.NOTICE,
)
def one_issue(deposited: DepositedMets) -> Iterator[Fault]:
    """None at all is an error. Several are told: each is described and packaged for itself."""
    _needs_reading(deposited)
    for problem in deposited.mets.about(MetsTrouble.NO_ISSUE):
        yield Fault(problem.detail, deposited.mets.name, problem.line, _AGAIN, Severity.ERROR)
    issues = deposited.mets.issues
    if len(issues) > 1:
        days = [issue.date_written or issue.label or issue.identifier for issue in issues]
        listed = ", ".join(days[:SHOWN]) + (" …" if len(days) > SHOWN else "")
        remedy = "Nothing has to be done: each issue is described for itself, and the METS is kept with each."
        yield Fault(f"the METS is of {len(issues)} issues: {listed}", deposited.mets.name, None, remedy)


@check(
    "MTS-014",
    "Pages follow one another",
    "METS 1: div ORDER, fptr",
    needs="foreign-mets",
    severity=Severity.WARNING,
)
def pages_follow(deposited: DepositedMets) -> Iterator[Fault]:
    """No number missing or doubled, no page without a file."""
    _needs_issues(deposited)
    remedy = "Look for the pages among the files; ask the depositor for what is missing."
    yield from _told(deposited, MetsTrouble.PAGES, words="{}", remedy=remedy)


@check("MTS-015", "An issue is what its batch says", "NDNP: batch", needs="foreign-mets", severity=Severity.WARNING)
def as_the_batch_says(deposited: DepositedMets) -> Iterator[Fault]:
    """LCCN, date and order of edition."""
    entry = deposited.entry
    if entry is None:
        raise Skip("no batch names this METS")
    _needs_issues(deposited)
    for issue in deposited.mets.issues[:1]:
        day = issue.issued.isoformat() if issue.issued else ""
        pairs = [("LCCN", entry.lccn, issue.identified("lccn")), ("date", entry.issued, day)]
        if issue.convention is Convention.NDNP:
            pairs.append(("edition", entry.edition.lstrip("0"), issue.edition.lstrip("0")))
        for what, batch, own in pairs:
            if batch and own and batch != own:
                yield Fault(f"{what}: the batch says {batch}, the METS {own}", deposited.mets.name, entry.line, _ASK)


def _names(document: LayoutDocument) -> frozenset[str]:
    """The identifiers of pages, blocks and lines of a layout document."""
    found = {page.identifier for page in document.pages}
    for page in document.pages:
        for block in page.blocks:
            found.add(block.identifier)
            found.update(line.identifier for line in block.lines)
    return frozenset(found)


def _missing(part: ForeignPart, known: dict[str, frozenset[str]]) -> Iterator[str]:
    names = known.get(part.file)
    if names is not None:
        yield from (f"{name} in {part.file}" for name in (part.block, part.last_block) if name and name not in names)
