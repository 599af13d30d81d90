"""One target under atheris: `python -m fuzz.guided TARGET [options of libFuzzer] FOLDER`."""

from __future__ import annotations

import sys


def main() -> None:
    import atheris

    with atheris.instrument_imports(include=["archiver"], enable_loader_override=False):
        import fuzz.everything
        from fuzz.target import TARGETS
    target = TARGETS[sys.argv[1]]

    def once(data: bytes) -> None:
        target.run(data)

    assert fuzz.everything.FILES
    atheris.Setup([sys.argv[0], *sys.argv[2:]], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
