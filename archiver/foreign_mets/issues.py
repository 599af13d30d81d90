"""The issues of a METS document: their divisions found, their records brought together, their dates compared."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.foreign_mets import kinds
from archiver.foreign_mets.articles import Articles
from archiver.foreign_mets.dates import LONGEST, day_of, day_within, is_impossible
from archiver.foreign_mets.document import tag, type_of
from archiver.foreign_mets.mods import Record, every, note_untaken, records, section_records
from archiver.foreign_mets.notes import shown
from archiver.model.foreign_mets import Convention, ForeignIdentifier, ForeignIssue, MetsTrouble, StatedDate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from archiver.foreign_mets.document import Document
    from archiver.foreign_mets.pages import Pages
    from archiver.metadata.xml import Element
    from archiver.model.foreign_mets import ForeignFile

MOST_ISSUES = 2_000  # of one document; a year of dailies has 366, with editions three times as many
_TAKEN = ("title", "volume", "number", "whole_number", "edition", "language", "publisher", "place")
_ZDB = re.compile(r"zdb(?:[-_ ]?(?:id|nr|nummer))?|de-600|\(de-600\)", re.IGNORECASE)


class Issues:
    """Reads the issues of one document."""

    def __init__(
        self,
        document: Document,
        name: str,
        files: Mapping[str, ForeignFile],
        pages: Pages,
        convention: Convention | None,
    ) -> None:
        self._document, self._name, self._files, self._pages = document, name, files, pages
        self._convention = convention
        maps = document.structures()
        stated = [each for each in maps if each.get("TYPE", "").strip().upper() == "LOGICAL"]
        typed = [each for each in maps if any(type_of(div) in kinds.ISSUES for div in each.iter(tag("div")))]
        self.logical = next(iter(stated or typed), None)

    def read(self) -> tuple[ForeignIssue, ...]:
        """Every issue, in order of the document; one of the whole document where no division is called an issue."""
        divs = self._divs()
        if not divs:
            whole = self._whole()
            return (whole,) if whole is not None else ()
        if len(divs) > MOST_ISSUES:
            self._document.notes.lost(f"issue beyond the {MOST_ISSUES:,}th", count=len(divs) - MOST_ISSUES)
            divs = divs[:MOST_ISSUES]
        taken: set[Element] = set()
        found = []
        for div in divs:
            pages = self._pages.divs if len(divs) == 1 else self._pages.below(div)
            taken.update(pages)
            found.append(self._issue(div, pages, alone=len(divs) == 1))
        for page in self._pages.divs:
            if page not in taken:
                self._document.notes.lost("page that no issue has", page.get("ID", ""))
        return tuple(found)

    def _divs(self) -> list[Element]:
        """The divisions of issues that are described here; those that only point to another METS are not."""
        if self.logical is None:
            return []
        found = [div for div in self.logical.iter(tag("div")) if type_of(div) in kinds.ISSUES]
        own = [div for div in found if not any(type_of(above) in kinds.ISSUES for above in div.iterancestors())]
        return [div for div in own if div.find(tag("mptr")) is None or div.find(tag("div")) is not None]

    def _whole(self) -> ForeignIssue | None:
        """The document as one issue, where it has pages or logical divisions without pointers to other METS."""
        top = self.logical if self.logical is not None else self._pages.structure
        div = top.find(tag("div")) if top is not None else None
        if div is None or (not self._pages.divs and next(div.iter(tag("mptr")), None) is not None):
            return None
        return self._issue(div, self._pages.divs, alone=True)

    def _issue(self, div: Element, page_divs: list[Element], *, alone: bool) -> ForeignIssue:
        pages = self._pages.of_issue(page_divs)
        page_of = {file.identifier: page.number for page in pages for file in page.files}
        page_of |= {page.identifier: page.number for page in pages if page.identifier}
        own, above = self._records(div, alone=alone)
        issue = ForeignIssue(
            identifier=div.get("ID", ""),
            mets=self._name,
            convention=self._convention,
            label=" ".join((div.get("LABEL") or "").split()),
            pages=pages,
            articles=Articles(self._document, self._files, page_of).read(div),
            files=self._pages.whole() if alone else (),
        )
        return self._dated(self._described(issue, div, own, above), div, own, alone=alone)

    def _records(self, div: Element, *, alone: bool) -> tuple[list[Record], list[tuple[Element, Record]]]:
        """The records of an issue, and those of what it lies in, from the top down."""
        own = records(self._document, div)
        above = [
            (outer, record)
            for outer in reversed(list(div.iterancestors(tag("div"))))
            for record in records(self._document, outer)
        ]
        structure = self._pages.structure
        sequence = structure.find(tag("div")) if structure is not None else None
        if sequence is not None and sequence is not div:
            above += [(sequence, record) for record in records(self._document, sequence)]
        if not own and not above and alone:
            named = {name for each in self._document.root.iter(tag("div")) for name in each.get("DMDID", "").split()}
            loose = [each for each in self._document.root.iterchildren(tag("dmdSec")) if each.get("ID") not in named]
            own = [record for section in loose for record in section_records(self._document, section)]
        return own, above

    def _described(
        self, issue: ForeignIssue, div: Element, own: list[Record], above: list[tuple[Element, Record]]
    ) -> ForeignIssue:
        hosts = [each for each in every(own) if each not in own]
        outer = list(every([record for _div, record in above]))
        order = [*own, *hosts, *reversed(outer)]
        part = {name: record.part[name] for record in reversed(order) for name in record.part}
        volumes = [each for each in div.iterancestors(tag("div")) if type_of(each) == "volume"]
        volume = part.get("volume", "") or next((each.get("ORDERLABEL", "") for each in volumes), "")
        raw = [identifier for record in order for identifier in record.identifiers]
        known = [_identifier(identifier) for identifier in raw]
        described = replace(
            issue,
            title=self._title(div, own, hosts, above),
            volume=volume,
            number=part.get("number", ""),
            whole_number=part.get("whole_number", ""),
            edition=part.get("edition", ""),
            language=next((record.language for record in order if record.language), ""),
            publisher=next((record.publisher for record in order if record.publisher), ""),
            place=next((record.place for record in order if record.place), ""),
            identifiers=tuple(dict.fromkeys(known)),
        )
        taken = {getattr(described, name) for name in _TAKEN}
        taken |= {f"{each.kind} {each.value}" for each in (*known, *raw)}
        own_dates = {dated.written for record in own for dated in record.dates}
        note_untaken(self._document, [*own, *outer], "an issue or its serial", taken | own_dates)
        return described

    def _title(self, div: Element, own: list[Record], hosts: list[Record], above: list[tuple[Element, Record]]) -> str:
        """The title of the serial: of the host, of the division of the serial, of the issue, else of the METS."""
        outer = list(div.iterancestors(tag("div")))
        serial = [record for each, record in above if type_of(each) in kinds.SERIALS]
        labels = [each.get("LABEL", "") for each in outer if type_of(each) in kinds.SERIALS]
        others = [record for _each, record in above]
        by_record = [record.title for record in (*hosts, *serial)]
        found = [*by_record, *labels, *(record.title for record in (*own, *others))]
        label = self._document.root.get("LABEL", "")[:LONGEST]  # a pattern is tried on it
        found.append(re.sub(r"[\s,.;:]*\(?\d{4}-\d\d-\d\d\)?.*$", "", label) if day_within(label) else label)
        return next((" ".join(title.split()) for title in found if title.strip()), "")

    def _dated(self, issue: ForeignIssue, div: Element, own: list[Record], *, alone: bool) -> ForeignIssue:
        stated = list(self._dates(div, own, alone=alone))
        sound = [each for each in stated if not each.is_questionable and "end of a span" not in each.origin]
        chosen = next((each for each in sound if each.day is not None), None)
        for each in sound:
            if each.day is None and is_impossible(each.written):
                what = f"{each.origin} is {shown(each.written)}, which is no day"
                self._document.problem(MetsTrouble.IMPOSSIBLE_DATE, what, div)
            elif chosen is not None and each.day is not None and each.day != chosen.day:
                what = f"{chosen.origin} is {shown(chosen.written)}, {each.origin} is {shown(each.written)}"
                self._document.problem(MetsTrouble.DATES_DIFFER, what, div)
        if chosen is None:
            said = "; ".join(f"{each.origin} is {shown(each.written)}" for each in sound)
            self._document.problem(MetsTrouble.NO_DATE, said or "the METS states no date of the issue", div)
        written = chosen.written if chosen else next((each.written for each in sound), "")
        return replace(issue, date_written=written, issued=chosen.day if chosen else None, dates=tuple(stated))

    def _dates(self, div: Element, own: list[Record], *, alone: bool) -> Iterator[StatedDate]:
        dates = [(record, dated) for record in every(own) for dated in record.dates if record in own or dated.in_part]
        for _record, dated in sorted(dates, key=lambda each: not each[1].is_key):
            origin = "the date of mods:part" if dated.in_part else "dateIssued"
            origin += ", end of a span" if dated.point == "end" else ""
            yield StatedDate(dated.written, origin, day_of(dated.written), dated.is_questionable)
        for each in (div, *div.iterancestors(tag("div"))):
            if type_of(each) in kinds.DAYS or each is div:
                label = each.get("ORDERLABEL", "").strip()
                if day_of(label) is not None or (type_of(each) in kinds.DAYS and label and "-" in label):
                    origin = f"ORDERLABEL of the division of the {'day' if each is not div else 'issue'}"
                    yield StatedDate(label, origin, day_of(label))
        label = day_within(self._document.root.get("LABEL", "")) if alone else ""
        if label:
            yield StatedDate(label, "the date in LABEL", day_of(label))


def _identifier(found: ForeignIdentifier) -> ForeignIdentifier:
    """An identifier with the usual name of its kind."""
    return replace(found, kind="zdb") if _ZDB.fullmatch(found.kind) else found
