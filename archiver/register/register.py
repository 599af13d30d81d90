"""The register of a workspace: the folder of accession records."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.errors import CouldNotFindOut, UnreadableInput
from archiver.model.register import PackageFacts, RecordFacts, RegisterFacts
from archiver.plugs import run_checks
from archiver.register import numbers, statement
from archiver.register.claims import claim, finish_own
from archiver.register.files import kind_of, locked_name, storage_error, sync_folder
from archiver.register.held import HeldIssues
from archiver.register.index import Index
from archiver.register.numbers import DEFAULT_SCHEME, Scheme
from archiver.register.packages import find_packages, look_for
from archiver.register.record import Record, read_facts, unknown_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.provenance import Accession
    from archiver.model.report import CheckRun, Finding

_LOCK = ".lock"


class Register:
    """Accession records in one folder.

    `workspace` is what the places of packages are relative to (by default the folder above), `packages` where the
    workspace keeps its packages (by default `packages` in it), `scheme` how new numbers are formed.
    """

    def __init__(
        self,
        accessions: Path,
        *,
        workspace: Path | None = None,
        packages: Path | None = None,
        scheme: str = DEFAULT_SCHEME,
    ) -> None:
        self.accessions = accessions
        self.workspace = accessions.absolute().parent if workspace is None else workspace
        self.packages = self.workspace / "packages" if packages is None else packages
        self.scheme = scheme
        self._index = Index(accessions, self._names)
        self.held = HeldIssues(lambda some: (Record(self.accessions / number) for number in some), self._names)

    def place(self, package: Path) -> str:
        """The place of a package as records state it: relative to the workspace with `/`, absolute outside of it."""
        whole = Path(os.path.normpath(package.absolute()))
        root = Path(os.path.normpath(self.workspace.absolute()))
        return whole.relative_to(root).as_posix() if whole.is_relative_to(root) else whole.as_posix()

    def begin(self, draft: Accession, *, fingerprint: str, scheme: str | None = None) -> Record:
        """Claim the next number and write the record of a new accession; when this returns, both are on the disk.

        `draft` is the accession without a number; `draft.begun` is the time of its beginning and gives the year.
        `fingerprint` is the digest that stands for the deposit. A number that was ever claimed is not given again.
        A record of the same deposit whose writing a crash interrupted is finished instead. Raises ConfigurationError
        for a scheme that forms no number, StorageError when the folder cannot be written.
        """
        form = Scheme.of(scheme or self.scheme, draft.begun.year)
        statement.render(replace(draft, number=form.number(1)), fingerprint)  # what cannot be written is refused here
        self._make_folder()
        self._index.of(fingerprint)
        own = finish_own(self.accessions, self._index.claimed_only(), fingerprint)
        folder = own or claim(self.accessions, form, draft, fingerprint, above=self._index.highest(form))
        self._index.add(folder.name, fingerprint)
        return Record(folder)

    def resume_or_begin(self, draft: Accession, *, fingerprint: str, scheme: str | None = None) -> Record:
        """The record of the same deposit, complete or else unfinished, or a new one: look at its `status`.

        One step: two runs at once get the same record, and only one of them its `working`. Raises what `begin` and
        `completed` raise.
        """
        self._make_folder()
        with locked_name(self.accessions / _LOCK):
            records = list(self._of(fingerprint))
            complete = (record for record in records if _is_complete(record))
            found = next(complete, None) or next(iter(records), None)
            return found or self.begin(draft, fingerprint=fingerprint, scheme=scheme)

    def record(self, number: str) -> Record:
        """The record of one accession; raises UnreadableInput when there is none of that number."""
        folder = self.accessions / number
        if not numbers.is_number(number) or kind_of(folder) != "folder":
            remedy = "archiver register list shows the numbers there are"
            raise UnreadableInput(f"there is no accession {number!r} in {self.accessions}", remedy=remedy)
        return Record(folder)

    def records(self) -> Iterator[Record]:
        """Every record, in the order of their numbers; also damaged ones and numbers claimed only."""
        return (Record(self.accessions / number) for number in self._numbers())

    def unfinished(self, fingerprint: str) -> Record | None:
        """The first record of this deposit that is begun and not complete. Raises RecordDamaged like `completed`."""
        return next((record for record in self._of(fingerprint) if not _is_complete(record)), None)

    def completed(self, fingerprint: str) -> Record | None:
        """The first complete record of this deposit.

        Raises RecordDamaged when any accession.toml is not what it was (it may be that of this deposit), or this one is
        damaged elsewhere.
        """
        return next((record for record in self._of(fingerprint) if _is_complete(record)), None)

    def facts(self, record: Record, *, packages: bool = True) -> RecordFacts:
        """Everything read of one record and, unless told not to look, of the packages it names.

        Raises nothing: where the record cannot be read, `unknown` says why, and the checks that need it are broken.
        """
        try:
            found = read_facts(record.folder)
        except CouldNotFindOut as error:
            return unknown_facts(record.folder, error)
        if not packages:
            return found
        return replace(
            found, packages=tuple(look_for(self.workspace, package, line) for package, line in found.statements)
        )

    def register_facts(self, records: tuple[RecordFacts, ...]) -> RegisterFacts:
        """What is to be judged of the register as a whole, given the facts of its records."""
        held = self._numbers()
        stated: dict[str, list[str]] = {}
        for record in records:
            for package in record.packages:
                stated.setdefault(self._absolute(package), []).append(record.number)
        found = {self.place(path): self.place(path) for path in find_packages(self.packages)}
        stated_accessions = (record.statement.accession for record in records if record.statement is not None)
        years = sorted({accession.begun.year for accession in stated_accessions if accession is not None})
        return RegisterFacts(
            shown=self.accessions.name,
            numbers=held,
            series=numbers.series(held, [Scheme.of(self.scheme, year) for year in years]),
            twins=numbers.twins(held),
            strays=self._strays(),
            packages_found=tuple(found),
            packages_stated=tuple(sorted(stated)),
            stated_twice=tuple((place, ", ".join(who)) for place, who in sorted(stated.items()) if len(set(who)) > 1),
        )

    def verify(self) -> tuple[tuple[CheckRun, ...], tuple[Finding, ...]]:
        """Run every check of records and of the register: all faults, not the first. Writes nothing."""
        runs: list[CheckRun] = []
        findings: list[Finding] = []
        facts = tuple(self.facts(record) for record in self.records())
        for one in facts:
            more, found = run_checks("record", one, subject=one.number)
            runs += more
            findings += found
        more, found = run_checks("register", self.register_facts(facts), subject=self.accessions.name)
        return (*runs, *more), (*findings, *found)

    def _of(self, fingerprint: str) -> Iterator[Record]:
        numbers_held = sorted(self._index.of(fingerprint), key=numbers.order)
        records = (Record(self.accessions / number) for number in numbers_held)
        return (record for record in records if record.fingerprint == fingerprint)

    def _numbers(self) -> tuple[str, ...]:
        held = (name for name, is_folder, _ in self._entries() if is_folder and numbers.is_number(name))
        return tuple(sorted(held, key=numbers.order))

    def _names(self) -> list[str]:
        """The numbers held, in whatever order."""
        try:
            with os.scandir(self.accessions) as found:
                names = [e.name for e in found if numbers.is_number(e.name) and e.is_dir(follow_symlinks=False)]
        except OSError:
            names = [name for name, is_folder, _ in self._entries() if is_folder and numbers.is_number(name)]
        return names

    def _strays(self) -> tuple[str, ...]:
        shown = ((name, folder, file) for name, folder, file in self._entries() if not name.startswith("."))
        odd = (name for name, folder, file in shown if not file and not (folder and numbers.is_number(name)))
        return tuple(sorted(odd))

    def _entries(self) -> list[tuple[str, bool, bool]]:
        """What the folder holds: name, whether it is a folder, whether it is a regular file. Links are not followed."""
        try:
            with os.scandir(self.accessions) as found:
                return [(e.name, e.is_dir(follow_symlinks=False), e.is_file(follow_symlinks=False)) for e in found]
        except FileNotFoundError:
            return []
        except NotADirectoryError as error:
            raise UnreadableInput(f"{self.accessions} is not a folder of accession records") from error
        except OSError as error:
            raise storage_error("listing", self.accessions, error) from error

    def _make_folder(self) -> None:
        try:
            if kind_of(self.accessions) == "absent":
                self.accessions.mkdir(parents=True, exist_ok=True)
                sync_folder(self.accessions.parent)
        except OSError as error:
            raise storage_error("making", self.accessions, error) from error

    def _absolute(self, package: PackageFacts) -> str:
        return self.place(self.workspace / package.stated.place)


def _is_complete(record: Record) -> bool:
    return any(event.completes for event in record.events)
