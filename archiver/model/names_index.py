"""Names of an issue: who is named where, and the authority record of each, where there is one and only one."""

from __future__ import annotations

import enum
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_POINTS = str.maketrans(dict.fromkeys("•‧・", "·"))
_LETTER = r"[^\W_\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]"  # of a script that parts words


class NameType(enum.Enum):
    """What bears a name. The values are those of an authority file, and of MODS where it has them."""

    PERSONAL = "personal"
    CORPORATE = "corporate"
    PLACE = "place"


class Source(enum.Enum):
    """Who keeps an identifier. The value is its code in @authority; `uri` is the vocabulary it belongs to."""

    VIAF = "viaf"
    WIKIDATA = "wikidata"
    LOCAL = "local"
    OTHER = ""  # an address that says itself whose it is

    @property
    def uri(self) -> str:
        """The address of the vocabulary (@authorityURI); empty where there is none."""
        return {"viaf": "http://viaf.org/viaf", "wikidata": "http://www.wikidata.org/entity"}.get(self.value, "")


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier of a name: whose it is, and its value; for VIAF, Wikidata and others an address."""

    source: Source
    value: str


@dataclass(frozen=True, slots=True)
class AuthorityRecord:
    """A row of an authority file: the name in the form it is kept under, its other forms, its identifiers."""

    name: str
    type: NameType
    identifiers: tuple[Identifier, ...] = ()  # the one that is written first comes first
    variants: tuple[str, ...] = ()
    row: int = 0

    @property
    def shown(self) -> str:
        """The record in words: its name with its first identifier, else its row."""
        return f"{self.name} <{self.identifiers[0].value if self.identifiers else f'row {self.row}'}>"


@dataclass(frozen=True, slots=True)
class AuthorityProblem:
    """What is wrong with an authority file: row (from 1, the headings counted; 0 for the file) and column."""

    detail: str
    row: int = 0
    column: str = ""


@dataclass(frozen=True)
class Authorities:
    """An authority file as read. With problems, its sound rows are still there; nothing is guessed for the others."""

    path: str
    records: tuple[AuthorityRecord, ...] = ()
    problems: tuple[AuthorityProblem, ...] = ()
    content: bytes = b""  # of the file, kept with each package whose names it was asked about

    @cached_property
    def by_form(self) -> Mapping[tuple[NameType, str], tuple[AuthorityRecord, ...]]:
        """Records by type and each of their forms, folded."""
        found: dict[tuple[NameType, str], dict[int, AuthorityRecord]] = {}
        for position, record in enumerate(self.records):
            for form in (record.name, *record.variants):
                found.setdefault((record.type, folded(form)), {})[position] = record
        return {key: tuple(records.values()) for key, records in found.items()}

    def candidates(self, name: str, *types: NameType) -> tuple[AuthorityRecord, ...]:
        """Every record of these types that bears a name; more than one when it is ambiguous."""
        return tuple(record for kind in types for record in self.by_form.get((kind, folded(name)), ()))


def folded(name: str) -> str:
    """A name without differences that are none: space, case, full and half width, forms of the point between names."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().translate(_POINTS).split())


@dataclass(frozen=True)
class KnownNames:
    """What a profile says of names: persons and places that are looked for in articles, and its authority file."""

    persons: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    file: str = ""  # the authority file as the profile names it
    authorities: Authorities | None = None

    @cached_property
    def sought(self) -> tuple[re.Pattern[str], Mapping[str, tuple[str, NameType]]]:
        """A pattern of every form that is looked for, and the listed name of each form, folded as the text must be."""
        listed = [(name, NameType.PERSONAL) for name in self.persons] + [(name, NameType.PLACE) for name in self.places]
        found = {folded(name): (name, kind) for name, kind in reversed(listed)}
        others: dict[str, set[tuple[str, NameType]]] = {}
        for name, kind in listed:
            for form in self._other_forms(name, kind):
                others.setdefault(form, set()).add((name, kind))
        for form, names in others.items():
            if len(names) == 1:
                found.setdefault(form, next(iter(names)))
        longest_first = sorted(found, key=lambda form: (-len(form), form))
        return re.compile("|".join(map(_bounded, longest_first)) or r"(?!)"), found

    def _other_forms(self, name: str, kind: NameType) -> list[str]:
        """The forms that the one record of a name has, and no other record."""
        if self.authorities is None:
            return []
        records = self.authorities.candidates(name, kind)
        forms = (records[0].name, *records[0].variants) if len(records) == 1 else ()
        return [folded(form) for form in forms if len(self.authorities.candidates(form, kind)) == 1]


def _bounded(form: str) -> str:
    """A pattern of a form: in a script that parts words, no letter may stand next to it."""
    before = rf"(?<!{_LETTER})" if re.match(_LETTER, form) else ""
    after = rf"(?!{_LETTER})" if re.match(_LETTER, form[-1:]) else ""
    return f"{before}{re.escape(form)}{after}"


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in an article. The role is a MARC relator code; empty for a name that the text mentions."""

    article: str  # its identifier
    page: int
    lines: tuple[int, ...]
    role: str = ""


@dataclass(frozen=True, slots=True)
class IndexedName:
    """A name with everything that names it, and its authority record: None when no record or more than one bears it."""

    name: str
    type: NameType
    mentions: tuple[Mention, ...]
    record: AuthorityRecord | None = None
    candidates: tuple[AuthorityRecord, ...] = ()  # where there is more than one
    printed: tuple[str, ...] = ()  # the forms it stands in

    @property
    def roles(self) -> tuple[str, ...]:
        """Its roles, each once, in order of articles; mentions in the text have none."""
        return tuple(dict.fromkeys(each.role for each in self.mentions if each.role))

    @property
    def articles(self) -> tuple[str, ...]:
        """The articles that name it, each once, in order."""
        return tuple(dict.fromkeys(each.article for each in self.mentions))

    @property
    def pages(self) -> tuple[int, ...]:
        """The pages it stands on, each once, in order of number."""
        return tuple(sorted({each.page for each in self.mentions}))
