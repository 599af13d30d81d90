"""Nouns of the field, typed and frozen. Standard library only; nothing here reads, writes or prints."""
