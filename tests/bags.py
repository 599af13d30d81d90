"""Bags for tests: a right one by default, any part of it overridden, left out or spoilt."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archiver import plugs
from archiver.fixity.measure import stamp
from archiver.model.package import SourceFile
from archiver.model.report import CheckRun, Finding, Outcome, Severity
from archiver.packages.bag import Bag


def encoded(path: str) -> str:
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


@dataclass
class BagBuilder:
    """Writes a bag by the book, with the standard library alone. Names and contents are bytes on the disk.

    `tag_files` replaces a tag file's bytes, adds one, or with None leaves it out; digests are taken of what is written.
    """

    payload: Mapping[str, bytes] = field(default_factory=lambda: {"a.txt": b"first", "b/c.txt": b"second"})
    algorithms: Sequence[str] = ("sha256", "sha512")
    version: str = "1.0"
    encoding: str = "UTF-8"
    info: Sequence[tuple[str, str]] = (("Source-Organization", "The library"),)
    line_end: str = "\n"
    oxum: str | None = None
    tag_manifests: bool = True
    tag_files: Mapping[str, bytes | None] = field(default_factory=dict)

    def manifest(self, files: Mapping[str, bytes], algorithm: str) -> bytes:
        rows = (
            f"{hashlib.new(algorithm, content).hexdigest()}  {encoded(path)}{self.line_end}"
            for path, content in sorted(files.items())
        )
        return "".join(rows).encode(self.encoding, "surrogateescape")

    def build(self, root: Path) -> Path:
        payload = {f"data/{name}": content for name, content in self.payload.items()}
        oxum = self.oxum or f"{sum(map(len, payload.values()))}.{len(payload)}"
        info = "".join(f"{label}: {value}{self.line_end}" for label, value in (*self.info, ("Payload-Oxum", oxum)))
        declared = f"BagIt-Version: {self.version}\nTag-File-Character-Encoding: {self.encoding}\n"
        tags: dict[str, bytes | None] = {"bagit.txt": declared.encode(), "bag-info.txt": info.encode(self.encoding)}
        tags |= {f"manifest-{name}.txt": self.manifest(payload, name) for name in self.algorithms}
        tags |= self.tag_files
        present = {name: content for name, content in tags.items() if content is not None}
        if self.tag_manifests:
            covered = {name: content for name, content in present.items() if not name.startswith("tagmanifest-")}
            for name in self.algorithms:
                if f"tagmanifest-{name}.txt" not in tags:
                    present[f"tagmanifest-{name}.txt"] = self.manifest(covered, name)
        (root / "data").mkdir(parents=True)
        for path, content in {**payload, **present}.items():
            place = root / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        return root


def lines_of(rows: Iterable[tuple[str, str]], end: str = "\n") -> bytes:
    """A manifest as written: each digest and path as they are."""
    return "".join(f"{digest}  {path}{end}" for digest, path in rows).encode("utf-8", "surrogateescape")


def digest(content: bytes, algorithm: str = "sha512") -> str:
    return hashlib.new(algorithm, content).hexdigest()


def judged(path: Path, workers: int = 2) -> tuple[tuple[CheckRun, ...], tuple[Finding, ...]]:
    return plugs.run_checks("bag", Bag.open(path).contents(workers=workers), subject=path.name)


def codes(path: Path, at_least: Severity = Severity.ERROR) -> set[str]:
    """Codes of findings of a severity or graver; no check may break."""
    runs, findings = judged(path)
    assert [f"{run.code}: {run.reason}" for run in runs if run.outcome is Outcome.BROKEN] == []
    return {found.code for found in findings if found.severity.at_least(at_least)}


def source(path: Path) -> SourceFile:
    return SourceFile(path, path.name, stamp(path))


def tree(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
