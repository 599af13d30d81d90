"""JP2 files judged by jpylyzer, the National Library of the Netherlands' validator, where it is installed."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import threading
from typing import TYPE_CHECKING

from archiver.model.imaging import ImageTrouble

if TYPE_CHECKING:
    from archiver.imaging.octets import Octets
    from archiver.imaging.sketch import Sketch
    from archiver.model.imaging import ImageLimits

_ALONE = threading.Lock()  # jpylyzer writes to standard error, which a whole process shares
_SHOWN = 5


def judge(octets: Octets, sketch: Sketch, limits: ImageLimits) -> None:
    """Note what jpylyzer finds wrong, or why it was not asked. Reads the whole file."""
    if sketch.is_broken:
        sketch.validity = "not judged: it is damaged"
        return
    if not limits.validate or octets.size > limits.validate:
        sketch.validity = f"not judged: {octets.size} bytes; the limit is {limits.validate}"
        return
    if importlib.util.find_spec("jpylyzer") is None:
        sketch.validity = "not judged: jpylyzer is not installed (pip install 'archiver[images]')"
        return
    failed, version = _ask(octets.at(0, octets.size))
    sketch.validity = f"jpylyzer {version}"
    if failed:
        shown = ", ".join(failed[:_SHOWN]) + (f" and {len(failed) - _SHOWN} more" if len(failed) > _SHOWN else "")
        sketch.fault(ImageTrouble.INVALID, f"jpylyzer {version} finds it not valid: {shown}")


def _ask(data: bytes) -> tuple[list[str], str]:
    """The tests that failed, by their names, in order and each once; and the version of jpylyzer."""
    from jpylyzer.boxvalidator import BoxValidator
    from jpylyzer.jpylyzer import __version__

    options = {"validationFormat": "jp2", "verboseFlag": False, "nullxmlFlag": False, "packetmarkersFlag": False}
    try:
        with _ALONE, contextlib.redirect_stderr(io.StringIO()):
            found = BoxValidator(options, "JP2", data).validate()
    except Exception as error:  # noqa: BLE001  whatever it does not expect is its verdict on the file
        return [f"it gave up ({type(error).__name__})"], str(__version__)
    if found.isValid:
        return [], str(__version__)
    failed = [part.tag for part in found.tests.iter() if part.text is False or part.text == "False"]
    return list(dict.fromkeys(failed)) or ["no reason given"], str(__version__)
