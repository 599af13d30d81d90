"""The process that reads a PDF: one order on standard input, answers on standard output, a line of JSON each.

It limits itself before it reads a byte: memory, processor time, no file written, no core dumped. What it says before it
is stopped counts, so that it says every part as soon as it is found.
"""

from __future__ import annotations

import io
import json
import resource
from typing import Any, BinaryIO

from archiver.model.pdf import PdfLimits, PdfProblem, PdfTrouble
from archiver.pdfs.answers import pack, unpack


class Voice:
    """What the process says, and to whom."""

    def __init__(self, answers: BinaryIO) -> None:
        self._answers = answers

    def say(self, name: str, value: Any) -> None:
        """One part of the answer."""
        line = json.dumps({name: pack(value)}, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
        self._answers.write(line.encode("ascii") + b"\n")
        self._answers.flush()

    def fault(self, trouble: PdfTrouble, detail: str, page: int = 0) -> None:
        """A problem."""
        self.say("problem", PdfProblem(trouble, detail, page))


def main(orders: BinaryIO, answers: BinaryIO) -> None:
    """Carry out one order."""
    voice = Voice(answers)
    order = json.loads(orders.read())
    limits = unpack(PdfLimits, order["limits"])
    _confine(limits)
    try:
        with io.FileIO(order["file"], closefd=False) as file:
            _carry_out(order, file, limits, voice)
    except MemoryError:
        voice.fault(PdfTrouble.STOPPED, f"the PDF reader needs more than {limits.memory >> 20} MiB of memory")
    except BrokenPipeError:
        return
    except RecursionError:
        voice.fault(PdfTrouble.STOPPED, "the PDF reader stopped: its objects lie too deep in one another")
    except Exception as error:  # noqa: BLE001  whatever a library makes of hostile bytes is an answer
        words = " ".join(str(error).split())[:200]
        voice.fault(PdfTrouble.STOPPED, f"the PDF reader stopped: {type(error).__name__}: {words}")
    voice.say("end", True)


def _confine(limits: PdfLimits) -> None:
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_CPU, limits.seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        limit = max(allowed - 5, 1) if kind == resource.RLIMIT_CPU and allowed == hard else allowed
        spare = 5 if kind == resource.RLIMIT_CPU and limit == most else 0
        resource.setrlimit(kind, (limit, allowed + spare))


def _carry_out(order: dict[str, Any], file: io.FileIO, limits: PdfLimits, voice: Voice) -> None:
    """The three orders: facts, layout, image."""
    if order["do"] == "examine":
        from archiver.pdfs import pages, structure

        if structure.tell(file, limits, voice):
            pages.tell(file, limits, voice)
            structure.tell_whole(file, voice)
    elif order["do"] == "layouts":
        from archiver.pdfs import placing

        placing.tell(file, order["units"], limits, voice)
    else:
        from archiver.pdfs import picturing

        picturing.tell(file, order["page"], order["dpi"], limits, voice)
