"""The two engines: our own, which is the same for the same seed, and atheris, which is led by coverage."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fuzz.mutation import Mutator
from fuzz.target import Target

HERE = Path(__file__).resolve().parent
SLOWEST = 5.0  # seconds of one execution; beyond it, it is a fault as a crash is
MOST_KEPT = 2000  # inputs of one run of our own engine


@dataclass
class Outcome:
    """What came of a run: executions done, and the inputs that broke a promise with what was said of each."""

    target: str
    engine: str
    executions: int = 0
    seconds: float = 0.0
    crashes: list[tuple[Path, str]] = field(default_factory=list)
    shortest: dict[Hashable, bytes] = field(default_factory=dict)  # what was seen → the shortest input that shows it


def name_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def corpus(target: Target, folders: Sequence[Path]) -> list[bytes]:
    """The inputs to begin with: those kept in files, in order of names, then the seeds."""
    kept = [path.read_bytes() for folder in folders if folder.is_dir() for path in sorted(folder.iterdir())]
    return list(dict.fromkeys([*kept, *(seed[: target.largest] for seed in target.seeds())]))


def run_own(target: Target, runs: int, seconds: float, seed: int, folders: Sequence[Path], found: Path) -> Outcome:
    """Mutate and execute; an input that shows something new is mutated further."""
    outcome = Outcome(target.name, "own")
    pool = corpus(target, folders)
    mutator = Mutator(seed, target.words, target.largest)
    seen: set[Hashable] = set()
    said: set[str] = set()
    begun = time.monotonic()

    def execute(data: bytes) -> bool:
        outcome.executions += 1
        started = time.perf_counter()
        try:
            facets = frozenset(target.run(data))
        except Exception as error:  # noqa: BLE001  whatever it is, it is what is looked for
            facets = frozenset([f"{type(error).__name__} {_place(error)}"])
            _keep(outcome, data, error, found, said)
        if time.perf_counter() - started > SLOWEST:
            _keep(outcome, data, TimeoutError("too slow"), found, said)
        new = facets not in seen
        seen.add(facets)
        for facet in facets:
            before = outcome.shortest.get(facet)
            if before is None or len(data) < len(before):
                outcome.shortest[facet] = data
        return new

    for data in pool:
        execute(data)
    while outcome.executions < runs and time.monotonic() - begun < seconds:
        chosen = pool[-1 - min(mutator.random.randrange(len(pool)), mutator.random.randrange(len(pool)))]
        data = mutator.mutate(chosen, pool)
        if execute(data) and len(pool) < MOST_KEPT:
            pool.append(data)
    outcome.seconds = time.monotonic() - begun
    return outcome


def _place(error: BaseException) -> str:
    """Where an exception came from: file and line of the innermost frame."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        place = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def _keep(outcome: Outcome, data: bytes, error: BaseException, found: Path, said: set[str]) -> None:
    """Keep the first input of each kind of failure."""
    words = f"{type(error).__name__} at {_place(error)}: {str(error)[:300]}"
    key = words.partition(": ")[0]
    if key in said:
        return
    said.add(key)
    found.mkdir(parents=True, exist_ok=True)
    path = found / f"{outcome.target}-{name_of(data)}"
    path.write_bytes(data)
    outcome.crashes.append((path, words))


def has_atheris() -> bool:
    try:
        import atheris  # noqa: F401
    except ImportError:
        return False
    return True


def run_guided(
    target: Target, runs: int, seconds: float, seed: int, folders: Sequence[Path], working: Path, found: Path
) -> Outcome:
    """Let atheris (libFuzzer) do it, in a process of its own: it ends with the process."""
    outcome = Outcome(target.name, "atheris")
    working.mkdir(parents=True, exist_ok=True)
    found.mkdir(parents=True, exist_ok=True)
    for data in corpus(target, folders):
        (working / name_of(data)).write_bytes(data)
    words = working.with_suffix(".dict")
    words.write_text("".join(f'"{_quoted(word)}"\n' for word in target.words), encoding="ascii")
    prefix = found / f"{target.name}-"
    before = set(found.glob(f"{target.name}-*"))
    options = [f"-runs={runs}", f"-max_total_time={max(1, int(seconds))}", f"-seed={seed or 1}", f"-dict={words}",
               f"-max_len={target.largest}", f"-timeout={int(SLOWEST)}", "-rss_limit_mb=2048", "-print_final_stats=1",
               f"-artifact_prefix={prefix}", "-verbosity=1", "-use_value_profile=0"]  # fmt: skip
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "fuzz.guided", target.name, *options, str(working)],
        cwd=HERE.parent,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(HERE.parents[1]), str(HERE.parent), os.environ.get("PYTHONPATH", "")]),
        },
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    outcome.seconds = time.monotonic() - begun
    count = re.search(r"stat::number_of_executed_units:\s+(\d+)", done.stderr)
    outcome.executions = int(count.group(1)) if count else 0
    for path in sorted(set(found.glob(f"{target.name}-*")) - before):
        outcome.crashes.append((path, _told(done.stdout + done.stderr)))
    if done.returncode and not outcome.crashes:
        outcome.crashes.append((working, f"the engine ended with {done.returncode}: {done.stderr[-600:]}"))
    return outcome


def _told(output: str) -> str:
    """The end of the trace of what was raised."""
    begin = output.rfind("Uncaught Python exception")
    trace = re.split(r"==[0-9]+==", output[begin:], maxsplit=1)[0] if begin >= 0 else output[-600:]
    return " | ".join(line.strip() for line in trace.strip().splitlines() if line.strip())[-900:]


def _quoted(word: bytes) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word)
