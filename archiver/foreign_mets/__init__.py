"""METS that depositors bring: NDNP, docWorks/ENMAP, Kitodo/DFG, OCR-D, read into one model, losses told.

`recognise` asks whether bytes are METS; `reading.read_mets` reads it, `text.taken_text` composes its text, and `giving`
has what it gives to the description.
"""

from archiver.foreign_mets.recognising import recognise

__all__ = ["recognise"]
