"""archiver doctor: what archiver stands on, what is missing, and the one line that mends it."""

from __future__ import annotations

from archiver.cli.options import Form, OutputFile, OutputFormat
from archiver.cli.output import Output, run
from archiver.model.progress import Progress
from archiver.model.report import Report


def doctor(output_format: OutputFormat = Form.TEXT, output: OutputFile = None) -> None:
    """Show versions of everything archiver stands on, what is missing, and the line that mends it."""

    def work(_progress: Progress) -> Report:
        from archiver.cli import surroundings
        from archiver.cli.health import components

        return Report("doctor", components=components(surroundings.here(), surroundings.schemas_folder()))

    run("doctor", Output(output_format, output), work)
