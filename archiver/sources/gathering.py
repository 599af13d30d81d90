"""Which issues the files of a deposit make: every reader is asked in turn; the first that knows the form has them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archiver import plugs
from archiver.model.gathered import FileKind, Gathering

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from archiver.model.gathered import IssuePlan, SortedFile
    from archiver.model.transcript import SourceIssue

    class Reader(Protocol):
        """A form of deposit: `order` says when it is asked, lowest first."""

        form: str
        order: int

        def plans(self, files: Sequence[SortedFile]) -> tuple[list[IssuePlan], list[SortedFile]] | None:
            """The issues that the files make and the files of none; None when they are not of this form."""

        def read(self, plan: IssuePlan) -> SourceIssue:
            """Read the files of one issue."""


def gather(files: Sequence[SortedFile]) -> Gathering:
    """The issues of a deposit's files. Checksum lists belong to the deposit; a lone one is a deposit like any file."""
    lists = [each for each in files if each.kind is FileKind.CHECKSUMS] if len(files) > 1 else []
    rest = [each for each in files if each not in lists]
    for reader in readers():
        found = reader.plans(rest) if rest else None
        if found is not None:
            plans, undescribed = found
            return Gathering(reader.form, _with_lists(plans, lists), tuple(undescribed), tuple(lists))
    return Gathering("", (), tuple(rest), tuple(lists))


def _with_lists(plans: Sequence[IssuePlan], lists: Sequence[SortedFile]) -> tuple[IssuePlan, ...]:
    """The plans with the checksum lists among their files: each with the issue it is about, else with every issue.

    A sidecar is about the file it is named after, any other list about the files below its folder.
    """
    added: dict[int, list[SortedFile]] = {}
    for each in lists:
        folder = each.name.rpartition("/")[0]
        below = f"{folder}/" if folder else ""
        named = [one for one, plan in enumerate(plans) if any(each.name.startswith(file.name) for file in plan.files)]
        near = [one for one, plan in enumerate(plans) if any(file.name.startswith(below) for file in plan.files)]
        for index in named or near or range(len(plans)):
            added.setdefault(index, []).append(each)
    return tuple(
        replace(plan, files=(*plan.files, *added[index])) if index in added else plan
        for index, plan in enumerate(plans)
    )


def read(plan: IssuePlan) -> SourceIssue:
    """Read the files of one issue by the reader that planned it."""
    return next(reader for reader in readers() if reader.form == plan.reader).read(plan)


def readers() -> list[Reader]:
    """Every reader, in the order in which they are asked."""
    return sorted(plugs.discover("archiver.sources", "READER").values(), key=lambda reader: reader.order)
