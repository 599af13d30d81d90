"""Bylines: names and role, as printed at the head or the foot of an article."""

from __future__ import annotations

from archiver.model.profile import ArticleForms
from archiver.model.serial import Byline
from archiver.model.transcript import Line


def read_byline(line: Line, forms: ArticleForms) -> Byline:
    """Read a line that the profile's byline form matches: (记者 甲 乙), By Ann Hale and Tom Reed, Staff Reporters.

    Words of the profile's roles are the role; everything else between separators is a name. Where several roles are
    printed, the first gives the byline's role and every name is kept.
    """
    text = line.text.strip()
    match = forms.byline.fullmatch(text) if forms.byline else None
    content = match.group("byline") if match else text
    codes = dict(forms.roles)
    names: list[str] = []
    printed, code = "", forms.default_role
    for part in forms.name_separator.split(content):
        word = part.strip()
        if word in codes:
            printed, code = (printed, code) if printed else (word, codes[word])
        elif word:
            names.append(word)
    return Byline(text, tuple(names), code, printed, (line.number,))
