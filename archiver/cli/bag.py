"""archiver bag: bags of any folder. `archiver bag FOLDER` means `archiver bag make FOLDER`."""

from __future__ import annotations

from typing import Any

from archiver.cli import bag_fetch, bag_make, bag_serialise, bag_update
from archiver.cli.parameters import Commands, Group


class MakeUnlessNamed(Group):
    """The commands of `archiver bag`; what names none of them is an argument of `make`.

    A folder that is called like a command is named with its path: `archiver bag ./update`.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `make` before arguments that begin with no command."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["make", *args]
        return super().parse_args(ctx, args)


app = Commands(
    cls=MakeUnlessNamed,
    help="Make, update, complete and serialise BagIt bags; `archiver bag FOLDER` makes one.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.command("make")(bag_make.make)
app.command("serialise")(bag_serialise.serialise)
app.command("fetch")(bag_fetch.fetch)
app.command("update")(bag_update.update)
