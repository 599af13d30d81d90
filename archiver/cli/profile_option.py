"""The option --profile: a package profile or a BagIt profile, by name or as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.errors import ConfigurationError

if TYPE_CHECKING:
    from archiver.model.package_profile import ChosenProfile, PackageProfile


def chosen_profile(named: str, *other_names: str) -> ChosenProfile:
    """What was named: in the workspace's profiles, those that come with archiver, or a file.

    `other_names` are what the command knows besides. Raises UnreadableInput, StorageError or ConfigurationError.
    """
    from archiver.cli import surroundings
    from archiver.package_profiles import choose_profile
    from archiver.resources import data_folder
    from archiver.workspace import profile_folders

    try:
        return choose_profile(named, profile_folders(surroundings.here(), data_folder("profiles")))
    except ConfigurationError as error:
        if other_names and error.remedy.startswith("Known are: "):
            known = ", ".join(other_names)
            raise ConfigurationError(
                error.message, remedy=error.remedy.replace("Known are: ", f"Known are: {known}, ", 1)
            ) from error
        raise


def format_policy() -> PackageProfile | None:
    """The package profile whose format policy deposits are judged by: the workspace's, else the one of archiver."""
    from archiver.validation import OWN_PROFILE

    return chosen_profile(OWN_PROFILE).package
