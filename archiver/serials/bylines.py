"""Bylines: names and roles, as printed at the head or the foot of an article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.model.serial import Byline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archiver.model.profile import ArticleForms
    from archiver.model.transcript import Line


def read_bylines(line: Line, forms: ArticleForms) -> list[Byline]:
    """Read a line that the profile's byline form matches: (记者 甲 乙 通讯员 丙), By Ann Hale and Tom Reed, Reporters.

    Words of the profile's roles are roles, everything else between separators is a name. A role belongs to the names
    after it, or before it, as the profile says; names without one have the profile's default role.
    """
    text = line.text.strip()
    match = forms.byline.fullmatch(text) if forms.byline else None
    words = [word.strip() for word in forms.name_separator.split(match.group("byline") if match else text) if word]
    codes = dict(forms.roles)
    if forms.role_before_names:
        words = [part for word in words for part in _parted(word, codes)]
    groups: list[tuple[str, list[str]]] = [("", [])]
    for word in words if forms.role_before_names else reversed(words):
        if word in codes:
            groups.append((word, []))
        elif word:
            groups[-1][1].append(word)
    found = [
        Byline(
            text,
            tuple(names if forms.role_before_names else reversed(names)),
            codes.get(printed, forms.default_role),
            printed,
            (line.number,),
        )
        for printed, names in groups
        if names
    ]
    return found if forms.role_before_names else found[::-1]


def _parted(word: str, roles: Iterable[str]) -> tuple[str, ...]:
    """A role and the name printed without a space after it (记者甲乙), else the word itself."""
    found = [role for role in roles if word.startswith(role)]
    role = max(found, key=len, default="")
    return (role, word[len(role) :].strip()) if role else (word,)
