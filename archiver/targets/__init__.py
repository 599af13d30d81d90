"""Repositories that hold packages. A module here offers TARGET."""
