"""Crosswalks: what a package says of its issue, in the words of other systems."""
