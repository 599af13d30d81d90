"""What a comparison of checksum lists is in words: for the report's notes, and for a PREMIS fixity check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from archiver.model.checksum_list import ChecksumList, Comparison, ListForm, ListTrouble
from archiver.model.names import escape
from archiver.model.provenance import EventOutcome


def event_outcome(comparison: Comparison) -> EventOutcome:
    """Fail when anything contradicts a list, or a list says nothing or was not read whole.

    Success only when every line was verified. Whatever lies between is a warning: lines that were not understood,
    digests that could not be computed, CRCs.
    """
    contradicted = comparison.mismatched or comparison.absent or comparison.undecided or comparison.conflicts
    empty = any(not listing.usable and not listing.is_crc_only for listing in comparison.lists)
    if contradicted or empty or any(_is_cut(listing) for listing in comparison.lists):
        return EventOutcome.FAIL
    doubtful = comparison.unverifiable or any(listing.problems for listing in comparison.lists)
    if doubtful or not comparison.verified:
        return EventOutcome.WARNING
    return EventOutcome.SUCCESS


def event_words(comparison: Comparison) -> tuple[str, ...]:
    """The detail of a fixity check: for each list its name, form, algorithms and counts of lines; last, of files.

    Sidecars, of which there is one for every file, share a sentence for each set of algorithms.
    """
    verified, files = len(comparison.verified_files), comparison.files
    of_files = f"{verified} of {files} {_plural(files, 'file')} verified, {len(comparison.unlisted)} in no list"
    return (*_of_lists(comparison), of_files)


def _of_lists(comparison: Comparison) -> tuple[str, ...]:
    counts = {
        "verified": Counter(one.stated.list_name for one in comparison.verified),
        "mismatched": Counter(one.stated.list_name for one in comparison.mismatched),
        "absent": Counter(one.stated.list_name for one in comparison.absent),
        "undecided": Counter(one.stated.list_name for one in comparison.undecided),
        "contradictory": Counter(one.list_name for one in comparison.conflicting),
        "not verifiable": Counter(one.stated.list_name for one in comparison.unverifiable),
    }
    sentences = []
    for group in _groups(comparison.lists):
        tally = {word: sum(count[listing.name] for listing in group) for word, count in counts.items()}
        tally["not understood"] = sum(_not_understood(listing) for listing in group)
        # The first three are said always: "0 mismatched" is what a reader looks for.
        said = [f"{number} {word}" for index, (word, number) in enumerate(tally.items()) if number or index < 3]
        sentences.append(f"{_originator(group)}: {', '.join(said)}")
    return tuple(sentences)


def note_words(comparison: Comparison) -> tuple[str, ...]:
    """Sentences for people: how many files are verified of how many, then what each list gave."""
    if not comparison.lists:
        return ("The deposit came with no checksum list.",)
    verified, files = len(comparison.verified_files), comparison.files
    strong = ", ".join(algorithm.label for algorithm in comparison.algorithms) or "no digest"
    notes = [
        f"{verified} of {files} {_plural(files, 'file')} verified by the depositor's checksums ({strong}); "
        f"{len(comparison.unlisted)} unlisted."
    ]
    notes.extend(f"{words}." for words in _of_lists(comparison))
    if comparison.repeated:
        notes.append(f"{comparison.repeated} {_plural(comparison.repeated, 'line')} state again what another states.")
    if comparison.of_themselves:
        names = _some(one.list_name for one in comparison.of_themselves)
        notes.append(f"Digests that a list states of itself were not compared, as none can be right: {names}.")
    foreign = sorted({(listing.encoding, listing.name) for listing in comparison.lists if _is_foreign(listing)})
    notes.extend(f"{escape(name)} was read as {encoding}." for encoding, name in foreign)
    return tuple(notes)


def _groups(lists: Sequence[ChecksumList]) -> list[list[ChecksumList]]:
    """Lists one by one, sidecars of the same algorithms together, where the first of them stands."""
    found: dict[object, list[ChecksumList]] = {}
    for listing in lists:
        key = listing.algorithms if listing.form is ListForm.SIDECAR else (listing.name, listing.given)
        found.setdefault(key, []).append(listing)
    return list(found.values())


def _originator(group: Sequence[ChecksumList]) -> str:
    first = group[0]
    words = ", ".join(algorithm.label for algorithm in first.algorithms) or "no digest"
    if len(group) > 1:
        return f"{len(group)} sidecars from {escape(first.name)} to {escape(group[-1].name)} ({words})"
    whose = ", given by the archivist" if first.given else ""
    return f"{escape(first.name)} ({first.form.value}, {words}{whose})"


def _not_understood(listing: ChecksumList) -> int:
    """Lines of a list that state nothing that could be used."""
    stating = {entry.line for entry in listing.entries}
    return len({one.line for one in listing.problems} - stating) + listing.unnamed_problems


def _is_cut(listing: ChecksumList) -> bool:
    return any(one.kind is ListTrouble.TOO_LARGE for one in listing.problems)


def _is_foreign(listing: ChecksumList) -> bool:
    return listing.encoding != "utf-8" and any(not entry.path.isascii() for entry in listing.entries)


def _plural(count: int, word: str) -> str:
    return word if count == 1 else f"{word}s"


def _some(names: Iterable[str], most: int = 5) -> str:
    ordered = sorted({escape(name) for name in names})
    more = f" and {len(ordered) - most} more" if len(ordered) > most else ""
    return ", ".join(ordered[:most]) + more
