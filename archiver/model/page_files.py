"""Files of page images as their names arrange them: issues, pages, uses, and what does not fit."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


class PageUse(enum.Enum):
    """The part a file plays for its page. The values are those of METS fileGrp/@USE."""

    MASTER = "master"
    SERVICE = "service"
    OCR = "ocr"  # words with positions: ALTO, PAGE, hOCR
    TEXT = "text"  # words alone
    DOCUMENT = "document"  # the page as a PDF

    @property
    def is_image(self) -> bool:
        """Whether such files are images."""
        return self in {PageUse.MASTER, PageUse.SERVICE}


class PageTrouble(enum.Enum):
    """What can be wrong with the files of an issue, told by their names. Each kind is judged by one rule."""

    MISSING = "numbers are missing"
    DOUBLED = "a page is there twice"
    NO_IMAGE = "a page has words and no image"
    NO_TEXT = "a page has an image and no words"
    STRAY = "a name fits no convention"
    DATES_DIFFER = "folder and file say different dates"


@dataclass(frozen=True, slots=True)
class PageProblem:
    """One trouble: `detail` is a clause, `paths` the files it is about (none when files are missing)."""

    trouble: PageTrouble
    detail: str
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class PageNumber:
    """Which page: section letters before numbers, sides within a number. A spread ends at a later number."""

    section: str  # "A" of A03; empty where pages are counted through
    number: int
    last: int  # the same, but for two pages on one image
    side: str = ""  # "a" and "b", "r" and "v"

    def __str__(self) -> str:
        end = f"-{self.last}" if self.last != self.number else ""
        return f"{self.section}{self.number}{end}{self.side}"


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page with its files by use, each in order of names."""

    number: PageNumber
    files: tuple[tuple[PageUse, tuple[str, ...]], ...]

    def of(self, *uses: PageUse) -> tuple[str, ...]:
        """Its files of these uses."""
        return tuple(path for use, paths in self.files if use in uses for path in paths)

    @property
    def master(self) -> str | None:
        """The image that stands for the page: the master, else the first other image."""
        return next(iter(self.of(PageUse.MASTER) or self.of(PageUse.SERVICE)), None)

    @property
    def paths(self) -> tuple[str, ...]:
        """All of its files."""
        return tuple(path for _, paths in self.files for path in paths)


@dataclass(frozen=True, slots=True)
class FoundIssue:
    """Files that one issue is made of, as names tell it. Nothing here was read from a file's content."""

    folder: str  # what its files have in common, groups by use left out; "" at the top
    name: str  # what file names have before the page: "harbour-weekly"; "" where there is nothing
    date: date | None  # a hint, from the folder or the files
    edition: str  # "2", "evening"; "" where none is named
    pages: tuple[FoundPage, ...]
    companions: tuple[str, ...] = ()  # files of the issue as a whole: its METS, a PDF of it, lists of checksums
    strays: tuple[str, ...] = ()  # files that fit no convention
    problems: tuple[PageProblem, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """All of its files, in order of names."""
        return tuple(sorted([*(path for page in self.pages for path in page.paths), *self.companions, *self.strays]))

    def about(self, *troubles: PageTrouble) -> tuple[PageProblem, ...]:
        """The problems of these kinds."""
        return tuple(problem for problem in self.problems if problem.trouble in troubles)
