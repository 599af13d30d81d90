"""The parts archiver stands on, each looked at: Python, libraries, signatures, grammars, schemas, workspace."""

from __future__ import annotations

import hashlib
import sys
from importlib import metadata
from pathlib import Path

from archiver import __version__
from archiver.errors import ArchiverError
from archiver.model.report import Component
from archiver.model.values import Algorithm
from archiver.resources import data_folder
from archiver.workspace import Workspace

_LIBRARIES = ("bagit", "lxml", "python-magic", "typer", "pygfried", "charset-normalizer", "lunar-python", "pypinyin")


def components(workspace: Workspace | None, schemas: Path) -> tuple[Component, ...]:
    """Everything, in the order people look for it."""
    return (
        Component("archiver", __version__, True, str(Path(__file__).resolve().parents[1])),
        _python(),
        *(_library(name) for name in _LIBRARIES),
        *_identifiers(),
        _digests(),
        _data("profiles", "*.toml"),
        _data("rules", "*.md"),
        *_schemas(schemas),
        _workspace(workspace),
    )


def _python() -> Component:
    version = ".".join(str(part) for part in sys.version_info[:3])
    recent = sys.version_info >= (3, 11)
    return Component("Python", version, recent, sys.executable, "" if recent else "Install Python 3.11 or later.")


def _library(name: str) -> Component:
    try:
        return Component(name, metadata.version(name), True)
    except metadata.PackageNotFoundError:
        return Component(name, "", False, "not installed", f"pip install {name}")


def _identifiers() -> list[Component]:
    from archiver.fixity.formats import tools

    try:
        return [Component(tool.name, tool.version, True, tool.detail) for tool in tools()]
    except ArchiverError as error:
        return [Component("libmagic", "", False, error.message, error.remedy)]


def _digests() -> Component:
    missing = []
    for algorithm in Algorithm:
        try:
            hashlib.new(algorithm.hashlib_name, b"", usedforsecurity=False)
        except ValueError:
            missing.append(algorithm.label)
    needed = {Algorithm.SHA256.label, Algorithm.SHA512.label} & set(missing)
    detail = f"without {', '.join(missing)}" if missing else "all algorithms"
    return Component("digests", "", not needed, detail, "Use a Python built with OpenSSL 3." if needed else "")


def _data(name: str, pattern: str) -> Component:
    try:
        count = len(list(data_folder(name).glob(pattern)))
    except FileNotFoundError as error:
        return Component(name, "", False, str(error), "Install archiver again.")
    return Component(name, "", count > 0, f"{count} in {data_folder(name)}")


def _schemas(folder: Path) -> list[Component]:
    from archiver.metadata.schemas import installed

    states = installed(folder)
    missing = [entry.file for entry, state in states if state != "installed"]
    detail = f"{len(states) - len(missing)} of {len(states)} in {folder}"
    remedy = "archiver schemas install" if missing else ""
    return [Component("official schemas", "", True, detail + ("; optional" if missing else ""), remedy)]


def _workspace(workspace: Workspace | None) -> Component:
    if workspace is None:
        return Component("workspace", "", True, "none here", "archiver init makes one")
    return Component("workspace", "", True, str(workspace.root))
