"""Rules for formats: known, agreed upon, allowed by the policy, open to everyone, and whole to their end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.formats import UNKNOWN, Agreement, Doubt, LockScope, Standing
from archiver.model.report import Fault, Severity
from archiver.plugs import Skip, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.formats import FoundFormats, IdentifiedFile

_CLAUSE = "archiver: formats"
_POLICY = "docs/package-profiles.md"
_SHOWN = 5  # names in a sentence
_ASK = "Ask the depositor which it is; keep the file as it came."


def _looked_into(found: FoundFormats) -> None:
    if found.is_recorded:
        raise Skip("the package records formats; its files were looked into when they came")


def _decided(found: FoundFormats, standing: Standing, remedy: str) -> Iterator[Fault]:
    """The files whose format the policy gives this standing. Unknown ones count only when the policy names them."""
    if found.policy is None:
        raise Skip("no package profile with a format policy was named")
    for file in found.files:
        decision = found.policy.decide(file.puid)
        if decision.standing is not standing or file.is_empty or (file.puid == UNKNOWN and not decision.puid):
            continue
        called = "its format is unknown" if file.puid == UNKNOWN else file.called
        reason = decision.reason or "its policy does not name this format"
        yield Fault(f"{called}: {standing.value} by {found.policy_name}: {reason}", file.name, remedy=remedy)


@check("FMT-001", "The policy does not refuse the format", _POLICY, needs="formats")
def refused(found: FoundFormats) -> Iterator[Fault]:
    """A format that the package profile refuses."""
    remedy = "Ask for the file in an accepted format, or leave it out of the deposit, with a note that it was there."
    yield from _decided(found, Standing.REFUSED, remedy)


@check("FMT-002", "The policy accepts the format", _POLICY, needs="formats", severity=Severity.NOTICE)
def tolerated(found: FoundFormats) -> Iterator[Fault]:
    """A format that the package profile tolerates, each with the reason."""
    remedy = "Ask the depositor whether the file exists in an accepted format; keep what came in any case."
    yield from _decided(found, Standing.TOLERATED, remedy)


@check("FMT-003", "The format is known", _CLAUSE, needs="formats", severity=Severity.WARNING)
def known(found: FoundFormats) -> Iterator[Fault]:
    """PRONOM has no signature for what the file holds, and none of its extensions fits."""
    for file in found.files:
        if file.puid == UNKNOWN and not file.is_empty and (found.policy is None or not _named(found, UNKNOWN)):
            said = file.format.mime.value
            words = "" if said in {"", "application/octet-stream"} else f"; libmagic takes it for {said}"
            listed = file.format.pronom.warning.partition("possibilities based on extension are ")[2].split(";")[0]
            promised = f"; its extension is that of {_few(listed.split(', '))}" if listed else ""
            yield Fault(f"PRONOM knows no format for it{words}{promised}", file.name, remedy=_ASK)


def _few(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else "")


def _named(found: FoundFormats, puid: str) -> bool:
    return found.policy is not None and puid in found.policy.decisions


@check("FMT-004", "PRONOM and libmagic agree", _CLAUSE, needs="formats", severity=Severity.WARNING)
def agreed(found: FoundFormats) -> Iterator[Fault]:
    """Two media types that exclude one another."""
    _looked_into(found)
    for file in found.files:
        if file.agreement is Agreement.DIFFERENT:
            stated = ", ".join(file.matches[0].mimes) if file.matches else ""
            by = " by its extension alone" if Doubt.EXTENSION_ONLY in file.doubts else ""
            yield Fault(
                f"PRONOM takes it{by} for {file.called}{f' ({stated})' if stated else ''}, "
                f"libmagic for {file.format.mime.value}",
                file.name,
                remedy=_ASK,
            )


@check("FMT-005", "The extension fits the format", _CLAUSE, needs="formats", severity=Severity.WARNING)
def rightly_named(found: FoundFormats) -> Iterator[Fault]:
    """The content is of another format than the name promises."""
    _looked_into(found)
    for file in found.files:
        if Doubt.EXTENSION_MISMATCH in file.doubts:
            extension = file.name.rpartition(".")[2]
            yield Fault(f"called .{extension}, and it is {file.called}", file.name, remedy=_ASK)


@check("FMT-006", "Nothing is encrypted", _CLAUSE, needs="formats")
def unlocked(found: FoundFormats) -> Iterator[Fault]:
    """A file under a password is lost with the password."""
    _looked_into(found)
    for file in found.files:
        if file.lock is not None:
            scope = "" if file.lock.scope is LockScope.WHOLE else " in part"
            yield Fault(
                f"encrypted{scope}: {file.lock.detail}",
                file.name,
                remedy="Ask the depositor for the file without encryption or password.",
            )


@check("FMT-007", "One format fits", _CLAUSE, needs="formats", severity=Severity.NOTICE)
def unambiguous(found: FoundFormats) -> Iterator[Fault]:
    """PRONOM takes the file for several formats at once."""
    _looked_into(found)
    for file in found.files:
        if Doubt.SEVERAL in file.doubts:
            each = ", ".join(f"{match.puid} {match.name} {match.version}".rstrip() for match in file.matches[:_SHOWN])
            yield Fault(
                f"{len(file.matches)} formats fit: {each}",
                file.name,
                remedy="The first is recorded; note it if another is meant.",
            )


@check("FMT-008", "The file has content", _CLAUSE, needs="formats", severity=Severity.WARNING)
def not_empty(found: FoundFormats) -> Iterator[Fault]:
    """A file of no bytes has no format."""
    for file in found.files:
        if file.is_empty:
            yield Fault(
                "the file has no bytes", file.name, remedy="Ask the depositor whether it was meant to be empty."
            )


@check("FMT-009", "The file ends as its format ends", _CLAUSE, needs="formats", severity=Severity.WARNING)
def whole(found: FoundFormats) -> Iterator[Fault]:
    """A copy that broke off. Page images have rules of their own."""
    _looked_into(found)
    for file in found.files:
        if file.damage and file.lock is None:
            yield Fault(
                f"not whole: {file.damage}", file.name, remedy="Take another copy of the file from the depositor."
            )


@check("FMT-010", "No file is an archive of files", _CLAUSE, needs="formats", severity=Severity.NOTICE)
def unpacked(found: FoundFormats) -> Iterator[Fault]:
    """What lies in an archive is kept as it is, and neither described nor identified."""
    _looked_into(found)
    for file in found.files:
        if file.nest is None:
            continue
        nest = file.nest
        counted = "" if nest.entries is None else f" with {nest.entries:,} entries"
        inside = f", archives among them: {', '.join(nest.archives)}" if nest.archives else ""
        yield Fault(
            f"a {nest.kind} archive{counted}{inside}",
            file.name,
            remedy="If its contents are the deposit, unpack it and deposit them; else it is kept as it is.",
        )


@check("FMT-011", "opf-fido confirms the format", _CLAUSE, needs="formats", severity=Severity.NOTICE)
def confirmed(found: FoundFormats) -> Iterator[Fault]:
    """A third identifier, where it was asked, takes the file for the same format."""
    _looked_into(found)
    if found.files and not any(file.third for file in found.files):
        raise Skip("opf-fido was not asked")
    for file in found.files:
        if file.third is not None and _contradicts(file):
            names = file.third.name or file.third.value
            yield Fault(
                f"siegfried takes it for {file.called}, opf-fido by its {file.third.basis} for {names}",
                file.name,
                remedy=_ASK,
            )


def _contradicts(file: IdentifiedFile) -> bool:
    """What fido does not know, or tells by the extension alone, contradicts nothing."""
    third = file.third
    return (
        third is not None
        and third.basis == "content"
        and third.value not in {file.puid, UNKNOWN}
        and file.puid != UNKNOWN
    )
