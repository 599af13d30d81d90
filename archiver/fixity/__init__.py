"""Bytes: one read that copies and measures, identification of formats, hidden work published by rename."""
