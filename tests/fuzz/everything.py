"""Every target, by importing the files that register them."""

from __future__ import annotations

from fuzz import archives, bags, documents, material, records, settings, tag_files
from fuzz.target import TARGETS

FILES = (tag_files, bags, archives, documents, material, records, settings)

__all__ = ["FILES", "TARGETS"]
