"""The corpus of `make fuzz` replayed: every input that once broke a promise, and a choice of those that reach far."""

from __future__ import annotations

from pathlib import Path

import pytest
from archives import pax_record, taken, tar, tar_member
from fuzz.engine import corpus, run_own
from fuzz.everything import TARGETS

from archiver.model.archive import ArchiveTrouble
from archiver.model.names import cut
from archiver.profiles import locate
from archiver.targets.ocfl import inventory

CORPUS = Path(__file__).resolve().parent / "fuzz" / "corpus"
KEPT = sorted(path for path in CORPUS.glob("*/*") if path.is_file())


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_the_seeds_of_a_target_keep_every_promise(name: str) -> None:
    target = TARGETS[name]
    seeds = [seed[: target.largest] for seed in target.seeds()]
    assert seeds
    for seed in seeds[:60]:
        target.run(seed)


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_input_of_the_corpus_keeps_every_promise(path: Path) -> None:
    TARGETS[path.parent.name].run(path.read_bytes())


def test_every_folder_of_the_corpus_is_of_a_target_and_small() -> None:
    assert {path.parent.name for path in KEPT} <= TARGETS.keys()
    assert sum(path.stat().st_size for path in KEPT) < 1024 * 1024
    assert all(len(path.read_bytes()) <= 2 * TARGETS[path.parent.name].largest for path in KEPT)


def test_a_run_is_the_same_for_the_same_seed(tmp_path: Path) -> None:
    target, seen = TARGETS["percent"], []
    for number in (5, 5, 6):
        inputs: list[bytes] = []

        def note(data: bytes, inputs: list[bytes] = inputs) -> frozenset[str]:
            inputs.append(data)
            return frozenset()

        spied = type(target)(target.name, note, target.seeds, target.words, target.largest)
        outcome = run_own(spied, 300, 60, number, [], tmp_path)
        assert outcome.executions == len(inputs) == 300
        seen.append(inputs)
    assert seen[0] == seen[1] != seen[2]


def test_a_broken_promise_is_kept_with_its_words(tmp_path: Path) -> None:
    target = TARGETS["percent"]

    def refuse(data: bytes) -> frozenset[str]:
        assert b"%25" not in data, "no percent sign"
        return frozenset()

    strict = type(target)(target.name, refuse, target.seeds, target.words, target.largest)
    outcome = run_own(strict, 500, 60, 1, [], tmp_path)
    [(path, words)] = outcome.crashes
    assert b"%25" in path.read_bytes()
    assert "no percent sign" in words


def test_the_corpus_comes_before_the_seeds(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"kept")
    found = corpus(TARGETS["percent"], [tmp_path])
    assert found[0] == b"kept"
    assert len(found) > 1


# What is too large for a corpus. Each of these once took a time that grew with the square of its length.


def test_an_extension_of_very_many_records_is_read(tmp_path: Path) -> None:
    records = pax_record("a", b"") * 180_000 + pax_record("path", b"b/data/x")
    path = tmp_path / "many.tar"
    path.write_bytes(tar(tar_member(b"x", records, b"x"), tar_member(b"b/data/short", b"content")))
    assert taken(path).files == {"b/data/x": b"content"}


def test_words_of_combining_marks_are_cut() -> None:
    words = "a" * 50 + "\u0301" * 400_000
    assert cut(words, 44) == "a" * 43 + "…"
    assert len(cut("a" + "\u0301" * 400_000 + "b" * 50, 44)) == 400_044


def test_a_line_of_spaces_in_a_profile_is_looked_through() -> None:
    assert locate("[serial]\nid = '''\n[" + " " * 100_000 + "\n'''\n", "serial", "id") == 2


def test_a_version_of_thousands_of_digits_is_no_version() -> None:
    with pytest.raises(inventory.InventoryFault):
        inventory.read(_inventory("v" + "1" * 5000))


def _inventory(version: str) -> bytes:
    seed = next(iter(TARGETS["ocfl-inventory"].seeds())).decode()
    return seed.replace('"v1"', f'"{version}"').replace("v1/", f"{version}/").encode()


# Two extensions that say different things of one member: programs differ in which they believe.


@pytest.mark.parametrize(
    "parts",
    [
        (tar_member(b"x", b"b/data/long\0", b"L"), tar_member(b"x", pax_record("path", b"b/data/pax"), b"x")),
        (tar_member(b"x", pax_record("size", b"7"), b"x"), tar_member(b"x", pax_record("size", b"6"), b"x")),
        (tar_member(b"x", pax_record("size", b"7"), b"g"),),
        (tar_member(b"x", pax_record("path", b"b/data/all"), b"g"),),
        (tar_member(b"x", b"b/data/long", b"L")[:523] + b"er" + bytes(499),),
        (tar_member(b"x", b"b/data/long\0", b"L"), tar_member(b"b/data/", b"", b"\0")),
        (tar_member(b"b/data/", b"hidden", b"5"),),
        (tar_member(b"x", b"", b"L"),),
    ],
    ids=[
        "long name and path",
        "two sizes",
        "a size for all",
        "a path for all",
        "a name without an end",
        "file or folder",
        "a full folder",
        "no name",
    ],
)
def test_a_tar_that_programs_read_differently_is_refused(tmp_path: Path, parts: tuple[bytes, ...]) -> None:
    path = tmp_path / "two.tar"
    path.write_bytes(tar(*parts, tar_member(b"b/data/short", b"content")))
    found = taken(path)
    assert found.files == {}
    assert found.troubles == {ArchiveTrouble.DISAGREES}
