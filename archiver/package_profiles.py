"""Package profiles: TOML files read into `PackageProfile`, and what `--profile` names."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from archiver.bag_profiles.files import bag_profile_names, is_file_name, load_bag_profile, read_settings
from archiver.errors import ConfigurationError
from archiver.fixity.digests import is_available
from archiver.formats.policy import read_policy
from archiver.model.bag_profile import BagProfile
from archiver.model.formats import FormatPolicy
from archiver.model.package_profile import KEYS, ChosenProfile, PackageProfile
from archiver.model.report import Severity
from archiver.model.values import Algorithm
from archiver.profiles import locate

SUFFIX = ".package.toml"
_OTHERWISE = {"error": Severity.ERROR, "warning": Severity.WARNING}


def choose_profile(named: str, folders: Iterable[Path] = ()) -> ChosenProfile:
    """What `--profile` named: a file (.toml: a package profile, .json: a BagIt profile), or a name in the folders.

    NAME is NAME.package.toml, else NAME.bagit-profile.json, in the first of the folders that has either. Raises
    UnreadableInput, StorageError or ConfigurationError.
    """
    places = tuple(folders)
    if is_file_name(named):
        if named.lower().endswith(".toml"):
            return _chosen(load_package_profile(Path(named), places))
        return ChosenProfile(bag=load_bag_profile(Path(named)))
    for folder in places:
        if (folder / f"{named}{SUFFIX}").is_file():
            return _chosen(load_package_profile(folder / f"{named}{SUFFIX}", places))
        if named in bag_profile_names([folder]):
            return ChosenProfile(bag=load_bag_profile(named, [folder]))
    known = ", ".join(profile_names(places)) or "none"
    raise ConfigurationError(
        f"There is no package profile or BagIt profile {named!r}.", remedy=f"Known are: {known}. Or name a file."
    )


def profile_names(folders: Sequence[Path]) -> list[str]:
    """The names that `choose_profile` knows in the folders, sorted."""
    ours = {path.name.removesuffix(SUFFIX) for folder in folders for path in folder.glob(f"*{SUFFIX}")}
    return sorted(ours | set(bag_profile_names(folders)))


def load_package_profile(path: Path, folders: Iterable[Path] = ()) -> PackageProfile:
    """Read a package profile, and the BagIt profile it names: in its own folder, else in `folders`.

    Raises UnreadableInput, StorageError, or ConfigurationError (file, line, key, what was expected).
    """
    try:
        text = read_settings(path).decode("utf-8")
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: a profile must be UTF-8; byte {error.start} is not.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{path}: not valid TOML: {error}.") from error
    except RecursionError as error:
        raise ConfigurationError(f"{path}: not a profile: brackets stand too deep in one another.") from error
    return _Reader(path, text, data).profile((path.parent, *folders))


def _chosen(profile: PackageProfile) -> ChosenProfile:
    return ChosenProfile(profile, profile.bag_profile)


class _Reader:
    """Reads typed values of a package profile and says where a wrong one stands."""

    def __init__(self, path: Path, text: str, data: dict[str, Any]) -> None:
        self.path, self.text, self.data = path, text, data

    def wrong(self, table: str, key: str, expected: str) -> ConfigurationError:
        name = f"{table}.{key}" if table else key
        return ConfigurationError(f"{self.path}:{locate(self.text, table, key)}: {name}: expected {expected}.")

    def profile(self, folders: Iterable[Path]) -> PackageProfile:
        for table in KEYS:
            if table != "formats" or table in self.data:
                self.known(table, self.table(table) if table else self.data)
        return PackageProfile(
            origin=str(self.path),
            identifier=self.identifier(),
            accepted=self.accepted(),
            otherwise=self.otherwise(),
            description=self.string("package", "description"),
            bag_profile=self.bag_profile(folders),
            formats=self.formats(),
        )

    def known(self, table: str, value: Mapping[str, Any]) -> None:
        for key in value:
            if key not in KEYS[table]:
                near = difflib.get_close_matches(key, KEYS[table], n=1)
                guess = f"; did you mean {near[0]}?" if near else ""
                raise self.wrong(table, key, f"one of {', '.join(KEYS[table])}{guess}")

    def table(self, name: str) -> dict[str, Any]:
        value = self.data.get(name)
        if not isinstance(value, dict):
            raise self.wrong("", name, f"a table [{name}]")
        return value

    def string(self, table: str, key: str) -> str:
        value = self.table(table).get(key, "")
        if not isinstance(value, str):
            raise self.wrong(table, key, "a text in quotation marks")
        return value

    def identifier(self) -> str:
        value = self.string("package", "id")
        if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", value):
            raise self.wrong("package", "id", f"lower-case letters, digits and single hyphens, not {value!r}")
        return value

    def accepted(self) -> tuple[Algorithm, ...]:
        value = self.table("fixity").get("accepted")
        if not isinstance(value, list) or not value or not all(isinstance(name, str) for name in value):
            raise self.wrong("fixity", "accepted", "a list of at least one algorithm")
        known = {algorithm.value: algorithm for algorithm in Algorithm}
        for name in value:
            if name not in known:
                raise self.wrong("fixity", "accepted", f"names among {', '.join(known)}, not {name!r}")
            if not is_available(known[name]):
                raise self.wrong("fixity", "accepted", f"algorithms that this Python can compute; {name} is none")
        return tuple(dict.fromkeys(known[name] for name in value))

    def otherwise(self) -> Severity:
        value = self.table("fixity").get("otherwise", "error")
        if not isinstance(value, str) or value not in _OTHERWISE:
            raise self.wrong("fixity", "otherwise", f"one of {', '.join(_OTHERWISE)}, not {value!r}")
        return _OTHERWISE[value]

    def formats(self) -> FormatPolicy | None:
        if "formats" not in self.data:
            return None
        return read_policy(self.path, self.text, self.table("formats"))

    def bag_profile(self, folders: Iterable[Path]) -> BagProfile | None:
        named = self.string("package", "bagit-profile")
        if not named:
            return None
        if is_file_name(named):
            return load_bag_profile(self.path.parent / named)
        return load_bag_profile(named, folders)
