"""What is noted while a METS document is read: problems, each kind counted beyond twenty, and losses by kind."""

from __future__ import annotations

from archiver.model.foreign_mets import Loss, MetsProblem, MetsTrouble

KEPT = 20  # problems of one kind that are told one by one
MOST_KINDS = 200  # kinds of losses that are told apart


class Notes:
    """Problems and losses of one document."""

    def __init__(self) -> None:
        self._kept: list[MetsProblem] = []
        self._counts: dict[MetsTrouble, int] = {}
        self._known: set[tuple[MetsTrouble, str]] = set()
        self._losses: dict[str, tuple[int, str]] = {}

    def add(self, trouble: MetsTrouble, detail: str, line: int | None = None, where: str = "") -> None:
        """Note a problem; the same words are noted once."""
        if (trouble, detail) in self._known:
            return
        count = self._counts.get(trouble, 0) + 1
        self._counts[trouble] = count
        if count <= KEPT:
            self._kept.append(MetsProblem(trouble, shown(detail, 500), line or None, shown(where)))
            self._known.add((trouble, detail))

    def lost(self, kind: str, example: str = "", count: int = 1) -> None:
        """Note that something was not taken over."""
        kind = shown(" ".join(kind.split()))
        if kind not in self._losses and len(self._losses) >= MOST_KINDS:
            kind = "other"
        before, first = self._losses.get(kind, (0, ""))
        self._losses[kind] = (before + count, first or shown(" ".join(example.split())))

    def problems(self) -> tuple[MetsProblem, ...]:
        """Every problem kept, and for each kind how many more there are."""
        more = [
            MetsProblem(trouble, f"and {count - KEPT} more of this kind ({trouble.value})")
            for trouble, count in self._counts.items()
            if count > KEPT
        ]
        return (*self._kept, *more)

    def losses(self) -> tuple[Loss, ...]:
        """Every kind of loss, in order of names."""
        return tuple(Loss(kind, count, first) for kind, (count, first) in sorted(self._losses.items()))


def shown(value: str, most: int = 80) -> str:
    """A value as it may stand in a message: not longer than `most`."""
    return value if len(value) <= most else f"{value[: most - 1]}…"
