"""Documents with words that are no plain text: HTML and DOCX read, older forms named and refused."""

from __future__ import annotations

from archiver.documents.reading import examine_document, read_document
from archiver.documents.recognising import recognise

__all__ = ["examine_document", "read_document", "recognise"]
