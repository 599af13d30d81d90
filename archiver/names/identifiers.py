"""Identifiers of an authority file: numbers and addresses of VIAF and Wikidata, other addresses, our own."""

from __future__ import annotations

import re

from archiver.model.names_index import Identifier, Source
from archiver.names.headings import Column

IDENTIFIED_BY = (Column.URI, Column.VIAF, Column.WIKIDATA, Column.LOCAL)  # the first one is written first
_LONGEST = 2048  # characters
_ADDRESS = re.compile(r"https?://[^\s/?#<>\"{}|\\^`]+[^\s<>\"{}|\\^`]*", re.ASCII | re.IGNORECASE)
_VIAF = re.compile(r"(?:https?://(?:www\.)?viaf\.org/viaf/)?([1-9][0-9]{0,21})/?", re.IGNORECASE)
_WIKIDATA = re.compile(r"(?:https?://(?:www\.)?wikidata\.org/(?:wiki|entity)/)?(Q[1-9][0-9]{0,14})", re.IGNORECASE)


class WrongIdentifier(Exception):
    """A cell is no identifier of its column; the words say what was expected."""


def identifier(column: Column, cell: str) -> Identifier:
    """The identifier in a cell. Raises WrongIdentifier."""
    if column is Column.VIAF or (column is Column.URI and _VIAF.fullmatch(cell) and not cell.isdecimal()):
        return _numbered(Source.VIAF, _VIAF, cell, "a number of VIAF such as 75121530, or its address")
    if column is Column.WIKIDATA or (column is Column.URI and _WIKIDATA.fullmatch(cell) and "/" in cell):
        return _numbered(Source.WIKIDATA, _WIKIDATA, cell, "a number of Wikidata such as Q42, or its address")
    if column is Column.URI:
        if len(cell) > _LONGEST or not _ADDRESS.fullmatch(cell):
            raise WrongIdentifier(f"expected an address (http or https), not {cell[:80]!r}")
        return Identifier(Source.OTHER, cell)
    if len(cell) > _LONGEST or not cell.isprintable() or any(sign.isspace() for sign in cell):
        raise WrongIdentifier(f"expected an identifier without space, not {cell[:80]!r}")
    return Identifier(Source.LOCAL, cell)


def _numbered(source: Source, form: re.Pattern[str], cell: str, expected: str) -> Identifier:
    match = form.fullmatch(cell)
    if match is None:
        raise WrongIdentifier(f"expected {expected}, not {cell[:80]!r}")
    return Identifier(source, f"{source.uri}/{match[1].upper()}")
