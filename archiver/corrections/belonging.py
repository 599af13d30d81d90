"""Which corrections of a file are for an issue, and whether they were made for the text that is there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.model.corrections import CorrectionProblem, CorrectionTrouble

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archiver.model.corrections import Correction, Corrections
    from archiver.model.transcript import SourceIssue, Transcript


@dataclass(frozen=True, slots=True)
class Belonging:
    """The corrections for one issue; `withheld` are those made for another state of its transcript."""

    corrections: tuple[Correction, ...]
    withheld: tuple[Correction, ...] = ()
    problems: tuple[CorrectionProblem, ...] = ()

    @property
    def taken(self) -> tuple[int, ...]:
        """Lines of all of them in the corrections file."""
        return tuple(sorted(each.line for each in (*self.corrections, *self.withheld)))


def names_of(source: SourceIssue) -> tuple[str, ...]:
    """Names by which a corrections file may call an issue, besides its identifier."""
    transcript = source.transcript.file.name
    names = (transcript, source.name, transcript.rpartition("/")[2], source.name.rstrip("/").rpartition("/")[2])
    return tuple(dict.fromkeys(name for name in names if name))


def belonging(corrections: Corrections, names: Iterable[str], transcript: Transcript, *, alone: bool) -> Belonging:
    """The corrections for the issue with these names. `alone` says that its deposit has no other issue."""
    called, digest = set(names), _digest(transcript)
    given = dict(corrections.transcripts)
    only = alone and not corrections.is_shared
    mine, withheld, problems = [], [], []
    for each in corrections.corrections:
        wanted = given.get(each.issue, corrections.transcript_sha256)
        if each.issue and each.issue not in called:
            continue
        if not each.issue and not only and wanted != digest:
            continue
        if wanted and wanted != digest:
            withheld.append(each)
        else:
            mine.append(each)
    if withheld:
        wanted = given.get(withheld[0].issue, corrections.transcript_sha256)
        detail = (
            f"{len(withheld)} corrections are for a transcript with the SHA-256 {wanted}; that of "
            f"{transcript.file.name} is {digest or 'not known'}: none of them was applied"
        )
        problems.append(CorrectionProblem(CorrectionTrouble.OTHER_TRANSCRIPT, detail, withheld[0].line))
    return Belonging(tuple(mine), tuple(withheld), tuple(problems))


def _digest(transcript: Transcript) -> str:
    content = transcript.file.content
    return hashlib.sha256(content).hexdigest() if content is not None else ""
