"""Rules for the bytes of a transcript: text, decoded without loss, within limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.report import Fault, Severity
from archiver.model.transcript import TextTrouble, Transcript
from archiver.plugs import check

if TYPE_CHECKING:
    from collections.abc import Iterator


def _faults(transcript: Transcript, trouble: TextTrouble, message: str, remedy: str) -> Iterator[Fault]:
    for fault in transcript.faults:
        if fault.trouble is trouble:
            yield Fault(message.format(fault.detail), str(transcript.file.path), fault.line, remedy)


@check("TXT-001", "The transcript is not empty", "archiver: transcripts", needs="transcript")
def not_empty(transcript: Transcript) -> Iterator[Fault]:
    """An empty file describes nothing."""
    yield from _faults(
        transcript, TextTrouble.EMPTY, "the transcript is empty ({})", "Ask the depositor for the file again."
    )


@check("TXT-002", "The transcript is text", "archiver: transcripts", needs="transcript")
def is_text(transcript: Transcript) -> Iterator[Fault]:
    """A picture or an office document called .txt is no transcript."""
    yield from _faults(
        transcript,
        TextTrouble.BINARY,
        "this is not a text file: {}",
        "Deposit the text; archiver doctor names the program that identifies formats.",
    )


@check("TXT-003", "Every byte of the transcript can be read as text", "archiver: transcripts", needs="transcript")
def decodes(transcript: Transcript) -> Iterator[Fault]:
    """Reading on with replacement characters would lose what stands there."""
    yield from _faults(
        transcript,
        TextTrouble.UNDECODABLE,
        "the text cannot be decoded: {}",
        "Ask the depositor for an undamaged copy, or save it again as UTF-8.",
    )


@check("TXT-004", "The transcript keeps within the limits", "archiver: limits", needs="transcript")
def within_limits(transcript: Transcript) -> Iterator[Fault]:
    """A transcript has at most 64 MiB and 250,000 lines, and a line at most 1,048,576 characters."""
    remedy = "Check that this is the transcript of one issue, with line ends; deposit it in parts if it is."
    yield from _faults(transcript, TextTrouble.TOO_LARGE, "the transcript is too large: {}", remedy)
    yield from _faults(
        transcript, TextTrouble.LINE_TOO_LONG, "the line is too long: {}; the limit is 1,048,576", remedy
    )


@check("TXT-005", "The transcript has no control characters", "XML 1.0 §2.2", needs="transcript")
def no_controls(transcript: Transcript) -> Iterator[Fault]:
    """XML cannot hold them, and terminals obey them."""
    yield from _faults(
        transcript,
        TextTrouble.CONTROL_CHARACTER,
        "the line has the control character {}",
        "Ask the depositor for a clean transcript; archiver does not change a deposit.",
    )


@check("TXT-006", "The transcript is UTF-8", "archiver: transcripts", needs="transcript", severity=Severity.NOTICE)
def is_utf8(transcript: Transcript) -> Iterator[Fault]:
    """Another encoding is read, and said."""
    if transcript.lines and transcript.encoding != "utf-8":
        yield Fault(
            f"the transcript was read as {transcript.encoding} ({transcript.encoding_basis})",
            str(transcript.file.path),
            remedy="Look at the headlines in the report; if they are nonsense, ask for the text in UTF-8.",
        )


@check("TXT-007", "Punctuation is as printed", "archiver: transcripts", needs="transcript", severity=Severity.NOTICE)
def punctuation_is_as_printed(transcript: Transcript) -> Iterator[Fault]:
    """ASCII punctuation between Chinese characters shows that the text was normalised (NFKC) before it came."""
    if transcript.folded_punctuation:
        yield Fault(
            f"{transcript.folded_punctuation} ASCII punctuation marks stand after Chinese characters: "
            "the text was normalised (NFKC) before it was deposited",
            str(transcript.file.path),
            remedy="Nothing to do: it is recorded, and the text is kept as it came.",
        )
