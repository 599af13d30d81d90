"""What a command takes from its surroundings: clock, workspace, profiles, schemas, and who is at work."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from archiver import __version__
from archiver.errors import ConfigurationError

if TYPE_CHECKING:  # each function imports what it needs: most commands need little
    from archiver.model.profile import SerialProfile
    from archiver.model.provenance import Agent
    from archiver.workspace import Workspace


def clock() -> Callable[[], datetime]:
    """The time of day with its offset from UTC, to the second; SOURCE_DATE_EPOCH sets it (reproducible-builds.org)."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if not epoch:
        return lambda: datetime.now().astimezone().replace(microsecond=0)
    try:
        at = datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise ConfigurationError(f"SOURCE_DATE_EPOCH is {epoch!r}, not a number of seconds since 1970.") from error
    return lambda: at


def here() -> Workspace | None:
    """The workspace of the current folder."""
    from archiver.workspace import find

    return find(Path.cwd())


def profiles(workspace: Workspace | None) -> dict[str, SerialProfile]:
    """Every serial profile: the workspace's own, and those that come with archiver."""
    from archiver.profiles import load_all
    from archiver.resources import data_folder
    from archiver.workspace import profile_folders

    return load_all(profile_folders(workspace, data_folder("profiles")))


def schemas_folder() -> Path:
    """Where official schemas are installed: $ARCHIVER_SCHEMAS, else the user's data folder (XDG Base Directory)."""
    named = os.environ.get("ARCHIVER_SCHEMAS")
    if named:
        return Path(named)
    data = os.environ.get("XDG_DATA_HOME")
    return (Path(data) if data else Path.home() / ".local" / "share") / "archiver" / "schemas"


def software() -> Agent:
    """archiver itself, as an agent."""
    from archiver.model.provenance import Agent, AgentKind

    return Agent("archiver", AgentKind.SOFTWARE, "archiver", __version__)


def operator(name: str | None) -> Agent | None:
    """Who runs the command: as named, else $ARCHIVER_OPERATOR, else the account's name."""
    import getpass

    from archiver.model.provenance import Agent, AgentKind

    found = name or os.environ.get("ARCHIVER_OPERATOR")
    if not found:
        try:
            found = getpass.getuser()
        except (KeyError, OSError):
            return None
    return Agent("operator", AgentKind.PERSON, found)
