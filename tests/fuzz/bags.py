"""Whole bags in memory: their tag files read, and every rule run on what was read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from archiver.model.bag import BagContents
from archiver.model.measurements import Measurements
from archiver.model.report import PackageLine, Report
from archiver.model.values import Algorithm
from archiver.packages.bag.listing import Listing
from archiver.packages.bag.reader import read_tag_files
from archiver.render import json as as_json
from archiver.render import text as as_text
from archiver.validation import judge_contents
from fuzz.tag_files import stays_inside
from fuzz.target import CUT, Target, joined, no_check_crashes, register

_USED = ("sha512", "sha256", "md5")


class _Memory:
    """The bytes of tag files that lie in memory."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def pieces(self, name: str) -> Iterator[bytes]:
        yield self._files[name]


def contents_of(files: Mapping[str, bytes]) -> BagContents:
    """What is read of a bag with these files, measured as its manifests ask."""
    listing = Listing()
    for path, content in sorted(files.items()):
        (listing.payload if path.startswith("data/") else listing.tag_files)[path] = len(content)
        parent = path.rpartition("/")[0]
        while parent and parent not in listing.folders:
            listing.folders.append(parent)
            parent = parent.rpartition("/")[0]
    contents = read_tag_files(Path("bag"), "bag", listing, _Memory(files))
    measured = Measurements()
    for path, content in files.items():
        wanted = _wanted(contents, payload=path.startswith("data/"))
        digests = tuple(hashlib.new(each.hashlib_name, content, usedforsecurity=False).digest() for each in wanted)
        measured.add(path, len(content), digests, wanted)
    return replace(contents, measured=measured, was_measured=True)


def _wanted(contents: BagContents, *, payload: bool) -> tuple[Algorithm, ...]:
    manifests = contents.manifests if payload else contents.tag_manifests
    return tuple(dict.fromkeys(each.algorithm for each in manifests if each.algorithm is not None))


def bag(data: bytes) -> Iterable[Hashable]:
    """Files parted by the mark, each with its path in the first line. Every rule says something, and none breaks."""
    files: dict[str, bytes] = {}
    for part in data.split(CUT)[:20]:
        name, _, content = part.partition(b"\n")
        path = name.decode("utf-8", "surrogateescape")
        try:
            stays_inside(path)
        except (ValueError, AssertionError):
            continue
        if not any(path.startswith(f"{other}/") or other.startswith(f"{path}/") for other in files):
            files.setdefault(path, content)
    contents = contents_of(files)
    judged = judge_contents(contents, subject="bag")
    no_check_crashes(judged.checks)
    report = Report(
        command="validate",
        checks=judged.checks,
        findings=judged.findings,
        packages=(PackageLine("bag", "bag", judged.sealed.seal if judged.sealed else None, "x"),),
    )
    shown = as_text.RENDERER(report, verbose=True)
    controls = [sign for sign in shown if sign != "\n" and not sign.isprintable() and ord(sign) < 0xA0]
    assert not controls, controls
    shown.encode("utf-8")
    json.loads(as_json.RENDERER(report))
    return {(found.code, found.severity) for found in judged.findings}


def _files(declared: str = "UTF-8", version: str = "1.0") -> dict[str, bytes]:
    payload = {"data/a.txt": b"first", "data/b/甲.txt": b"second"}
    files = dict(payload)
    files["bagit.txt"] = f"BagIt-Version: {version}\nTag-File-Character-Encoding: {declared}\n".encode()
    files["bag-info.txt"] = "Source-Organization: 甲\nPayload-Oxum: 11.2\nBagging-Date: 2026-01-05\n".encode(declared)
    for name in _USED[1:]:
        files[f"manifest-{name}.txt"] = _manifest(payload, name).encode(declared)
    tags = {path: content for path, content in files.items() if not path.startswith("data/")}
    files["tagmanifest-md5.txt"] = _manifest(tags, "md5").encode(declared)
    return files


def _manifest(files: Mapping[str, bytes], name: str) -> str:
    return "".join(f"{hashlib.new(name, content).hexdigest()}  {path}\n" for path, content in sorted(files.items()))


def _joined(files: Mapping[str, bytes]) -> bytes:
    return joined(*(path.encode() + b"\n" + content for path, content in files.items()))


def _seeds() -> Iterator[bytes]:
    yield _joined(_files())
    for version in ("0.93", "0.96", "0.97", "1.1", "2.0"):
        yield _joined(_files(version=version))
    yield _joined(_files("UTF-16"))
    yield _joined(_files("GB18030"))
    holey = {**_files(), "fetch.txt": b"https://a.example/x 5 data/a.txt\n"}
    del holey["data/a.txt"]
    yield _joined(holey)
    old = _files(version="0.93")
    old["package-info.txt"] = old.pop("bag-info.txt")
    yield _joined(old)
    yield _joined({"data/x": b""})
    yield b""


_WORDS = (CUT, b"data/", b"bagit.txt\n", b"bag-info.txt\n", b"fetch.txt\n", b"manifest-md5.txt\n",
    b"tagmanifest-md5.txt\n",
          b"manifest-sha3256.txt\n", b"BagIt-Profile-Identifier: ", b"Payload-Oxum: ", b"Bag-Size: ", b"Bagging-Date: ",
          b"Bag-Count: 1 of 2\n", b"\xe2\x80\xae", b"\x1b[31m", b"e\xcc\x81", b"%0A", b"0.97", b"UTF-16")  # fmt: skip

register(Target("bag", bag, _seeds, _WORDS, 4096))
