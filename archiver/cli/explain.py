"""archiver explain: the page of a rule."""

from __future__ import annotations

from typing import Annotated

import typer

from archiver.cli.options import Form, OutputFile, OutputFormat
from archiver.cli.output import Output, run
from archiver.errors import UsageError
from archiver.model.progress import Progress
from archiver.model.report import Report


def explain(
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="A rule code, such as ISS-011; all without one.")
    ] = None,
    output_format: OutputFormat = Form.TEXT,
    output: OutputFile = None,
) -> None:
    """Explain a rule: what it checks, why, by which clause, how to mend."""

    def work(_progress: Progress) -> Report:
        import difflib

        from archiver import plugs
        from archiver.resources import data_folder

        rules = {known.rule.code: known.rule for known in plugs.checks()}
        if code is None:
            return Report("explain", notes=tuple(f"{rule.code}  {rule.title}" for rule in rules.values()))
        wanted = code.upper()
        page = data_folder("rules") / f"{wanted}.md"
        if wanted not in rules or not page.is_file():
            near = ", ".join(difflib.get_close_matches(wanted, rules, n=3)) or "archiver explain lists them all"
            raise UsageError(f"There is no rule {code!r}.", remedy=f"Near it: {near}.")
        return Report("explain", notes=(page.read_text(encoding="utf-8").rstrip(),))

    run("explain", Output(output_format, output), work)
