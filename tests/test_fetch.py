"""Holey bags completed from a real web server: killed, changed under way, refused, by TLS."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import bagit
import pytest
import web
from bags import codes
from web import Nginx, begin, holey, run, tree, until

BIG = random.Random(1).randbytes(500_000)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Nginx]:
    with web.nginx(tmp_path / "server") as running:
        yield running


def local(server: Nginx) -> tuple[str, str]:
    return "--allow-host", f"127.0.0.1:{server.port}"


def events(bag: Path) -> list[dict[str, object]]:
    path = bag.parent / f"{bag.name}.fetch-events.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def hidden(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


def seal(bag: Path) -> str:
    return hashlib.sha512((bag / "tagmanifest-sha512.txt").read_bytes()).hexdigest()


def part_of(folder: Path, name: str) -> int:
    """Bytes at hand of the only file that is begun."""
    return sum(path.stat().st_size for path in (folder / f".{name}.fetching").glob("*.part"))


NAMES = {"a.txt": b"at hand", "b/second.txt": b"second", "odd\nname.txt": b"odd", "頁/第一頁.txt": b"page one"}


def test_a_whole_copy_is_made_and_the_bag_is_left_as_it_is(server: Nginx, tmp_path: Path) -> None:
    (server.www / "頁.txt").write_bytes(NAMES["頁/第一頁.txt"])
    (server.www / "odd name").write_bytes(NAMES["odd\nname.txt"])
    (server.www / "second.txt").write_bytes(NAMES["b/second.txt"])
    bag = holey(
        tmp_path / "bag",
        NAMES,
        {
            "b/second.txt": (server.url("moved/second.txt"), "6"),
            "odd\nname.txt": (server.url("odd%20name"), "-"),
            "頁/第一頁.txt": (server.url("頁.txt"), "8"),
        },
    )
    before = tree(bag)
    done = run(bag, "-o", tmp_path / "copy", *local(server))
    assert (done.returncode, done.stderr) == (0, "")
    assert "3 files fetched, 17 bytes." in done.stdout
    assert tree(bag) == before
    assert tree(tmp_path / "copy" / "data") == NAMES
    assert seal(tmp_path / "copy") == seal(bag)
    assert bagit.Bag(str(tmp_path / "copy")).is_valid()
    assert hidden(tmp_path) == []
    told = {event["path"]: event for event in events(tmp_path / "copy")}
    assert {path.removeprefix("data/") for path in told} == set(NAMES) - {"a.txt"}
    odd = told["data/odd\nname.txt"]
    assert (odd["size"], odd["operator"], odd["outcome"]) == (3, "A. Archivist", "success")
    assert odd["digests"]["sha512"] == hashlib.sha512(b"odd").hexdigest()  # type: ignore[index]
    assert told["data/b/second.txt"]["came_from"] == server.url("second.txt")


def test_in_place_tag_files_stay_and_a_second_run_fetches_nothing(server: Nginx, tmp_path: Path) -> None:
    (server.www / "second.txt").write_bytes(b"second")
    bag = holey(tmp_path / "bag", NAMES, {"b/second.txt": (server.url("second.txt"), "6")})
    before = tree(bag)
    done = run(bag, "--in-place", *local(server))
    assert done.returncode == 0, done.stderr
    after = tree(bag)
    assert after.pop("data/b/second.txt") == b"second"
    assert after == before
    assert bagit.Bag(str(bag)).is_valid()
    asked = len(server.asked())
    again = run(bag, "--in-place", *local(server))
    assert again.returncode == 0
    assert "nothing was missing" in again.stdout
    assert len(server.asked()) == asked
    assert len(events(bag)) == 1


@pytest.mark.parametrize("way", ["slow", "slow-dated", "slow-plain"])
@pytest.mark.parametrize("in_place", [False, True], ids=["copy", "in place"])
def test_killed_under_way_it_goes_on_where_it_was(server: Nginx, tmp_path: Path, way: str, in_place: bool) -> None:
    (server.www / "big.bin").write_bytes(BIG)
    os.utime(server.www / "big.bin", (10**9, 10**9))
    bag = holey(
        tmp_path / "bag", {"a.txt": b"a", "big.bin": BIG}, {"big.bin": (server.url(f"{way}/big.bin"), "500000")}
    )
    where = ["--in-place"] if in_place else ["-o", tmp_path / "copy"]
    whole = bag if in_place else tmp_path / "copy"
    process = begin(bag, *where, *local(server))
    until(lambda: part_of(tmp_path, whole.name) > 150_000)
    process.kill()
    process.communicate()
    assert not (whole / "data" / "big.bin").exists()
    assert in_place or not whole.exists()
    assert events(whole) == []
    at_hand = part_of(tmp_path, whole.name)
    done = run(bag, *where, *local(server))
    assert done.returncode == 0, done.stderr
    assert (whole / "data" / "big.bin").read_bytes() == BIG
    assert codes(whole) == set()
    last = server.asked()[-1]
    if way == "slow-plain":  # a server that knows no ranges and no validators
        assert last.endswith(" 200 -")
        assert events(whole)[0]["resumed_at"] == 0
    else:
        assert last.endswith(f" 206 bytes={at_hand}-")
        assert events(whole)[0]["resumed_at"] == at_hand
    assert [name for name in hidden(tmp_path) if name != ".copy.lock"] == []


@pytest.mark.parametrize("way", ["slow", "slow-dated"])
def test_a_file_that_changed_between_two_runs_is_not_put_together(server: Nginx, tmp_path: Path, way: str) -> None:
    (server.www / "big.bin").write_bytes(bytes(500_000))
    os.utime(server.www / "big.bin", (10**9, 10**9))
    bag = holey(tmp_path / "bag", {"big.bin": BIG}, {"big.bin": (server.url(f"{way}/big.bin"), "-")})
    process = begin(bag, "-o", tmp_path / "copy", *local(server))
    until(lambda: part_of(tmp_path, "copy") > 100_000)
    process.kill()
    process.communicate()
    (server.www / "big.bin").write_bytes(BIG)
    done = run(bag, "-o", tmp_path / "copy", *local(server))
    assert done.returncode == 0, done.stderr
    assert server.asked()[-1].split(" ")[1] == "200"
    assert (tmp_path / "copy" / "data" / "big.bin").read_bytes() == BIG


def test_bytes_of_two_states_are_fetched_again_as_one(server: Nginx, tmp_path: Path) -> None:
    """The server says that the file is the same, but what is at hand is damaged: the digest tells."""
    (server.www / "big.bin").write_bytes(BIG)
    bag = holey(tmp_path / "bag", {"big.bin": BIG}, {"big.bin": (server.url("slow/big.bin"), "500000")})
    process = begin(bag, "--in-place", *local(server))
    until(lambda: part_of(tmp_path, "bag") > 100_000)
    process.kill()
    process.communicate()
    (part,) = (tmp_path / ".bag.fetching").glob("*.part")
    part.write_bytes(b"!" + part.read_bytes()[1:])
    done = run(bag, "--in-place", *local(server))
    assert done.returncode == 0, done.stderr
    assert [line.split(" ")[1] for line in server.asked()[-2:]] == ["206", "200"]
    assert (bag / "data" / "big.bin").read_bytes() == BIG


def test_killed_at_any_moment_nothing_wrong_is_in_the_payload(server: Nginx, tmp_path: Path) -> None:
    rng = random.Random(7)
    payload = {f"{number:02}.bin": rng.randbytes(30_000) for number in range(12)}
    for name, content in payload.items():
        (server.www / name).write_bytes(content)
    bag = holey(tmp_path / "bag", payload, {name: (server.url(name), "30000") for name in payload})
    kills = 0
    for turn in range(40):
        process = begin(bag, "--in-place", *local(server))
        time.sleep(0.15 + 0.02 * turn)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        kills += process.returncode == -signal.SIGKILL
        there = tree(bag / "data")
        assert all(payload[name] == content for name, content in there.items())
        if process.returncode == 0:
            break
    assert kills > 0
    assert run(bag, "--in-place", *local(server)).returncode == 0
    assert tree(bag / "data") == payload
    assert {event["path"] for event in events(bag)} == {f"data/{name}" for name in payload}


def test_an_interruption_ends_at_once_and_keeps_what_came(server: Nginx, tmp_path: Path) -> None:
    (server.www / "big.bin").write_bytes(BIG * 20)
    bag = holey(tmp_path / "bag", {"big.bin": BIG * 20}, {"big.bin": (server.url("slow/big.bin"), str(len(BIG) * 20))})
    process = begin(bag, "-o", tmp_path / "copy", *local(server))
    until(lambda: part_of(tmp_path, "copy") > 100_000)
    process.send_signal(signal.SIGINT)
    _out, said = process.communicate(timeout=20)  # the whole file would take 25 s
    assert process.returncode == 130
    assert said.startswith("Interrupted")
    assert part_of(tmp_path, "copy") > 100_000
    assert not (tmp_path / "copy").exists()


def test_two_runs_at_once_do_not_meet(server: Nginx, tmp_path: Path) -> None:
    (server.www / "big.bin").write_bytes(BIG)
    bag = holey(tmp_path / "bag", {"big.bin": BIG}, {"big.bin": (server.url("slow/big.bin"), "500000")})
    with begin(bag, "--in-place", *local(server)) as process:
        until(lambda: part_of(tmp_path, "bag") > 0)
        second = run(bag, "--in-place", *local(server))
        process.communicate()
    assert second.returncode == 2
    assert "Another run is" in second.stderr
    assert process.returncode == 0
    assert codes(bag) == set()


def test_all_that_fails_is_in_one_report_and_what_is_right_is_kept(server: Nginx, tmp_path: Path) -> None:
    payload = {name: name.encode() * 10 for name in ("right", "gone", "forbidden", "long", "short", "other", "file")}
    for name in ("right", "long", "short"):
        (server.www / name).write_bytes(payload[name])
    (server.www / "other").write_bytes(b"!" * 50)
    sizes = {"long": "39", "short": "51"}
    addresses = {name: (server.url(name), sizes.get(name, "-")) for name in payload}
    addresses["forbidden"] = (server.url("forbidden/x"), "-")
    addresses["file"] = ("file:///etc/passwd", "-")
    bag = holey(tmp_path / "bag", payload, addresses)
    done = run(bag, "--in-place", "--output-format", "json", *local(server))
    report = json.loads(done.stdout)
    assert done.returncode == report["exit_status"] == 3  # for what the server does not allow is not known
    assert "answers 403" in report["error"]["message"]
    found = {(finding["code"], finding["line"]) for finding in report["findings"]}
    order = list(payload)
    assert found == {
        ("FTC-001", order.index("gone") + 1),
        ("FTC-002", order.index("long") + 1),
        ("FTC-002", order.index("short") + 1),
        ("FTC-003", order.index("other") + 1),
        ("FTC-004", order.index("file") + 1),
    }
    assert tree(bag / "data") == {"right": payload["right"]}
    assert [event["path"] for event in events(bag)] == ["data/right"]
    for name in ("gone", "long", "short", "other", "file"):
        (bag / "data" / name).write_bytes(payload[name])
    (server.www / "forbidden").mkdir()
    again = run(bag, "--in-place", *local(server))
    assert again.returncode == 3
    (bag / "data" / "forbidden").write_bytes(payload["forbidden"])
    assert run(bag, "--in-place", *local(server)).returncode == 0  # the sizes that fetch.txt states are only warned of


def test_findings_of_the_material_alone_end_with_1(server: Nginx, tmp_path: Path) -> None:
    (server.www / "other").write_bytes(b"!" * 50)
    bag = holey(tmp_path / "bag", {"other": b"." * 50}, {"other": (server.url("other"), "50")})
    before = tree(bag)
    done = run(bag, "-o", tmp_path / "copy", *local(server))
    assert (done.returncode, done.stderr) == (1, "")
    assert "FTC-003" in done.stdout
    assert tree(bag) == before
    assert not (tmp_path / "copy").exists()
    assert hidden(tmp_path) == []


def test_a_bag_with_other_faults_is_fetched_nothing_for(server: Nginx, tmp_path: Path) -> None:
    bag = holey(tmp_path / "bag", {"a": b"a", "b": b"b"}, {"a": (server.url("a"), "1")})
    (bag / "fetch.txt").write_text(f"{server.url('elsewhere')} 1 data/a\n")
    done = run(bag, "--in-place", *local(server))
    assert done.returncode == 1
    assert "FIX-002" in done.stdout
    assert "nothing was fetched" in done.stdout
    assert server.asked() == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{url} 1 data/../../a", "BAG-010"),
        ("{url} 1 /etc/a", "BAG-010"),
        ("{url} 1 bag-info.txt", "BAG-010"),
        ("{url} 1 data/unlisted", "BAG-021"),
        ("{url} much data/a", "BAG-020"),
    ],
)
def test_a_fetch_file_with_a_fault_is_not_followed(server: Nginx, tmp_path: Path, line: str, code: str) -> None:
    fetch = (line.format(url=server.url("a")) + "\n").encode()
    bag = holey(tmp_path / "bag", {"a": b"a"}, {}, tag_files={"fetch.txt": fetch})
    done = run(bag, "-o", tmp_path / "copy", *local(server))
    assert done.returncode == 1
    assert code in done.stdout
    assert server.asked() == []
    assert not (tmp_path / "copy").exists()


def test_a_damaged_file_at_hand_keeps_the_copy_back_and_what_came_is_kept(server: Nginx, tmp_path: Path) -> None:
    (server.www / "b").write_bytes(b"b")
    bag = holey(tmp_path / "bag", {"a": b"a", "b": b"b"}, {"b": (server.url("b"), "1")})
    (bag / "data" / "a").write_bytes(b"!")
    done = run(bag, "-o", tmp_path / "copy", *local(server))
    assert done.returncode == 1
    assert "FIX-001" in done.stdout
    assert not (tmp_path / "copy").exists()
    (bag / "data" / "a").write_bytes(b"a")
    asked = len(server.asked())
    done = run(bag, "-o", tmp_path / "copy", *local(server))
    assert done.returncode == 0, done.stdout
    assert len(server.asked()) == asked
    assert codes(tmp_path / "copy") == set()
    assert hidden(tmp_path) == []


def test_a_certificate_that_nobody_trusts_is_refused_unless_named(server: Nginx, tmp_path: Path) -> None:
    if not server.tls_port:
        pytest.skip("openssl is not at hand")
    (server.www / "a").write_bytes(b"a")
    bag = holey(tmp_path / "bag", {"a": b"a"}, {"a": (f"https://localhost:{server.tls_port}/a", "1")})
    words = (bag, "--in-place", "--allow-host", "localhost")
    done = run(*words)
    assert done.returncode == 3
    assert "The certificate of localhost is not to be trusted: self-signed certificate." in done.stderr
    assert "--ca-file" in done.stderr
    assert tree(bag / "data") == {}
    done = run(*words, "--ca-file", server.certificate())
    assert done.returncode == 0, done.stderr
    assert tree(bag / "data") == {"a": b"a"}


def test_a_certificate_of_another_name_is_refused(server: Nginx, tmp_path: Path) -> None:
    if not server.tls_port:
        pytest.skip("openssl is not at hand")
    (server.www / "a").write_bytes(b"a")
    bag = holey(tmp_path / "bag", {"a": b"a"}, {"a": (f"https://127.0.0.1:{server.tls_port}/a", "1")})
    done = run(bag, "--in-place", "--allow-host", "127.0.0.1", "--ca-file", server.certificate())
    assert done.returncode == 3
    assert "certificate of 127.0.0.1 is not to be trusted" in done.stderr
    assert "mismatch" in done.stderr
    assert tree(bag / "data") == {}


def test_proxies_of_the_surroundings_are_not_used(server: Nginx, tmp_path: Path) -> None:
    (server.www / "a").write_bytes(b"a")
    bag = holey(tmp_path / "bag", {"a": b"a"}, {"a": (server.url("a"), "1")})
    dead = f"http://127.0.0.1:{web.free_port()}"
    done = run(bag, "--in-place", *local(server), http_proxy=dead, https_proxy=dead, all_proxy=dead)
    assert done.returncode == 0, done.stderr


def test_a_link_in_the_payload_leads_nowhere(server: Nginx, tmp_path: Path) -> None:
    (server.www / "a").write_bytes(b"a")
    bag = holey(tmp_path / "bag", {"sub/a": b"a", "b": b"b"}, {"sub/a": (server.url("a"), "1")})
    (tmp_path / "outside").mkdir()
    (bag / "data" / "sub").symlink_to(tmp_path / "outside")
    done = run(bag, "--in-place", *local(server))
    assert done.returncode == 1
    assert "BAG-023" in done.stdout
    assert list((tmp_path / "outside").iterdir()) == []


@pytest.mark.parametrize("where", ["copy", "in place"])
def test_a_disk_that_is_full_half_way_loses_nothing(server: Nginx, tmp_path: Path, where: str) -> None:
    """A limit on the size of files fails the write as a full disk does."""
    for name, content in (("big.bin", BIG), ("small", b"small")):
        (server.www / name).write_bytes(content)
    addresses = {name: (server.url(name), "-") for name in ("big.bin", "small")}
    bag = holey(tmp_path / "bag", {"big.bin": BIG, "small": b"small"}, addresses)
    words = (bag, "--in-place") if where == "in place" else (bag, "-o", tmp_path / "copy")
    whole = bag if where == "in place" else tmp_path / "copy"
    done = subprocess.run(
        ["sh", "-c", 'ulimit -f 512; exec "$@"', "sh", *web.command(*words, *local(server))],  # 256 KiB or more
        env={**os.environ, "PYTHONPATH": str(web.ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert "failed: file too large." in done.stderr
    assert "run the same command again to go on" in done.stderr
    assert not (whole / "data" / "big.bin").exists()
    done = run(*words, *local(server))
    assert done.returncode == 0, done.stderr
    assert tree(whole / "data") == {"big.bin": BIG, "small": b"small"}
    assert [line.split(" ")[0] for line in server.asked()].count("/small") == 1


def test_empty_files_come_too(server: Nginx, tmp_path: Path) -> None:
    for name in ("stated", "not"):
        (server.www / name).write_bytes(b"")
    sizes = {"stated": (server.url("stated"), "0"), "not": (server.url("not"), "-")}
    bag = holey(tmp_path / "bag", {"stated": b"", "not": b""}, sizes)
    assert run(bag, "-o", tmp_path / "copy", *local(server)).returncode == 0
    assert tree(tmp_path / "copy" / "data") == {"stated": b"", "not": b""}


def test_without_the_library_it_says_what_to_install(tmp_path: Path) -> None:
    bag = holey(tmp_path / "bag", {"a": b"a"}, {"a": ("https://example.org/a", "1")})
    code = "import sys; sys.modules['urllib3'] = None; from archiver.cli.app import main; main()"
    words = [sys.executable, "-c", code, "bag", "fetch", bag, "--in-place"]
    environment = {**os.environ, "PYTHONPATH": str(web.ROOT)}
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "pip install 'archiver[fetch]'" in done.stderr


def test_either_a_copy_or_in_place(tmp_path: Path) -> None:
    bag = holey(tmp_path / "bag", {"a": b"a"}, {})
    for words in ((bag,), (bag, "--in-place", "-o", tmp_path / "copy"), (bag, "-o", bag / "data" / "copy")):
        done = run(*words)
        assert done.returncode == 2, words
    taken = run(bag, "-o", tmp_path)
    assert taken.returncode == 2
    assert "exists" in taken.stderr
    shutil.rmtree(bag)
    assert run(bag, "--in-place").returncode == 2
