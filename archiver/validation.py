"""Validation: every rule on a package, from one independent read of its bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from archiver import plugs
from archiver.errors import ArchiverError, CouldNotFindOut
from archiver.model.bag_profile import FORMS, IDENTIFIER, ProfiledBag
from archiver.model.contents import PackageContents
from archiver.model.formats import FoundFormats
from archiver.model.package import SealedBag
from archiver.model.package_profile import ChosenProfile, FixityEvidence
from archiver.model.progress import QUIET, Progress
from archiver.model.report import CheckRun, Finding, Outcome, PackageLine, Report, Severity
from archiver.packages.bag import Bag
from archiver.packages.bag.measuring import describes_package
from archiver.packages.referee import bagit_python
from archiver.resources import data_folder

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.model.bag import BagContents

RFC_8493 = "rfc8493"  # the profile that judges any bag, also our own, by the standard alone
OWN_PROFILE = "newsletter-issue"  # of the packages that archiver makes of issues
_OURS = "data/metadata/descriptive/issue.mets.xml"


@dataclass(frozen=True, slots=True)
class Judged:
    """A package with everything that was checked of it."""

    path: Path
    identifier: str
    checks: tuple[CheckRun, ...]
    findings: tuple[Finding, ...]
    sealed: SealedBag | None
    accession_number: str = ""

    @property
    def whole(self) -> bool:
        """Whether no rule found an error and none broke: skipped checks do not count against it."""
        broken = any(run.outcome is Outcome.BROKEN for run in self.checks)
        return not broken and not any(found.severity is Severity.ERROR for found in self.findings)

    def summary(self) -> str:
        """The first faults in words."""
        faults = [f"{found.code} {found.message}" for found in self.findings if found.severity is Severity.ERROR]
        faults += [f"{run.code} {run.reason}" for run in self.checks if run.outcome is Outcome.BROKEN]
        return "; ".join(faults[:3]) or "no fault"


def judge(
    path: Path,
    *,
    name: str | None = None,
    workers: int = 2,
    schemas: Path | None = None,
    second_opinion: bool = False,
    profile: str = "",
    chosen: ChosenProfile | None = None,
    serialization: str | None = None,
    progress: Progress = QUIET,
) -> Judged:
    """Judge one package by every rule that applies: RFC 8493 and fixity for any bag, the rest for our own packages.

    `name` is the name the package will go by, when it is judged before it has it; `schemas` the folder of installed
    official schemas; `profile` "rfc8493" leaves our own rules out, also for our own packages; `chosen` is the package
    profile or BagIt profile it is judged by on top of all that, and `serialization` the MIME type it will have by then,
    when it is still to be serialised. Raises UnreadableInput when there is no folder to read.
    """
    contents = Bag.open(path, name=name).contents(workers=workers, progress=progress)
    subject = name or str(path)
    judged = judge_contents(
        contents,
        subject=subject,
        schemas=schemas,
        profile=profile,
        chosen=chosen,
        serialization=serialization or serialization_of(path),
    )
    if second_opinion:
        codes = {known.rule.code for known in plugs.checks("bag")}
        valid = not any(found.severity is Severity.ERROR and found.code in codes for found in judged.findings)
        more, found = plugs.run_checks("opinion", bagit_python(path, ours_valid=valid), subject=subject)
        judged = replace(judged, checks=judged.checks + more, findings=judged.findings + found)
    return judged


def judge_contents(
    contents: BagContents,
    *,
    subject: str,
    schemas: Path | None = None,
    profile: str = "",
    chosen: ChosenProfile | None = None,
    serialization: str | None = None,
) -> Judged:
    """Judge a package that was read and measured, as `judge` does."""
    judged = [_archive(contents, subject)]
    if contents.serialised is not None and contents.serialised.is_refused:
        return _refused(contents, judged[0], subject)
    judged.append(plugs.run_checks("bag", contents, subject=subject))
    ours = _OURS in contents.payload or "data/METS.xml" in contents.payload
    package = package_contents(contents, schemas) if ours and profile != RFC_8493 else None
    if package is not None:
        judged.append(plugs.run_checks("package", package, subject=subject))
        judged.append(_facts(package, subject))
        judged.append(plugs.run_checks("house", contents, subject=subject))
    else:
        reason = "judged by RFC 8493 alone, as asked" if ours else "not a package made by archiver: RFC 8493 alone"
        judged += [(plugs.skip_checks(needs, reason, subject=subject), ()) for needs in ("package", "facts", "house")]
    if chosen is None and ours and profile != RFC_8493:
        chosen = _own_profile(contents)
    judged.append(judge_by_profile(contents, chosen, serialization, subject))
    judged.append(_formats(package, chosen, subject))
    checks = tuple(run for runs, _found in judged for run in runs)
    findings = tuple(found for _runs, part in judged for found in part)
    sealed = None
    if contents.seal is not None:
        size = sum(contents.payload.values())
        sealed = SealedBag(contents.path, contents.name, contents.seal, len(contents.payload), size)
    numbers = contents.values("Internal-Sender-Identifier")
    return Judged(contents.path, contents.name, checks, findings, sealed, numbers[0] if numbers else "")


def _archive(contents: BagContents, subject: str) -> tuple[tuple[CheckRun, ...], tuple[Finding, ...]]:
    """The rules for archives, on a bag that came in one."""
    if contents.serialised is None:
        return plugs.skip_checks("archive", "the bag is a folder", subject=subject), ()
    return plugs.run_checks("archive", contents.serialised, subject=subject)


def _refused(contents: BagContents, archive: tuple[tuple[CheckRun, ...], tuple[Finding, ...]], subject: str) -> Judged:
    """An archive that was not read: what its rules found, and every other rule skipped."""
    runs, findings = archive
    for needs in ("bag", "package", "facts", "house", "bag-profile", "package-profile", "formats"):
        runs += plugs.skip_checks(needs, "the archive was not read", subject=subject)
    return Judged(contents.path, contents.name, runs, findings, None)


def validate(
    paths: Sequence[Path],
    *,
    workers: int = 2,
    schemas: Path | None = None,
    second_opinion: bool = False,
    profile: str = "",
    chosen: ChosenProfile | None = None,
    fail_on: Severity = Severity.ERROR,
    progress: Progress = QUIET,
) -> Report:
    """Judge packages, each whatever becomes of the others. All faults of all of them are in the report."""
    judged: list[Judged] = []
    errors: list[ArchiverError] = []
    for path in paths:
        progress.say(f"Validating {path}")
        try:
            judged.append(
                judge(
                    path,
                    workers=workers,
                    schemas=schemas,
                    second_opinion=second_opinion,
                    profile=profile,
                    chosen=chosen,
                    progress=progress,
                )
            )
        except ArchiverError as error:
            errors.append(error)
    worst = max(errors, key=lambda error: error.exit_status, default=None)
    return Report(
        command="validate",
        checks=tuple(run for each in judged for run in each.checks),
        findings=tuple(found for each in judged for found in each.findings),
        packages=tuple(_line(each) for each in judged),
        error=" ".join(error.message for error in errors),
        error_remedy=worst.remedy if worst else "",
        error_status=worst.exit_status if worst else 0,
        fail_on=fail_on,
    )


def judge_by_profile(
    contents: BagContents, chosen: ChosenProfile | None, serialization: str | None, subject: str
) -> tuple[tuple[CheckRun, ...], tuple[Finding, ...]]:
    """The rules of a package profile and of a BagIt profile; those that nobody named are skipped, visibly.

    `serialization` is the MIME type of the one file that the bag is, None for a folder.
    """
    bag, package = (chosen.bag, chosen.package) if chosen is not None else (None, None)
    reason = "no profile of this kind was named"
    by_bag: tuple[tuple[CheckRun, ...], tuple[Finding, ...]] = (
        plugs.skip_checks("bag-profile", reason, subject=subject),
        (),
    )
    by_package = plugs.skip_checks("package-profile", reason, subject=subject), by_bag[1]
    if bag is not None:
        by_bag = plugs.run_checks("bag-profile", ProfiledBag(contents, bag, serialization), subject=subject)
    if package is not None:
        by_package = plugs.run_checks("package-profile", FixityEvidence(contents, package), subject=subject)
    return by_bag[0] + by_package[0], by_bag[1] + by_package[1]


def _formats(
    package: PackageContents | None, chosen: ChosenProfile | None, subject: str
) -> tuple[tuple[CheckRun, ...], tuple[Finding, ...]]:
    """The format policy of a package profile, on the formats that the PREMIS of a package states."""
    from archiver.metadata.reading import PREMIS, once
    from archiver.metadata.reading_formats import recorded_formats
    from archiver.metadata.reading_premis import read_premis

    policy = chosen.package if chosen is not None else None
    if policy is None or policy.formats is None:
        return plugs.skip_checks("formats", "no profile with a format policy was named", subject=subject), ()
    facts = once(package, PREMIS, read_premis) if package is not None else None
    if facts is None:
        reason = "the package has no PREMIS of ours that states formats"
        return plugs.skip_checks("formats", reason, subject=subject), ()
    found = FoundFormats(recorded_formats(facts), policy.formats, policy.identifier, is_recorded=True)
    return plugs.run_checks("formats", found, subject=subject)


def serialization_of(path: Path) -> str | None:
    """The MIME type of a serialised bag, by its name; None for a folder."""
    if path.is_dir():
        return None
    name = path.name.lower().replace(".tgz", ".tar.gz")
    kind = next((kind for kind in sorted(FORMS, key=len, reverse=True) if name.endswith(f".{kind}")), None)
    return FORMS[kind][0] if kind is not None else "application/octet-stream"


def _own_profile(contents: BagContents) -> ChosenProfile | None:
    """The profile that comes with archiver, when a package of ours names it."""
    named = contents.values(IDENTIFIER)
    if not named:
        return None
    chosen = _built_in()
    return chosen if chosen.bag is not None and chosen.bag.identifier in named else None


@lru_cache(maxsize=1)
def _built_in() -> ChosenProfile:
    """The profile that comes with archiver, read once by a process."""
    from archiver.package_profiles import choose_profile

    return choose_profile(OWN_PROFILE, [data_folder("profiles")])


def package_contents(contents: BagContents, schemas: Path | None) -> PackageContents:
    """What the rules for our packages look at: sizes and digests as measured, and the XML documents."""
    documents = {path: contents.documents[path] for path in sorted(contents.documents)}
    for path in sorted(contents.payload):
        if describes_package(path) and path not in documents:
            raise CouldNotFindOut(
                dict(contents.unreadable).get(path)
                or f"{contents.path / path} has {contents.payload[path]:,} bytes, more than is read of such a document."
            )
    return PackageContents(contents.name, contents.measured, documents, schemas)


def _facts(package: PackageContents, subject: str) -> tuple[tuple[CheckRun, ...], tuple[Finding, ...]]:
    from archiver.metadata.reading import issue_facts

    facts = issue_facts(package)
    if facts is None:
        return plugs.skip_checks("facts", "mods.xml could not be read", subject=subject), ()
    return plugs.run_checks("facts", facts, subject=subject)


def _line(judged: Judged) -> PackageLine:
    note = "valid" if judged.whole else "not valid"
    if any(run.outcome is Outcome.BROKEN for run in judged.checks):
        note = "could not be judged"
    return PackageLine(str(judged.path), judged.identifier, judged.sealed.seal if judged.sealed else None, note)
