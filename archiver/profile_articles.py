"""What a serial profile says of articles and names: the tables [articles], [names] and [romanised]."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.model.names_index import KnownNames, folded
from archiver.model.profile import ArticleForms

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.profiles import Reader

_RELATOR = re.compile("[a-z]{3}")


def article_forms(reader: Reader) -> ArticleForms:
    """The table [articles]. Raises ConfigurationError."""
    table = "articles"
    roles = reader.table(table).get("roles", {})
    if not isinstance(roles, dict):
        raise reader.wrong(table, "roles", "a table [articles.roles]")
    for word, code in roles.items():
        if not isinstance(code, str) or not _RELATOR.fullmatch(code):
            raise reader.wrong("articles.roles", word, f"a MARC relator code of three letters, not {code!r}")
    default_role = reader.string(table, "default-role", "aut")
    if not _RELATOR.fullmatch(default_role):
        raise reader.wrong(table, "default-role", f"a MARC relator code of three letters, not {default_role!r}")
    optional: Callable[..., re.Pattern[str] | None] = reader.optional
    return ArticleForms(
        headline=reader.pattern(table, "headline", groups=["headline"]),
        byline=optional(table, "byline", groups=["byline"]),
        roles=tuple(roles.items()),
        role_before_names=reader.string(table, "role-position", "before", among=("before", "after")) == "before",
        default_role=default_role,
        name_separator=reader.pattern(table, "name-separator", default=r"\s*,\s*"),
        continuation=optional(table, "continuation", groups=["page"]),
        continuation_from=optional(table, "continuation-from", groups=["page"]),
        section=optional(table, "section", groups=["section"]),
        subhead=optional(table, "subhead", groups=["subhead"]),
        caption=optional(table, "caption", groups=["caption"]),
        illustration=optional(table, "illustration"),
        advertisement=optional(table, "advertisement"),
        index_entry=optional(table, "index-entry", groups=["headline"]),
        index_pointer=optional(table, "index-pointer", groups=["page"]),
        page_marker=optional(table, "page-marker", groups=["page"]),
        page_label=reader.string(table, "page-label", "Page {page}"),
        terminators=reader.string(table, "terminators", ".!?:…"),
        closers=reader.string(table, "closers", "\"'”’)]"),
        line_join=reader.string(table, "line-join", " "),
        column_join=reader.string(table, "column-join", ""),
    )


def known_names(reader: Reader) -> KnownNames | None:
    """The names that are looked for, and the authority file, which lies beside the profile."""
    if "names" not in reader.data:
        return None
    reader.known("names", reader.table("names"))
    file = reader.string("names", "authorities", "")
    if file and (file in {".", ".."} or "/" in file or "\\" in file or "\0" in file):
        raise reader.wrong("names", "authorities", f"the name of a file beside the profile, not {file!r}")
    persons, places = _listed(reader, "persons"), _listed(reader, "places")
    both = {folded(name) for name in persons} & {folded(name) for name in places}
    if both:
        raise reader.wrong("names", "places", f"names that are not among persons too, not {min(both)!r}")
    return KnownNames(persons, places, file)


def _listed(reader: Reader, key: str) -> tuple[str, ...]:
    names = reader.strings("names", key)
    if not all(name.strip() for name in names):
        raise reader.wrong("names", key, "names that are not empty")
    return names


def romanised_words(reader: Reader) -> tuple[tuple[str, str], ...]:
    """Words with the romanised forms of the house."""
    words = reader.table("romanised") if "romanised" in reader.data else {}
    for word, form in words.items():
        if not word or not isinstance(form, str) or not form.strip():
            raise reader.wrong("romanised", word, "a romanised form that is not empty")
    return tuple(words.items())
