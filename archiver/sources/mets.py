"""Deposits that bring METS: each issue with the pages, files and articles that its METS gives it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archiver.foreign_mets.giving import gathered_pages, given_by, losses
from archiver.foreign_mets.places import FileNames
from archiver.foreign_mets.reading import LARGEST, read_mets
from archiver.foreign_mets.text import taken_text
from archiver.listing import read_content
from archiver.model.foreign_mets import DepositedMets
from archiver.model.gathered import FileKind, IssuePlan
from archiver.model.transcript import SourceIssue
from archiver.sources.deriving import derive
from archiver.sources.documents import other_materials
from archiver.sources.page_files import examine_images, read_layouts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.model.foreign_mets import ForeignIssue, ForeignMets, NamedMets
    from archiver.model.gathered import SortedFile


@dataclass(frozen=True, slots=True)
class _Details:
    """What a plan of this reader knows already: the METS, which of its issues, what a batch says of it."""

    mets: ForeignMets
    issue: ForeignIssue
    entry: NamedMets | None


class MetsReader:
    """Takes METS documents for the description of issues; an NDNP batch names them."""

    form = "METS"
    order = 10  # a METS says more of images and texts than their names do

    def plans(self, files: Sequence[SortedFile]) -> tuple[list[IssuePlan], list[SortedFile]] | None:
        """An issue for each that a METS describes; None without METS that describes any."""
        found = [each for each in files if each.kind is FileKind.METS]
        names = FileNames([each.name for each in files])
        read = {each.name: read_mets(_content(each), each.name, names) for each in found}
        entries = {named.name: named for mets in read.values() for named in mets.named if named.name}
        issues = [(name, issue) for name, mets in read.items() for issue in mets.issues]
        if not issues:
            return None
        known = {each.name: each for each in files}
        above = [name for name, mets in read.items() if not mets.issues]  # batches, years: with every issue
        plans = []
        for name, issue in issues:
            own = dict.fromkeys((*issue.file_names, name, *above, *(read[name].unnamed if len(issues) > 1 else ())))
            members = [known[each] for each in own if each in known] if len(issues) > 1 else list(files)
            stated = read[name].checksums
            plans.append(
                IssuePlan(
                    self.form,
                    name,
                    tuple(members),
                    given=(given_by(issue),),
                    details=_Details(read[name], issue, entries.get(name)),
                    stated=(stated,) if stated is not None else (),
                )
            )
        taken = {each.name for plan in plans for each in plan.files}
        return plans, [each for each in files if each.name not in taken]

    def read(self, plan: IssuePlan) -> SourceIssue:
        """Read the images and layout documents of one issue, and compose its text in the order of its METS."""
        details = plan.details
        assert isinstance(details, _Details)  # made by `plans`
        pages = gathered_pages(details.issue)
        images = examine_images(plan)
        layouts = tuple(read_layouts(plan, pages, images))
        documents = {layout.document.name: layout.document for layout in layouts}
        taken = taken_text(details.issue, documents)
        mets = next(each.file for each in plan.files if each.name == details.issue.mets)
        return SourceIssue(
            derive(taken, mets.path),
            tuple(each.file for each in plan.files),
            name=str(mets.path),
            pages=pages,
            images=images,
            layouts=layouts,
            given=plan.given,
            losses=(*taken.losses, *losses(details.mets)),
            materials=(
                ("foreign-mets", DepositedMets(details.mets, documents, details.entry)),
                *other_materials(plan.files),
            ),
            documentation=tuple(each.name for each in plan.files if each.kind is FileKind.METS),
        )


READER = MetsReader()


def _content(file: SortedFile) -> bytes:
    """The bytes of a METS; one beyond the limit is refused by its reader, and only as much of it is read as tells."""
    if file.file.stamp.size > LARGEST:
        return file.head + b" " * (LARGEST + 1 - len(file.head))
    return read_content(replace(file.file, content=None), LARGEST)
