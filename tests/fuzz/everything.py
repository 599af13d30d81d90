"""Every target, by importing the files that register them."""

from __future__ import annotations

import fuzz.tag_files
from fuzz.target import TARGETS

__all__ = ["TARGETS"]
