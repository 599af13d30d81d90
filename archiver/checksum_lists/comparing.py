"""Checksum lists compared with what one read of the deposit's files found. Pure: nothing is read here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from archiver.checksum_lists.places import Place, Places, identity, is_own
from archiver.fixity.digests import is_available
from archiver.model.checksum_list import (
    Absent,
    ChecksumList,
    Comparison,
    Conflict,
    Listed,
    Manner,
    Mismatched,
    Stated,
    Undecided,
    Unverifiable,
    Verified,
)
from archiver.model.package import Measured
from archiver.model.values import Algorithm, Checksum

_NEAR = 5  # files of the same name that an absent one is shown with


def algorithms_needed(lists: Sequence[ChecksumList]) -> frozenset[Algorithm]:
    """The algorithms that the one read has to compute, of those that this Python can compute."""
    return frozenset(algorithm for listing in lists for algorithm in listing.algorithms if is_available(algorithm))


def compare(lists: Sequence[ChecksumList], files: Mapping[str, Measured]) -> Comparison:
    """What the lists say of the files, line by line.

    `files` maps every file's path in the deposit to what was measured of it, the lists themselves included. Every
    line is judged once: a file is verified only when every digest that its lines state was computed and agrees.
    """
    ordered = tuple(sorted(lists, key=lambda listing: (listing.given, listing.name)))
    own = frozenset(listing.name for listing in ordered if not listing.given)
    run = _Run(files, Places(files))
    loose = [line for listing in ordered for entry in listing.entries if (line := _locate(run, listing, entry, own))]
    # A path of which only the end is known may not claim a file that another line of its list names outright, nor
    # one whose bytes another line states: so paths go first, then digests by the longest ends, and what is left last.
    for whole in (True, False):
        loose = [line for line in loose if line.place.whole is not whole or not _agree(run, line)]
    for line in loose:
        _settle(run, line)
    _judge_all(run)
    unlisted = tuple(sorted(path for path in files if path not in own and path not in run.listed))
    return Comparison(
        lists=ordered,
        files=sum(path not in own for path in files),
        verified=tuple(run.verified),
        mismatched=tuple(run.mismatched),
        absent=tuple(run.absent),
        undecided=tuple(run.undecided),
        unverifiable=tuple(run.unverifiable),
        conflicting=tuple(run.conflicting),
        conflicts=tuple(run.conflicts),
        of_themselves=tuple(run.of_themselves),
        repeated=run.repeated,
        unlisted=unlisted,
    )


@dataclass(slots=True)
class _Run:
    """One comparison in the making."""

    files: Mapping[str, Measured]
    places: Places
    by_path: dict[str, list[tuple[Stated, Manner]]] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)
    claims: dict[tuple[str, str], str] = field(default_factory=dict)  # list, file → identity of the path
    lost: dict[str, list[tuple[Stated, tuple[str, ...]]]] = field(default_factory=dict)
    verified: list[Verified] = field(default_factory=list)
    mismatched: list[Mismatched] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)
    undecided: list[Undecided] = field(default_factory=list)
    unverifiable: list[Unverifiable] = field(default_factory=list)
    conflicting: list[Stated] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    of_themselves: list[Stated] = field(default_factory=list)
    repeated: int = 0

    def found(self, path: str, stated: Stated, manner: Manner, identity: str) -> None:
        """Note that a line is about a file."""
        self.by_path.setdefault(path, []).append((stated, manner))
        self.listed.add(path)
        self.claims.setdefault((stated.list_name, path), identity)

    def free(self, line: _Loose) -> tuple[str, ...]:
        """The candidates of a line that no other path of its list has claimed."""
        name, same = line.stated.list_name, line.identity
        return tuple(path for path in line.place.candidates if self.claims.get((name, path), same) == same)

    def agrees(self, path: str, entry: Listed) -> bool:
        """Whether a file has every stated digest, one at least."""
        measured = self.files[path].checksums
        return bool(entry.checksums) and all(checksum in measured for checksum in entry.checksums)


@dataclass(frozen=True, slots=True)
class _Loose:
    """A line whose path alone does not tell the file; `identity` is the same for lines that repeat it."""

    stated: Stated
    identity: str
    place: Place


def _locate(run: _Run, listing: ChecksumList, entry: Listed, own: frozenset[str]) -> _Loose | None:
    """Find the file of a line by its path, or leave the line for when all those that name theirs are known."""
    stated = Stated(listing.name, entry)
    if is_own(listing, entry.path):
        run.of_themselves.append(stated)
        return None
    place = run.places.find(listing, entry)
    if place is not None and len(place.candidates) == 1 and place.manner not in {Manner.TAIL, Manner.STEM}:
        run.found(place.candidates[0], stated, place.manner, place.candidates[0])
        return None
    same = identity(listing, entry.path)
    if place is None:
        run.lost.setdefault(same, []).append((stated, ()))
        return None
    others = tuple(path for path in place.candidates if path not in own)
    return _Loose(stated, same, Place(others, place.manner, place.whole))


def _agree(run: _Run, line: _Loose) -> bool:
    """Take the file with the stated bytes, one that no line has taken before others; False when there is none."""
    agreeing = [path for path in run.free(line) if run.agrees(path, line.stated.entry)]
    if not agreeing:
        return False
    fresh = [path for path in agreeing if path not in run.listed]
    run.found((fresh or agreeing)[0], line.stated, line.place.manner, line.identity)
    return True


def _settle(run: _Run, line: _Loose) -> None:
    """Decide what a line means whose digest no file has: the one file it can be, any of several, or none."""
    free = run.free(line)
    if len(free) == 1 and line.place.whole:
        run.found(free[0], line.stated, line.place.manner, line.identity)
    elif free and line.place.whole:
        run.undecided.append(Undecided(line.stated, free))
        run.listed.update(free)
    else:
        run.lost.setdefault(line.identity, []).append((line.stated, free[:_NEAR]))


def _judge_all(run: _Run) -> None:
    for path, statements in run.by_path.items():
        measured = run.files[path]
        clash = _clashes(path, [stated for stated, _manner in statements], measured)
        run.conflicts.extend(clash)
        torn = {id(stated) for one in clash for stated in one.statements}
        seen: set[tuple[Checksum, ...]] = set()
        for stated, manner in statements:
            if stated.entry.checksums:
                run.repeated += stated.entry.checksums in seen
                seen.add(stated.entry.checksums)
            if id(stated) in torn:
                run.conflicting.append(stated)
            else:
                _judge(run, path, stated, manner, measured)
    for path, unplaced in run.lost.items():
        clash = _clashes(path, [stated for stated, _near in unplaced], None)
        run.conflicts.extend(clash)
        run.absent.extend(Absent(stated, near) for stated, near in unplaced)


def _judge(run: _Run, path: str, stated: Stated, manner: Manner, measured: Measured) -> None:
    """Put one line among the verified, the mismatched or those nothing can be said of."""
    if not stated.entry.checksums:
        run.unverifiable.append(Unverifiable(stated, path, stated.entry.weakness))
        return
    computed = {checksum.algorithm_name: checksum.hexdigest for checksum in measured.checksums}
    missing = []
    for wanted in stated.entry.checksums:
        found = computed.get(wanted.algorithm_name)
        if found is None:
            missing.append(wanted.algorithm.label)
        elif found != wanted.hexdigest:
            run.mismatched.append(Mismatched(stated, path, manner, wanted, found, measured.size))
            return
    if missing:
        run.unverifiable.append(Unverifiable(stated, path, f"{', '.join(missing)} was not computed"))
    else:
        run.verified.append(Verified(stated, path, manner))


def _clashes(path: str, statements: Sequence[Stated], measured: Measured | None) -> list[Conflict]:
    """The algorithms by which lines state different digests of one file."""
    if len(statements) < 2:
        return []
    digests: dict[str, dict[str, list[Stated]]] = {}
    for stated in statements:
        for checksum in stated.entry.checksums:
            digests.setdefault(checksum.algorithm_name, {}).setdefault(checksum.hexdigest, []).append(stated)
    found = []
    for name, values in sorted(digests.items()):
        if len(values) > 1:
            have = {one.algorithm_name: one.hexdigest for one in measured.checksums} if measured else {}
            lines = tuple(stated for group in values.values() for stated in group)
            found.append(Conflict(path, Algorithm(name), lines, have.get(name, "")))
    return found
