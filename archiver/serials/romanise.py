"""Romanised titles: pypinyin, with the override of the profile going before."""

from __future__ import annotations

import re

from archiver.model.serial import Title

SCHEME = "pinyin"  # syllables separated, as ALA-LC asks; machine-made
OVERRIDE = "profile"


def romanise(text: str, language: str) -> str:
    """A Chinese text in Hanyu Pinyin without tone marks, syllables separated; empty for other languages.

    ALA-LC separates syllables and begins the title with a capital; words are not recognised as names.
    """
    if language != "chi":
        return ""
    from pypinyin import lazy_pinyin

    pieces = [piece.strip() for piece in lazy_pinyin(text)]
    joined = " ".join(piece for piece in pieces if piece)
    joined = re.sub(r"\s+([,.;:!?、。,;:!?))”’])", r"\1", joined)
    joined = re.sub(r"([((“‘])\s+", r"\1", joined)
    return joined[:1].upper() + joined[1:]


def romanised_title(title: Title) -> Title:
    """The title with its romanised form: the profile's where it gives one, else pypinyin's."""
    if title.romanised:
        return title
    romanised = romanise(title.text, title.language)
    return Title(title.text, title.language, title.script, romanised, SCHEME if romanised else "")
