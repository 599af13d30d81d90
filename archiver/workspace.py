"""A workspace: the folder with archiver.toml, and the folders it names for profiles, accessions and packages."""

from __future__ import annotations

import difflib
import errno
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archiver.errors import ConfigurationError, DestinationTaken, StorageError, UnreadableInput, UsageError
from archiver.model.provenance import Organisation
from archiver.model.shipment import Destination
from archiver.model.viruses import Scanner
from archiver.profiles import locate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

FILE = "archiver.toml"
ORGANISATION = ("name", "code", "address", "contact-name", "contact-email", "contact-phone")
ACCESSION = ("depositor", "agreement", "rights", "access", "terms", "number")
FOLDERS = ("accessions", "packages", "profiles")
# Every key of archiver.toml. docs/workspace.md explains each; a test holds the two together.
KEYS: Mapping[str, tuple[str, ...]] = {
    "": ("organisation", "accession", "folders", "targets", "virus-check"),
    "organisation": ORGANISATION,
    "accession": ACCESSION,
    "folders": FOLDERS,
    "virus-check": ("clamd",),
}

TEMPLATE = """\
# The settings of this workspace. Lines that begin with # are comments; take the mark away to set a value.
# docs/workspace.md explains every key.

[organisation]                      # the archive or library; it goes into every package
# name = "…"
# code = "…"                        # ISIL or a local code
# address = "…"
# contact-name = "…"
# contact-email = "…"
# contact-phone = "…"

[accession]                         # what every new accession gets unless the command says otherwise
# depositor = "…"
# agreement = "…"                   # number of the deposit agreement
# rights = "…"
# terms = "…"
access = "restricted"               # restricted until an archivist clears it, or open
number = "{year}.{serial:03}"       # 2026.001, 2026.002, …

[folders]                           # relative to this file
accessions = "accessions"           # the register: one folder for each accession
packages = "packages"
profiles = "profiles"               # your own serial profiles; those that come with archiver are known too

# [virus-check]                     # files of deposits are shown to ClamAV before anything is written
# clamd = "/run/clamav/clamd.ctl"   # its socket, or an address such as "127.0.0.1:3310"

# Places that packages are transferred to: archiver transfer PACKAGE... vault
# [targets.vault]
# kind = "ocfl"                     # an OCFL 1.1 storage root; "file" is a plain folder
# path = "/mnt/archive/ocfl"
"""

_README = """\
Profiles of your serials, one TOML file each: what is true of every issue. docs/profiles.md says how one is
written. A profile here goes before one of the same id that comes with archiver.
"""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where the work of an archive lies, and what it sets for every accession."""

    root: Path
    organisation: Organisation = field(default_factory=lambda: Organisation(""))
    defaults: Mapping[str, str] = field(default_factory=dict)
    folders: Mapping[str, str] = field(default_factory=dict)
    targets: Mapping[str, Destination] = field(default_factory=dict)
    scanner: Scanner | None = None  # for viruses

    @property
    def accessions(self) -> Path:
        """The folder of accession records."""
        return self.root / self.folders.get("accessions", "accessions")

    @property
    def packages(self) -> Path:
        """The folder packages are written to."""
        return self.root / self.folders.get("packages", "packages")

    @property
    def profiles(self) -> Path:
        """The folder of the workspace's own serial profiles."""
        return self.root / self.folders.get("profiles", "profiles")

    @property
    def number_scheme(self) -> str:
        """How accession numbers are formed."""
        return self.defaults.get("number", "{year}.{serial:03}")


def find(start: Path) -> Workspace | None:
    """The workspace of a folder: the nearest archiver.toml in it or above. Raises ConfigurationError."""
    place = start.absolute()
    for folder in (place, *place.parents):
        if (folder / FILE).is_file():
            return load(folder / FILE)
    return None


def need(start: Path) -> Workspace:
    """The workspace of a folder; raises UsageError when there is none."""
    found = find(start)
    if found is None:
        raise UsageError(
            f"There is no {FILE} in {start} or above it.", remedy="Make a workspace with: archiver init FOLDER"
        )
    return found


def load(path: Path) -> Workspace:
    """Read archiver.toml. Raises ConfigurationError that names file, line, key and what was expected."""
    try:
        text = path.read_bytes().decode("utf-8")
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: it must be UTF-8; byte {error.start} is not.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: not valid TOML: {error}.") from error
    except OSError as error:
        raise UnreadableInput(f"{path}: it cannot be read: {error.strerror}.") from error
    reader = _Reader(path, text, data)
    reader.known("", data)
    organisation = reader.texts("organisation")
    return Workspace(
        root=path.parent,
        organisation=Organisation(organisation.get("name", ""), **_renamed(organisation)),
        defaults=reader.accession(),
        folders=reader.texts("folders"),
        targets=reader.targets(),
        scanner=reader.scanner(),
    )


def create(folder: Path) -> list[Path]:
    """Make a workspace: archiver.toml, profiles/, accessions/, packages/. What was made is returned.

    Raises DestinationTaken when there is an archiver.toml already; nothing is ever overwritten.
    """
    made: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in FOLDERS:
            if not (folder / name).is_dir():
                (folder / name).mkdir()
                made.append(folder / name)
        readme = folder / "profiles" / "README.md"
        if not readme.exists():
            _write_new(readme, _README)
            made.append(readme)
        _write_new(folder / FILE, TEMPLATE)
    except FileExistsError as error:
        raise DestinationTaken(
            f"{error.filename} exists; it was not changed.",
            remedy="This folder is a workspace, or name another folder.",
        ) from error
    except OSError as error:
        kind = UsageError if error.errno == errno.ENOTDIR else StorageError
        raise kind(f"{folder}: the workspace cannot be made: {(error.strerror or str(error)).lower()}.") from error
    return [folder / FILE, *made]


def _write_new(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def _renamed(organisation: Mapping[str, str]) -> dict[str, str]:
    return {key.replace("-", "_"): value for key, value in organisation.items() if key != "name"}


class _Reader:
    """Reads typed values of archiver.toml and says where a wrong one stands."""

    def __init__(self, path: Path, text: str, data: dict[str, Any]) -> None:
        self.path, self.text, self.data = path, text, data

    def wrong(self, table: str, key: str, expected: str) -> ConfigurationError:
        line = locate(self.text, table, key)
        name = f"{table}.{key}" if table else key
        return ConfigurationError(f"{self.path}:{line}: {name}: expected {expected}.")

    def known(self, table: str, value: Mapping[str, Any]) -> None:
        for key in value:
            if key not in KEYS[table]:
                near = difflib.get_close_matches(key, KEYS[table], n=1)
                guess = f"; did you mean {near[0]}?" if near else ""
                raise self.wrong(table, key, f"one of {', '.join(KEYS[table])}{guess}")

    def table(self, name: str) -> dict[str, Any]:
        value = self.data.get(name, {})
        if not isinstance(value, dict):
            raise self.wrong("", name, f"a table [{name}]")
        return value

    def texts(self, name: str) -> dict[str, str]:
        table = self.table(name)
        self.known(name, table)
        for key, value in table.items():
            if not isinstance(value, str):
                raise self.wrong(name, key, "a text in quotation marks")
        return table

    def accession(self) -> dict[str, str]:
        table = self.texts("accession")
        if table.get("access", "restricted") not in {"restricted", "open"}:
            raise self.wrong("accession", "access", f"restricted or open, not {table['access']!r}")
        return table

    def scanner(self) -> Scanner | None:
        said = self.texts("virus-check").get("clamd", "")
        host, colon, port = said.rpartition(":")
        if not said:
            return None
        if "/" in said:
            return Scanner(socket=self.path.parent / said)
        if not (colon and host and port.isdecimal() and 0 < int(port) < 65536):
            raise self.wrong("virus-check", "clamd", f"the path of a socket, or HOST:PORT, not {said!r}")
        return Scanner(host=host.strip("[]"), port=int(port))

    def targets(self) -> dict[str, Destination]:
        found: dict[str, Destination] = {}
        for name, value in self.table("targets").items():
            table = f"targets.{name}"
            if not isinstance(value, dict):
                raise self.wrong("targets", name, f"a table [{table}]")
            for key, item in value.items():
                if not isinstance(item, str):
                    raise self.wrong(table, key, "a text in quotation marks")
            for key in ("kind", "path"):
                if not value.get(key):
                    raise self.wrong(table, key, "a text that is not empty")
            options = {key: item for key, item in value.items() if key not in {"kind", "path"}}
            place = str(self.path.parent / value["path"])
            found[name] = Destination(name, value["kind"], place, options)
        return found


def profile_folders(workspace: Workspace | None, built_in: Path) -> Iterable[Path]:
    """Folders of serial profiles, the workspace's own before those that come with archiver."""
    return (workspace.profiles, built_in) if workspace else (built_in,)
