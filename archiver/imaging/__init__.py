"""Page images: what they are, whether they are whole, and which page of which issue each belongs to."""

from __future__ import annotations

from archiver.imaging.examining import examine
from archiver.imaging.pages import arrange

__all__ = ["arrange", "examine"]
