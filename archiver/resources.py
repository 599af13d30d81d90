"""Where the data of the product lies: profiles, schemas and rule pages, in a checkout or inside an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def data_folder(name: str) -> Path:
    """The folder `name` ("profiles", "schemas", "rules") of this installation; FileNotFoundError if absent."""
    installed = _PACKAGE / "_data" / name
    if installed.is_dir():
        return installed
    checkout = _PACKAGE.parent / ("docs/rules" if name == "rules" else name)
    if checkout.is_dir():
        return checkout
    raise FileNotFoundError(f"the folder {name} of archiver is missing from this installation: install archiver again")
