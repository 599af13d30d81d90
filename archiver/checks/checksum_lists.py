"""Rules for checksums that a depositor sent along: what they say is so, and nothing is taken for verified unread."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from archiver.model.checksum_list import ListTrouble, Manner
from archiver.model.names import escape
from archiver.model.report import Fault, Severity
from archiver.plugs import Skip, check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.model.checksum_list import ChecksumList, Comparison, ListProblem, Stated

_CLAUSE = "archiver: checksum lists"
_SHOWN = 10  # names in a sentence, lines of one list reported one by one
_ASK = "Ask the depositor for the file again, from the copy that the list was made of; never change the list to fit."
_WHOLE = frozenset(ListTrouble) - {ListTrouble.TOO_LARGE, ListTrouble.CRC_ONLY, ListTrouble.UNKNOWN_ALGORITHM}


def _lists(comparison: Comparison) -> tuple[ChecksumList, ...]:
    if not comparison.lists:
        raise Skip("the deposit came with no checksum list")
    return comparison.lists


def _some(names: Iterable[str]) -> str:
    ordered = sorted(escape(name) for name in names)
    more = f" and {len(ordered) - _SHOWN} more" if len(ordered) > _SHOWN else ""
    return ", ".join(ordered[:_SHOWN]) + more


def _at(message: str, stated: Stated, remedy: str, severity: Severity | None = None) -> Fault:
    return Fault(message, stated.list_name, stated.entry.line, remedy, severity)


def _as_stated(path: str, stated: Stated) -> str:
    """A file with the path that the list has for it, where that differs."""
    return escape(path) if path == stated.entry.path else f"{escape(path)} (listed as {escape(stated.entry.path)})"


@check("CKS-001", "Files have the digests that the depositor stated", _CLAUSE, needs="checksums")
def digests(comparison: Comparison) -> Iterator[Fault]:
    """Every digest of every list is compared with the bytes as they came."""
    _lists(comparison)
    for one in comparison.mismatched:
        label, entry = one.wanted.algorithm.label, one.stated.entry
        taken = f" (taken for {label} by its length; the list names no algorithm)" if entry.assumed else ""
        size = f", where {entry.size} bytes are stated" if entry.size is not None and entry.size != one.size else ""
        message = f"{_as_stated(one.path, one.stated)}: {label} stated {one.wanted.hexdigest}{taken}, found {one.found}"
        name_it = " If the list is of another algorithm, name it in the list's file name." if entry.assumed else ""
        yield _at(f"{message} ({one.size} bytes{size})", one.stated, _ASK + name_it)


@check("CKS-002", "Every file that the depositor listed is there", _CLAUSE, needs="checksums")
def present(comparison: Comparison) -> Iterator[Fault]:
    """A file that is listed was to be deposited."""
    _lists(comparison)
    for one in comparison.absent:
        near = f"; {_some(one.near)} has the name, and other bytes" if one.near else ""
        yield _at(
            f"{escape(one.stated.entry.path)} is listed and not in the deposit{near}",
            one.stated,
            "Ask the depositor for the file, or for a word in writing that it is not part of the deposit.",
        )


@check("CKS-003", "Every file is listed", _CLAUSE, needs="checksums", severity=Severity.NOTICE)
def complete(comparison: Comparison) -> Iterator[Fault]:
    """Of a file that no list names, nobody can say that it is as the depositor had it."""
    _lists(comparison)
    if comparison.unlisted:
        count = len(comparison.unlisted)
        yield Fault(
            f"{count} of {comparison.files} files are in no checksum list: {_some(comparison.unlisted)}",
            remedy="Nothing has to be done: their digests are computed from now on. A list of all files is better.",
        )


@check("CKS-004", "A checksum list has a line that can be used", _CLAUSE, needs="checksums")
def usable(comparison: Comparison) -> Iterator[Fault]:
    """A list that states nothing verifies nothing, and must not look as if it did."""
    for listing in _lists(comparison):
        if not listing.usable and not listing.is_crc_only:
            listed = len(listing.entries)
            said = f"{listed} of its lines name a file, and none of them" if listed else "no line of it"
            yield Fault(
                f"{escape(listing.name)}: {said} states a digest that can be used; nothing was verified by it",
                listing.name,
                remedy="Ask the depositor for the list as the program wrote it, or rename the file if it is no list.",
            )


@check("CKS-005", "Every line of a checksum list is understood", _CLAUSE, needs="checksums",
       severity=Severity.WARNING)  # fmt: skip
def understood(comparison: Comparison) -> Iterator[Fault]:
    """A line that is passed over is a file that is not verified."""
    for listing in _lists(comparison):
        problems = [one for one in listing.problems if one.kind in _WHOLE]
        for one in problems[:_SHOWN]:
            yield Fault(_problem(one), listing.name, one.line, _remedy(one))
        rest = len(problems) - _SHOWN + listing.unnamed_problems
        if rest > 0:
            yield Fault(f"{escape(listing.name)}: {rest} more lines are not understood", listing.name)


def _problem(one: ListProblem) -> str:
    return f"{one.kind.value}: {escape(one.detail)}"


def _remedy(one: ListProblem) -> str:
    if one.kind is ListTrouble.CUT_OFF:
        return "Ask for Get-FileHash … | Export-Csv, which cuts nothing off."
    return "Ask the depositor for the list as the program wrote it."


@check("CKS-006", "Lines of checksum lists do not contradict one another", _CLAUSE, needs="checksums")
def consistent(comparison: Comparison) -> Iterator[Fault]:
    """A file has one digest by one algorithm."""
    _lists(comparison)
    for one in comparison.conflicts:
        places = "; ".join(_place(stated, one.algorithm.value) for stated in one.statements[:_SHOWN])
        found = f"; the file has {one.found}" if one.found else ""
        message = f"{escape(one.path)}: different digests by {one.algorithm.label} are stated: {places}{found}"
        yield _at(message, one.statements[0], "Ask the depositor which of the lines is right, and why there are two.")


def _place(stated: Stated, algorithm: str) -> str:
    digest = next(one.hexdigest for one in stated.entry.checksums if one.algorithm_name == algorithm)
    return f"{escape(stated.list_name)}:{stated.entry.line} has {digest}"


@check("CKS-007", "A checksum list uses an algorithm that is not broken", _CLAUSE, needs="checksums",
       severity=Severity.NOTICE)  # fmt: skip
def strong(comparison: Comparison) -> Iterator[Fault]:
    """MD5 and SHA-1 tell accidents, not intent."""
    _lists(comparison)
    strong_files = {
        one.path
        for one in comparison.verified
        if any(not checksum.algorithm.is_legacy for checksum in one.stated.entry.checksums)
    }
    weak = comparison.verified_files - strong_files
    if weak:
        labels = sorted({a.label for a in comparison.algorithms if a.is_legacy})
        yield Fault(
            f"{len(weak)} of {len(comparison.verified_files)} verified files are verified by {', '.join(labels)} alone",
            remedy="Nothing has to be done: the package gets a digest that is not broken. Ask for SHA-256 next time.",
        )


@check("CKS-008", "A checksum list states more than CRCs", _CLAUSE, needs="checksums", severity=Severity.WARNING)
def evidence(comparison: Comparison) -> Iterator[Fault]:
    """A CRC tells a faulty line of transmission; any bytes can be given any CRC."""
    for listing in _lists(comparison):
        count = sum(entry.trouble is ListTrouble.CRC_ONLY for entry in listing.entries)
        if count:
            yield Fault(
                f"{escape(listing.name)}: {count} of {len(listing.entries)} files have a CRC and no digest; "
                "they were looked for by name, and nothing else was verified",
                listing.name,
                remedy="Ask the depositor for a list of SHA-256 digests.",
            )


@check("CKS-009", "A checksum list tells which file it means", _CLAUSE, needs="checksums")
def decided(comparison: Comparison) -> Iterator[Fault]:
    """Of several files that may be meant, one has the stated digest."""
    _lists(comparison)
    for one in comparison.undecided:
        yield _at(
            f"{escape(one.stated.entry.path)} may be any of {_some(one.candidates)}, and none has the stated digest",
            one.stated,
            "Ask the depositor for a list with paths relative to the deposit.",
        )


@check("CKS-010", "A checksum list has the paths of the deposit", _CLAUSE, needs="checksums",
       severity=Severity.NOTICE)  # fmt: skip
def same_paths(comparison: Comparison) -> Iterator[Fault]:
    """Files that were found by something other than their path are named with what they were found by."""
    found: dict[tuple[str, Manner], list[str]] = {}
    _lists(comparison)
    for one in comparison.placed:
        if one.manner not in {Manner.EXACT, Manner.STEM}:
            found.setdefault((one.stated.list_name, one.manner), []).append(_as_stated(one.path, one.stated))
    for (name, manner), files in sorted(found.items(), key=lambda pair: (pair[0][0], pair[0][1].value)):
        shown = sorted(files)[:3]
        more = f" and {len(files) - 3} more" if len(files) > 3 else ""
        yield Fault(f"{escape(name)}: {len(files)} files were found {manner.value}: {', '.join(shown)}{more}", name)


@check("CKS-011", "Stated digests can be computed", _CLAUSE, needs="checksums", severity=Severity.WARNING)
def computable(comparison: Comparison) -> Iterator[Fault]:
    """A digest of an algorithm that is not computed here verifies nothing."""
    _lists(comparison)
    reasons: dict[tuple[str, str], list[str]] = {}
    for one in comparison.unverifiable:
        if one.stated.entry.trouble in {None, ListTrouble.UNKNOWN_ALGORITHM}:
            reasons.setdefault((one.stated.list_name, one.reason), []).append(one.path)
    for (name, reason), paths in sorted(reasons.items()):
        yield Fault(
            f"{escape(name)}: {reason}; not verified: {_some(paths)}",
            name,
            remedy="Ask the depositor for a list of SHA-256 digests.",
        )


@check("CKS-012", "Checksum lists are within the limits", _CLAUSE, needs="checksums")
def within_limits(comparison: Comparison) -> Iterator[Fault]:
    """What lies beyond a limit was not read, and nothing is known of it."""
    for listing in _lists(comparison):
        for one in listing.problems:
            if one.kind is ListTrouble.TOO_LARGE:
                yield Fault(_problem(one), listing.name, one.line, "Ask the depositor for several smaller lists.")
