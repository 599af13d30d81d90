"""Rules for a masthead: recognised, whole, understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.report import Fault, Severity
from archiver.model.transcript import MastheadTrouble, Reading
from archiver.plugs import Skip, check

if TYPE_CHECKING:
    from collections.abc import Iterator


def _faults(reading: Reading, trouble: MastheadTrouble, message: str, remedy: str) -> Iterator[Fault]:
    for fault in reading.faults:
        if fault.trouble is trouble:
            path = str(reading.source.transcript.file.path)
            yield Fault(message.format(detail=fault.detail, serial=reading.serial), path, fault.line, remedy)


def _need_serial(reading: Reading) -> None:
    if any(fault.trouble in {MastheadTrouble.NONE_KNOWN, MastheadTrouble.AMBIGUOUS} for fault in reading.faults):
        raise Skip("the serial was not recognised")


@check("SER-001", "The masthead of a known serial stands at the head", "archiver: mastheads", needs="masthead")
def recognised(reading: Reading) -> Iterator[Fault]:
    """The title of exactly one profile must stand before the first headline."""
    yield from _faults(
        reading,
        MastheadTrouble.NONE_KNOWN,
        "no masthead of a known serial stands before the first headline (tried: {detail})",
        "Check that this is the first page of an issue; a new serial needs a profile in profiles/ (docs/profiles.md).",
    )
    yield from _faults(
        reading,
        MastheadTrouble.AMBIGUOUS,
        "the masthead fits several profiles: {detail}",
        "Name the serial with --serial.",
    )


@check("SER-002", "There is one masthead", "archiver: mastheads", needs="masthead")
def one_masthead(reading: Reading) -> Iterator[Fault]:
    """Two mastheads are two issues in one file."""
    _need_serial(reading)
    yield from _faults(
        reading,
        MastheadTrouble.SECOND,
        "a second masthead begins here: the file holds two issues",
        "Split a copy of the file before this line, and deposit one file per issue.",
    )


@check("SER-003", "The issue date is a date", "archiver: mastheads; MODS dateIssued", needs="masthead")
def date_is_possible(reading: Reading) -> Iterator[Fault]:
    """Without a date an issue can be neither described nor named."""
    _need_serial(reading)
    remedy = "Compare the transcript with the page; ask the depositor to correct the transcript."
    yield from _faults(reading, MastheadTrouble.IMPOSSIBLE_DATE, "{detail!r} is not a date in the calendar", remedy)
    yield from _faults(reading, MastheadTrouble.NO_DATE, "the masthead has no issue date", remedy)


@check("SER-004", "The masthead has every field the profile requires", "archiver: mastheads", needs="masthead")
def required_fields(reading: Reading) -> Iterator[Fault]:
    """The profile says which fields every issue bears."""
    _need_serial(reading)
    yield from _faults(
        reading,
        MastheadTrouble.MISSING_FIELD,
        "the masthead has no {detail}, which the profile {serial} requires",
        "Compare the transcript with the page; if the serial prints it otherwise, add a form to its profile.",
    )


@check("SER-005", "Fields of the masthead do not contradict themselves", "archiver: mastheads", needs="masthead")
def no_conflict(reading: Reading) -> Iterator[Fault]:
    """A field printed twice must say the same."""
    _need_serial(reading)
    yield from _faults(
        reading,
        MastheadTrouble.CONFLICT,
        "the masthead gives two values for {detail}",
        "Compare the transcript with the page.",
    )


@check(
    "SER-006",
    "Every line of the masthead is understood",
    "archiver: mastheads",
    needs="masthead",
    severity=Severity.WARNING,
)
def every_line_is_understood(reading: Reading) -> Iterator[Fault]:
    """A line that no form of the profile matches is not described."""
    _need_serial(reading)
    yield from _faults(
        reading,
        MastheadTrouble.LINE_NOT_UNDERSTOOD,
        "no form of the profile {serial} fits the line {detail!r}",
        "Add a form to the serial's profile (docs/profiles.md), or correct the transcript.",
    )


@check(
    "SER-007",
    "What the masthead should say is transcribed",
    "archiver: mastheads",
    needs="masthead",
    severity=Severity.NOTICE,
)
def expected_is_transcribed(reading: Reading) -> Iterator[Fault]:
    """What the profile expects and the transcript has not is named, and nothing is recorded for it."""
    _need_serial(reading)
    if reading.issue is None:
        raise Skip("the issue could not be described")
    for name in reading.issue.not_transcribed:
        yield Fault(
            f"{name}: not transcribed",
            str(reading.source.transcript.file.path),
            remedy="Nothing is recorded for it; look at the page if you have it.",
        )


@check("SER-008", "What is given agrees with what is printed", "archiver: mastheads", needs="masthead")
def given_agrees(reading: Reading) -> Iterator[Fault]:
    """A sheet or METS that says something else than the issue: one of them is wrong, and nobody can say which."""
    _need_serial(reading)
    yield from _faults(
        reading,
        MastheadTrouble.GIVEN_DIFFERS,
        "{detail}",
        "Look at the page, and correct the one that is wrong.",
    )


@check(
    "SER-009",
    "Names of folders and files agree with what is printed",
    "archiver: mastheads",
    needs="masthead",
    severity=Severity.WARNING,
)
def names_agree(reading: Reading) -> Iterator[Fault]:
    """A folder that bears another date than the issue in it may hold another issue."""
    _need_serial(reading)
    yield from _faults(
        reading,
        MastheadTrouble.HINT_DIFFERS,
        "{detail}",
        "Look at the page; if the name is wrong, say so to the depositor. The issue is described as it is printed.",
    )


@check("SER-010", "The issue has a number", "archiver: mastheads", needs="masthead", severity=Severity.WARNING)
def numbered(reading: Reading) -> Iterator[Fault]:
    """Without the number that the profile names packages by, the date alone names the package."""
    _need_serial(reading)
    yield from _faults(
        reading,
        MastheadTrouble.UNNUMBERED,
        "nothing says the {detail}: the package is named by the date",
        "Give the number in a batch sheet, if the page has one.",
    )
