"""Packagings, a writer and reader each."""
