"""OCFL 1.1 storage roots: each package an object, each changed package of the same identifier a version of it."""

from archiver.targets.ocfl.target import TARGET

__all__ = ["TARGET"]
