"""PDF: what a file is, whether it is whole, and its words with their places. Read in a process of its own."""

from __future__ import annotations

from archiver.pdfs.examining import examine, page_image
from archiver.pdfs.recognising import recognise
from archiver.pdfs.text import alto_of, layouts, taken_text

__all__ = ["alto_of", "examine", "layouts", "page_image", "recognise", "taken_text"]
