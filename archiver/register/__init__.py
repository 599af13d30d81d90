"""The register: accession records in plain files, one folder each, readable without archiver. See docs/register.md."""

from archiver.register.numbers import DEFAULT_SCHEME, Scheme
from archiver.register.record import Record
from archiver.register.register import Register

__all__ = ["DEFAULT_SCHEME", "Record", "Register", "Scheme"]
