"""Sheets of issues, in CSV or Excel: read as facts, a new one written, and the result of a batch."""
