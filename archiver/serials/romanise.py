"""Romanised titles: pypinyin, with the override of the profile going before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.model.serial import Title

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEME = "pinyin"  # syllables separated, as ALA-LC asks; machine-made
OVERRIDE = "profile"


def romanise(text: str, language: str, words: Sequence[tuple[str, str]] = ()) -> str:
    """A Chinese text in Hanyu Pinyin without tone marks, syllables separated; empty for other languages.

    ALA-LC separates syllables and begins the title with a capital; words are not recognised as names. `words` have
    forms of their own (长安, Chang'an), the longest first: names, and characters that pypinyin reads otherwise.
    """
    if language != "chi":
        return ""
    from pypinyin import lazy_pinyin

    own = {word: form for word, form in words if word}
    parts = [text]
    if own:
        by_length = sorted(own, key=lambda word: (-len(word), word))
        parts = re.split(f"({'|'.join(map(re.escape, by_length))})", text)
    pieces = [piece.strip() for part in parts if part for piece in ([own[part]] if part in own else lazy_pinyin(part))]
    joined = " ".join(piece for piece in pieces if piece)
    joined = re.sub(r"\s+([,.;:!?、。,;:!?))”’])", r"\1", joined)
    joined = re.sub(r"([((“‘])\s+", r"\1", joined)
    return joined[:1].upper() + joined[1:]


def romanised_title(title: Title, words: Sequence[tuple[str, str]] = ()) -> Title:
    """The title with its romanised form: the profile's where it gives one, else pypinyin's."""
    if title.romanised:
        return title
    romanised = romanise(title.text, title.language, words)
    return Title(title.text, title.language, title.script, romanised, SCHEME if romanised else "")
