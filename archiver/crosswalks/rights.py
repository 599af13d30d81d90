"""Statements of rights that are addresses: those by which programs tell what may be done."""

from __future__ import annotations

import re

_LICENCE = re.compile(
    r"https?://(?:creativecommons\.org/(?:licenses|publicdomain)|rightsstatements\.org/vocab)/[A-Za-z0-9./+-]+"
)


def licence(words: str) -> str:
    """The address in some words, when they are one of Creative Commons or RightsStatements.org and nothing else."""
    found = words.strip()
    return found if _LICENCE.fullmatch(found) else ""
