"""The judgement of another implementation on the same package."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Opinion:
    """What another implementation said; `valid` is None when it was not asked, and `words` say why."""

    referee: str
    version: str
    ours_valid: bool
    valid: bool | None
    words: str
