"""Corrections by the archivist: what a corrections file says, what came of it, and what is wrong with it.

The deposit itself is never changed: a correction changes what is said of it, and the text derived from it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.model.profile import FIELDS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from archiver.model.serial import Issue

ENDING = ".corrections.toml"  # behind the name of a deposit: the corrections of that deposit
SHARED = "corrections.toml"  # the corrections of every deposit in the same folder
LARGEST = 1 << 20  # bytes of a corrections file
MOST = 10_000  # corrections in one file
LONGEST = 2_000  # characters of one text in it

# Fields of an article that can be set, besides those of the masthead.
ARTICLE_FIELDS = ("headline", "byline-names", "byline-role", "page")
SETTABLE = (*FIELDS, *ARTICLE_FIELDS)


class Action(enum.Enum):
    """What a correction does."""

    SET = "set"  # a value of the masthead, or of an article
    JOIN = "join"  # a paragraph to the one before, or an article to the one it continues
    DROP_REPEAT = "drop-repeat"  # a paragraph stands twice
    MARK_LOST = "mark-lost"  # text is missing here
    SPLIT = "split"  # a paragraph or an article in two
    KEEP = "keep"  # what was found odd is right as it stands


# Every key of a corrections file. docs/corrections.md explains each; a test holds the two together.
KEYS: Mapping[str, tuple[str, ...]] = {
    "": ("who", "date", "transcript-sha256", "transcripts", "correction"),
    "correction": ("action", "issue", "field", "value", "lines", "article", "text", "reason", "who", "date"),
}
# What each action takes besides issue, text, reason, who and date.
TAKES: Mapping[Action, tuple[str, ...]] = {
    Action.SET: ("field", "value", "lines", "article"),
    Action.JOIN: ("lines", "article", "value"),
    Action.DROP_REPEAT: ("lines",),
    Action.MARK_LOST: ("lines", "article"),
    Action.SPLIT: ("lines", "article", "value"),
    Action.KEEP: ("lines", "article"),
}


class CorrectionTrouble(enum.Enum):
    """What is wrong with a correction, or to be known of it. Each kind is a rule in docs/rules."""

    NOT_TOML = "not a corrections file"
    UNKNOWN_KEY = "unknown key"
    UNKNOWN_ACTION = "unknown action"
    WRONG_VALUE = "a value that the action cannot use"
    UNSIGNED = "no reason, or nobody answers for it"
    UNGUARDED = "no words to know the place by"
    OTHER_TRANSCRIPT = "made for another transcript"
    OTHER_TEXT = "other words stand there"
    STALE = "fits nothing"
    CONTRADICTION = "contradicts another"
    IMPOSSIBLE = "impossible value"
    NO_ISSUE = "for which issue is not said"
    WITHOUT_EFFECT = "changes nothing"


@dataclass(frozen=True, slots=True)
class CorrectionProblem:
    """One trouble: in words, with the line of the corrections file and the key concerned."""

    trouble: CorrectionTrouble
    detail: str
    line: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """One correction as it was read. `line` is where its table begins in the corrections file."""

    action: Action
    line: int
    reason: str
    who: str
    date: str = ""  # ISO 8601
    issue: str = ""  # identifier of an issue, or the name of its transcript; empty for the only one
    field: str = ""
    value: str = ""
    names: tuple[str, ...] = ()  # the value of byline-names
    lines: tuple[int, ...] = ()  # of the transcript, one or two
    article: str = ""  # "article-003", as read without corrections
    text: str = ""  # words that must stand at the place


@dataclass(frozen=True, slots=True)
class Corrections:
    """A corrections file: what it asks for, and every fault found in reading it. `content` is its bytes."""

    path: Path
    content: bytes
    corrections: tuple[Correction, ...] = ()
    transcript_sha256: str = ""
    transcripts: tuple[tuple[str, str], ...] = ()  # name → SHA-256
    problems: tuple[CorrectionProblem, ...] = ()

    @property
    def is_shared(self) -> bool:
        """Whether the file is for every deposit of its folder, and not for one alone."""
        return self.path.name == SHARED


@dataclass(frozen=True, slots=True)
class AppliedCorrection:
    """A correction that was applied: what was, what is now, and where."""

    correction: Correction
    was: str
    now: str
    lines: tuple[int, ...] = ()
    article: str = ""  # its identifier
    answers: tuple[str, ...] = ()  # kinds of oddities that it confirms or takes away


@dataclass(frozen=True, slots=True)
class Corrected:
    """An issue as corrected. `taken` are the lines, in the corrections file, of those that are for this issue."""

    issue: Issue | None
    applied: tuple[AppliedCorrection, ...] = ()
    problems: tuple[CorrectionProblem, ...] = ()
    taken: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CorrectionsOutcome:
    """What a corrections file came to on a whole deposit: the subject of its rules."""

    corrections: Corrections
    applied: tuple[AppliedCorrection, ...] = ()
    problems: tuple[CorrectionProblem, ...] = field(default=())
    elsewhere: int = 0  # corrections of a shared file that are for issues of other deposits
