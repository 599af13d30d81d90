"""Paths in manifests: percent-encoding of CR, LF and % (RFC 8493 §2.1.3), older practice, and what no path may be."""

from __future__ import annotations

import re

LONGEST_PATH = 4096  # bytes
LONGEST_PART = 255  # bytes
_ENCODED = re.compile(r"%(0[Aa]|0[Dd]|25)")
_MEANING = {"0A": "\n", "0D": "\r", "25": "%"}
_ESCAPED = re.compile(r"\\([\\nr])")
_ESCAPE_MEANING = {"\\": "\\", "n": "\n", "r": "\r"}


def encode(path: str) -> str:
    """A path as a manifest writes it."""
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def encode_older(path: str) -> str:
    """A path as manifests before BagIt 1.0 write it: CR and LF alone encoded."""
    return path.replace("\n", "%0A").replace("\r", "%0D")


def decode(written: str) -> str:
    """The path that a manifest writes; a percent sign that encodes none of the three stays as it is."""
    return _ENCODED.sub(lambda match: _MEANING[match.group(1).upper()], written) if "%" in written else written


def readings(written: str) -> tuple[str, ...]:
    """What a written path can mean, best first: by RFC 8493; with CR and LF alone encoded, as BagIt 0.97 had it and
    bagit-python writes; with nothing encoded.
    """
    if "%" not in written:
        return (written,)
    older = re.sub(r"%0[Aa]", "\n", re.sub(r"%0[Dd]", "\r", written))
    return tuple(dict.fromkeys((decode(written), older, written)))


def has_literal_percent(written: str) -> bool:
    """Whether a percent sign stands that encodes none of CR, LF and %: older tools wrote it so."""
    return "%" in written and "%" in _ENCODED.sub("", written)


def unescape(written: str) -> str:
    r"""A path in a line that md5sum and its kin began with a backslash: `\\`, `\n` and `\r` stand for one character."""
    return _ESCAPED.sub(lambda match: _ESCAPE_MEANING[match.group(1)], written)


def outside(path: str) -> str:
    """Why a path could leave the bag, or "" when it cannot."""
    if path.startswith(("/", "~")):
        return "it is absolute or names a home folder"
    if re.match(r"[A-Za-z]:[\\/]", path) or path.startswith("\\\\"):
        return "it names a drive or share"
    parts = path.split("/")
    if ".." in parts or ("\\" in path and ".." in re.split(r"[\\/]", path)):
        return "it has the part .."
    return ""


def unusable(path: str) -> str:
    """Why a path cannot be one file's own name, or "" when it can."""
    if not path or "\0" in path:
        return "it is empty or has a NUL"
    parts = path.split("/")
    if "" in parts or "." in parts:
        return "it has an empty part or the part ."
    return too_long(path)


def too_long(path: str) -> str:
    """Why no file system here can hold a path, or "" when its length is no hindrance."""
    length = len(path.encode("utf-8", "surrogatepass"))
    longest = max(len(part.encode("utf-8", "surrogatepass")) for part in path.split("/"))
    if length > LONGEST_PATH or longest > LONGEST_PART:
        return f"it has {length} bytes, its longest part {longest}; limits are {LONGEST_PATH} and {LONGEST_PART}"
    return ""
