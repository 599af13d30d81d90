"""Formats: PRONOM and libmagic side by side, without reading a payload again; encryption, archives and cut files."""
