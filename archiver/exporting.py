"""Exporting: a package opened, its documents held against its manifests, its issue written in another form.

The payload is not read again, but for what is exported of it: that every byte of a package is unchanged is for
`archiver validate` to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from archiver import plugs
from archiver.crosswalks.reading import read_issue
from archiver.crosswalks.writing import write
from archiver.crosswalks.zones import layout_files, with_boxes
from archiver.errors import ArchiverError, CouldNotFindOut, UnreadableInput, UsageError
from archiver.fixity.new_files import write_new
from archiver.metadata.reading import ARTICLES, ISSUE, MODS, PREMIS, not_well_formed
from archiver.model.contents import PackageContents
from archiver.model.export import ExportForm, ExportTerms
from archiver.model.progress import QUIET, Progress
from archiver.model.report import CheckRun, Finding, Outcome, PackageLine, Report, Severity
from archiver.packages.bag import Bag
from archiver.packages.bag.some import read_some

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from archiver.model.bag import BagContents
    from archiver.model.export import ExportedIssue

_DOCUMENTS = (ISSUE, MODS, ARTICLES, PREMIS)
_ADDRESS = re.compile(
    r"https?://[A-Za-z0-9._~:@\[\]-]+(?:/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?"
    r"|urn:[A-Za-z0-9][A-Za-z0-9-]{0,30}[A-Za-z0-9]:[A-Za-z0-9._~!$&'()*+,;=:@%/-]*"
)
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,199}")


@dataclass(frozen=True, slots=True)
class Exporting:
    """What is asked of an export. `terms.base_uri` is what identifiers begin with."""

    form: ExportForm
    terms: ExportTerms = field(default_factory=ExportTerms)
    progress: Progress = QUIET


@dataclass(frozen=True, slots=True)
class Read:
    """A package as read for an export. `issue` is None when what was found forbids to go on."""

    path: Path
    identifier: str
    issue: ExportedIssue | None
    checks: tuple[CheckRun, ...]
    findings: tuple[Finding, ...]
    contents: BagContents


def export(packages: Sequence[Path], destination: Path | None, asked: Exporting) -> tuple[bytes, Report]:
    """Export packages; the bytes are those for standard output, empty when there are none.

    Without a destination there is one document. A destination that is a folder takes a document for each package, and
    one that refuses does not keep the others back. Where packages share a document, it is written only when none of
    them is refused. Raises UsageError for what cannot be done.
    """
    apart = _is_apart(packages, destination, asked)
    read: list[Read] = []
    errors: list[ArchiverError] = []
    notes: dict[Path, str] = {}
    for path in packages:
        asked.progress.say(f"Reading {path}")
        try:
            read.append(read_package(path, with_zones=asked.form is ExportForm.IIIF, progress=asked.progress))
            issue = read[-1].issue
            if apart and destination is not None and issue is not None:
                place = destination / _file_name(issue, asked.form)
                write_new(place, write(asked.form, (issue,), asked.terms))
                notes[path] = f"exported to {place}"
        except ArchiverError as error:
            errors.append(error)
    issues = [each.issue for each in read if each.issue is not None]
    document = b""
    if not apart and not errors and len(issues) == len(packages):
        document = write(asked.form, issues, asked.terms)
        if destination is not None:
            write_new(destination, document)
            notes = dict.fromkeys((each.path for each in read), f"exported to {destination}")
            document = b""
    return document, _report(read, errors, notes)


def read_package(path: Path, *, with_zones: bool = False, progress: Progress = QUIET) -> Read:
    """Read the issue of one package: its tag files and documents are held against its manifests, nothing else is read.

    `with_zones` reads the layout documents of its pages as well. Raises UnreadableInput for what is no package of ours,
    CouldNotFindOut for documents that are not well formed or too large, StorageError.
    """
    subject = str(path)
    contents = Bag.open(path).contents(measure=False, progress=progress)
    checks: tuple[CheckRun, ...] = ()
    findings: tuple[Finding, ...] = ()
    if contents.serialised is not None:
        checks, findings = plugs.run_checks("archive", contents.serialised, subject=subject)
        if contents.serialised.is_refused:
            return Read(path, contents.name, None, checks, findings, contents)
    found = read_some(contents, (*contents.tag_files, *_DOCUMENTS))
    package = PackageContents(contents.name, found.measured, found.content)
    number = next(iter(contents.values("Internal-Sender-Identifier")), "")
    issue = read_issue(package, accession=number, seal=str(contents.seal or ""))
    if issue is not None and with_zones:
        named = {file.path: file for file in layout_files(issue)}
        found = read_some(contents, named, found)
        issue = with_boxes(issue, lambda file: found.content.get(file.path))
    contents = replace(
        contents,
        measured=found.measured,
        was_measured=True,
        unreadable=tuple(dict.fromkeys((*contents.unreadable, *found.unreadable))),
    )
    runs, more = plugs.run_checks("bag", contents, subject=subject)
    checks, findings = checks + tuple(_told(run, contents) for run in runs), findings + more
    read = Read(path, contents.name, issue, checks, findings, contents)
    if not _is_sound(read):
        return replace(read, issue=None)
    if issue is None:
        raise _no_issue(path, contents, package)
    return read


def _is_sound(read: Read) -> bool:
    broken = any(run.outcome is Outcome.BROKEN for run in read.checks)
    return not broken and not any(found.severity is Severity.ERROR for found in read.findings)


def _told(run: CheckRun, contents: BagContents) -> CheckRun:
    """FIX-001 judges what was read. Where that was not the whole payload, it has not passed."""
    left = len(contents.payload.keys() - set(contents.measured))
    if run.code != "FIX-001" or run.outcome is not Outcome.PASSED or not left:
        return run
    reason = f"{left} files of the payload were not read: the documents alone are needed"
    return replace(run, outcome=Outcome.SKIPPED, reason=reason)


def _no_issue(path: Path, contents: BagContents, package: PackageContents) -> ArchiverError:
    for name in (ISSUE, MODS):
        if name not in contents.payload:
            return UnreadableInput(
                f"{path} is no package that archiver made: it has no {name}.",
                remedy="Name the package of an issue, made by archiver accession.",
            )
        trouble = not_well_formed(package, name)
        if trouble is not None:
            line = f" in line {trouble.line}" if trouble.line else ""
            return CouldNotFindOut(
                f"{path}: {name} cannot be parsed{line}: {trouble.message}.", remedy="See archiver validate."
            )
    return CouldNotFindOut(f"{path}: its description cannot be read.", remedy="See archiver validate.")


def _is_apart(packages: Sequence[Path], destination: Path | None, asked: Exporting) -> bool:
    """Whether each package gets a document of its own in a folder. Raises UsageError for what cannot be done."""
    form = asked.form
    if not _ADDRESS.fullmatch(asked.terms.base_uri):
        raise UsageError(
            f"{asked.terms.base_uri!r} is no address that identifiers can begin with.",
            remedy="Give an http or https address without ? and #, or a urn.",
        )
    if asked.terms.articles and not form.parts_articles:
        raise UsageError(
            f"{form.value} has no records for articles alone.", remedy="--articles is for marcxml and csv."
        )
    if destination is not None and destination.is_dir():
        return True
    if len(packages) > 1 and not form.joins:
        raise UsageError(
            f"One {form.value} document holds one issue; {len(packages)} packages were named.",
            remedy="Name a folder that exists with -o: each gets a document there.",
        )
    return False


def _file_name(issue: ExportedIssue, form: ExportForm) -> str:
    if not _FILE_NAME.fullmatch(issue.identifier):
        raise UsageError(
            f"{issue.identifier!r} cannot be the name of a file.", remedy="Export this package alone, with -o FILE."
        )
    return issue.identifier + form.suffix


def _report(read: Sequence[Read], errors: Sequence[ArchiverError], notes: dict[Path, str]) -> Report:
    worst = max(errors, key=lambda error: error.exit_status, default=None)
    lines = [
        PackageLine(str(each.path), each.identifier, each.contents.seal, notes.get(each.path, "not exported"))
        for each in read
    ]
    checked = "Tag files and metadata were held against the manifests; the payload was not read again."
    closed = [each.issue.identifier for each in read if each.issue is not None and each.issue.is_restricted]
    said = [checked] if notes else []
    said += [f"Access is restricted: {', '.join(closed)}. The description says so."] if notes and closed else []
    return Report(
        command="export",
        checks=tuple(run for each in read for run in each.checks),
        findings=tuple(found for each in read for found in each.findings),
        packages=tuple(lines),
        notes=tuple(said),
        error=" ".join(error.message for error in errors),
        error_remedy=worst.remedy if worst else "",
        error_status=worst.exit_status if worst else 0,
    )
