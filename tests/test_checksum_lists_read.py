"""Checksum lists read back: what coreutils, openssl, RHash, hashdeep and Windows' programs write."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.checksum_lists.reading import LONGEST_LINE, read_list
from archiver.checksum_lists.recognising import is_called_list, recognise
from archiver.model.checksum_list import ChecksumList, ListForm, ListTrouble
from archiver.model.values import Algorithm, Checksum

MD5_X = hashlib.md5(b"x").hexdigest()
MD5_Y = hashlib.md5(b"y").hexdigest()
SHA256_X = hashlib.sha256(b"x").hexdigest()
SHA256_Y = hashlib.sha256(b"y").hexdigest()
SHA512_X = hashlib.sha512(b"x").hexdigest()


def stated(listing: ChecksumList) -> dict[str, set[Checksum]]:
    found: dict[str, set[Checksum]] = {}
    for entry in listing.entries:
        found.setdefault(entry.path, set()).update(entry.checksums)
    return found


def kinds(listing: ChecksumList) -> list[tuple[ListTrouble, int | None]]:
    return [(one.kind, one.line) for one in listing.problems]


def need(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")


FILES = {"0001.tif": b"x", "a b/二.tif": b"y", "a b/ lead.tif": b"z", "Ünï.tif": b"w", "empty": b""}
ODD = {"back\\slash": b"1", "new\nline": b"2", "cr\rx": b"3", "a\\nb": b"4", "#1.tif": b"5", "(x) = y": b"6"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in {**FILES, **ODD}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def output(folder: Path, command: str, names: list[str]) -> bytes:
    program, *words = command.split()
    need(program)
    done = subprocess.run([program, *words, *names], cwd=folder, capture_output=True, check=False)
    if done.returncode and not done.stdout:
        pytest.skip(f"{command}: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout


def digest(algorithm: Algorithm, content: bytes) -> str:
    return hashlib.new(algorithm.hashlib_name, content, usedforsecurity=False).hexdigest()


COMMANDS = [
    # command, list name, form, algorithms, whether names of every kind survive
    ("md5sum", "MD5SUMS", ListForm.LINES, [Algorithm.MD5], True),
    ("md5sum -b", "x.txt", ListForm.LINES, [Algorithm.MD5], True),
    ("md5sum -z", "x.txt", ListForm.NUL, [Algorithm.MD5], True),
    ("sha1sum", "sha1.txt", ListForm.LINES, [Algorithm.SHA1], True),
    ("sha224sum", "x.txt", ListForm.LINES, [Algorithm.SHA224], True),
    ("sha256sum", "x.txt", ListForm.LINES, [Algorithm.SHA256], True),
    ("sha256sum --tag", "x.txt", ListForm.BSD, [Algorithm.SHA256], True),
    ("sha384sum", "x.txt", ListForm.LINES, [Algorithm.SHA384], True),
    ("sha512sum", "x.txt", ListForm.LINES, [Algorithm.SHA512], True),
    ("sha512sum --tag", "MD5SUMS", ListForm.BSD, [Algorithm.SHA512], True),
    ("b2sum", "B2SUMS", ListForm.LINES, [Algorithm.BLAKE2B], True),
    ("b2sum --tag", "x.txt", ListForm.BSD, [Algorithm.BLAKE2B], True),
    ("cksum -a sm3", "x.txt", ListForm.BSD, [Algorithm.SM3], True),
    ("cksum -a sm3 --untagged", "sm3.txt", ListForm.LINES, [Algorithm.SM3], True),
    ("openssl dgst -sha256", "x.txt", ListForm.BSD, [Algorithm.SHA256], False),
    ("openssl dgst -sha3-256", "x.txt", ListForm.BSD, [Algorithm.SHA3_256], False),
    ("openssl dgst -blake2s256", "x.txt", ListForm.BSD, [Algorithm.BLAKE2S], False),
    ("openssl dgst -md5 -r", "x.txt", ListForm.LINES, [Algorithm.MD5], False),
    ("shasum -a 256", "x.txt", ListForm.LINES, [Algorithm.SHA256], False),
    ("rhash --md5", "x.txt", ListForm.LINES, [Algorithm.MD5], False),
    ("rhash --sha3-512", "x-sha3-512.txt", ListForm.LINES, [Algorithm.SHA3_512], False),
    ("rhash --sha256 --bsd", "x.txt", ListForm.BSD, [Algorithm.SHA256], False),
    ("rhash --md5 --sha1", "x.txt", ListForm.TRAILING, [Algorithm.MD5, Algorithm.SHA1], False),
    ("rhash --md5 --sha1 --bsd", "x.txt", ListForm.BSD, [Algorithm.MD5, Algorithm.SHA1], False),
    ("hashdeep -l", "x.txt", ListForm.HASHDEEP, [Algorithm.MD5, Algorithm.SHA256], False),
    ("hashdeep -l -c md5,sha1,sha256,tiger", "x.txt", ListForm.HASHDEEP,
     [Algorithm.MD5, Algorithm.SHA1, Algorithm.SHA256], False),
    ("md5deep -l", "x.txt", ListForm.LINES, [Algorithm.MD5], False),
    ("md5deep -l -z", "x.txt", ListForm.LINES, [Algorithm.MD5], False),
    ("md5deep -l -t", "x.txt", ListForm.LINES, [Algorithm.MD5], False),
    ("sha256deep -l -k", "x.txt", ListForm.LINES, [Algorithm.SHA256], False),
]  # fmt: skip


@pytest.mark.parametrize(("command", "name", "form", "algorithms", "all_names"), COMMANDS, ids=[c[0] for c in COMMANDS])
def test_what_programs_write_is_read_back(
    folder: Path, command: str, name: str, form: ListForm, algorithms: list[Algorithm], all_names: bool
) -> None:
    files = {**FILES, **(ODD if all_names else {})}
    content = output(folder, command, list(files))
    listing = read_list(content, name)
    assert listing.problems == ()
    assert stated(listing) == {
        path: {Checksum.of(algorithm, digest(algorithm, payload)) for algorithm in algorithms}
        for path, payload in files.items()
    }
    assert listing.form is form
    assert recognise(name, content) is not None


@pytest.mark.parametrize("command", ["b2sum -l 256 --tag", "rhash --tiger --bsd", "rhash --btih --bsd"])
def test_algorithms_that_are_not_computed_are_not_taken_for_others(folder: Path, command: str) -> None:
    listing = read_list(output(folder, command, ["0001.tif"]), "x.txt")
    assert listing.usable == 0
    assert [entry.trouble for entry in listing.entries] == [ListTrouble.UNKNOWN_ALGORITHM]


@pytest.mark.parametrize("command", ["cksum", "rhash --sfv", "rhash --crc32c"])
def test_crcs_are_no_evidence(folder: Path, command: str) -> None:
    listing = read_list(
        output(folder, command, ["0001.tif", "a b/二.tif"]), "disc.sfv" if "sfv" in command else "cksum"
    )
    assert listing.usable == 0
    assert listing.is_crc_only
    assert [entry.path for entry in listing.entries] == ["0001.tif", "a b/二.tif"]


GET_FILEHASH_TABLE = f"""
Algorithm       Hash                                                                   Path
---------       ----                                                                   ----
SHA256          {SHA256_X.upper()}       D:\\扫描\\2021 01\\0001.tif
SHA256          {SHA256_Y.upper()}       D:\\扫描\\2021 01\\0002.tif


"""
GET_FILEHASH_LIST = f"""

Algorithm : SHA256
Hash      : {SHA256_X.upper()}
Path      : D:\\扫描\\2021 01\\00
            01.tif

Algorithm : SHA256
Hash      : {SHA256_Y.upper()}
Path      : D:\\扫描\\2021 01\\0002.tif


"""
GET_FILEHASH_CSV = f"""#TYPE Microsoft.PowerShell.Commands.FileHashInfo
"Algorithm","Hash","Path"
"SHA256","{SHA256_X.upper()}","D:\\扫描\\2021 01\\0001.tif"
"SHA256","{SHA256_Y.upper()}","D:\\扫描\\2021 01\\0002.tif"
"""


@pytest.mark.parametrize("codec", ["utf-16", "utf-8-sig", "utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text", [GET_FILEHASH_TABLE, GET_FILEHASH_LIST, GET_FILEHASH_CSV], ids=["table", "list", "csv"]
)
def test_get_filehash_is_read_in_every_output(text: str, codec: str) -> None:
    content = text.replace("\n", "\r\n").encode(codec)
    listing = read_list(content, "hashes.txt")
    assert listing.problems == ()
    assert stated(listing) == {
        "D:\\扫描\\2021 01\\0001.tif": {Checksum("sha256", SHA256_X)},
        "D:\\扫描\\2021 01\\0002.tif": {Checksum("sha256", SHA256_Y)},
    }
    assert recognise("anything.txt", content) is listing.form


def test_a_table_cut_to_the_width_of_a_window_is_a_problem_on_each_line() -> None:
    text = (
        "Algorithm       Hash                                                                   Path\n"
        "---------       ----                                                                   ----\n"
        f"SHA256          {SHA256_X.upper()}       D:\\scans\\00...\n"
        f"SHA512          {SHA512_X[:60].upper()}...\n"
    )
    listing = read_list(text.encode(), "x.txt")
    assert listing.usable == 0
    assert kinds(listing) == [(ListTrouble.CUT_OFF, 3), (ListTrouble.CUT_OFF, 4)]


def test_certutil_is_read_in_its_wordings() -> None:
    spaced = " ".join(MD5_Y[at : at + 2] for at in range(0, 32, 2))
    text = (
        f"SHA256 hash of 0001.tif:\r\n{SHA256_X}\r\nCertUtil: -hashfile command completed successfully.\r\n"
        f"MD5 hash of file C:\\s\\0002.tif:\r\n{spaced}\r\nCertUtil: -hashfile command completed successfully.\r\n"
        f"MD5 的 一版.tif 哈希:\r\n{MD5_X}\r\nCertUtil: -hashfile 命令成功完成。\r\n"
        f"MD5 哈希(文件 二版.tif):\r\n{spaced}\r\nCertUtil: -hashfile 命令成功完成。\r\n"
    )
    listing = read_list(text.encode("gb18030"), "x.txt", known=["一版.tif", "二版.tif"])
    assert listing.problems == ()
    assert listing.form is ListForm.CERTUTIL
    assert stated(listing) == {
        "0001.tif": {Checksum("sha256", SHA256_X)},
        "C:\\s\\0002.tif": {Checksum("md5", MD5_Y)},
        "一版.tif": {Checksum("md5", MD5_X)},
        "二版.tif": {Checksum("md5", MD5_Y)},
    }


HEADERS = [
    "Filename,MD5",
    "MD5,File name",
    "file_path;Size;SHA-256",
    "文件名,校验值",
    "序号\t文件名称\tMD5校验码\t备注",
    "檔名,SHA-256 雜湊值",
    "Dateiname;Prüfsumme",
    "path|checksum|algorithm",
    "文件夹,文件名,算法,哈希值,大小",
    "Name,Checksum (SHA-256)",
]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("header", HEADERS)
def test_tables_are_read_by_their_headers(header: str, codec: str) -> None:
    sign = next(sign for sign in "\t;|," if sign in header)
    strong = "SHA" in header
    values = {
        "MD5": MD5_X, "SHA-256": SHA256_X, "MD5校验码": MD5_X, "SHA-256 雜湊值": SHA256_X, "校验值": MD5_X,
        "Prüfsumme": MD5_X, "checksum": MD5_X, "algorithm": "md5", "算法": "MD5", "哈希值": MD5_X, "大小": "204812",
        "Size": "204812", "序号": "1", "备注": "", "文件夹": "版面", "Checksum (SHA-256)": SHA256_X,
    }  # fmt: skip
    row = sign.join(values.get(word, "第一版.tif") for word in header.split(sign))
    content = f"{header}\r\n{row}\r\n\r\n".encode(codec)
    listing = read_list(content, "checksums.csv", known=["第一版.tif"])
    name = "版面/第一版.tif" if "文件夹" in header else "第一版.tif"
    wanted = Checksum("sha256", SHA256_X) if strong else Checksum("md5", MD5_X)
    assert (stated(listing), listing.problems) == ({name: {wanted}}, ())
    assert listing.form is ListForm.TABLE
    assert {entry.size for entry in listing.entries} <= {None, 204812}


def test_rows_that_state_nothing_are_problems_with_their_lines() -> None:
    text = f'name,md5\n"0001.tif",{MD5_X}\n0002.tif,\n,{MD5_X}\n0003.tif,abc\n0004.tif,{SHA256_X}\n'
    listing = read_list(text.encode(), "checksums.csv")
    assert kinds(listing) == [
        (ListTrouble.NOT_UNDERSTOOD, 3),
        (ListTrouble.NOT_UNDERSTOOD, 4),
        (ListTrouble.DIGEST_FORM, 5),
        (ListTrouble.DIGEST_FORM, 6),
    ]
    assert listing.usable == 1


def test_a_table_without_a_header_is_told_by_its_cells() -> None:
    listing = read_list(f"1;scans/0001.tif;{MD5_X}\n2;scans/0002.tif;{MD5_Y}\n".encode(), "x.csv")
    assert stated(listing) == {
        "scans/0001.tif": {Checksum("md5", MD5_X)},
        "scans/0002.tif": {Checksum("md5", MD5_Y)},
    }


def test_hashdeep_without_its_header_keeps_commas_in_names() -> None:
    content = f"1,{MD5_X},{SHA256_X},scans/a, b.tif\n12,{MD5_Y},{SHA256_Y},c.tif\n".encode()
    listing = read_list(content, "x.txt")
    assert listing.form is ListForm.HASHDEEP
    assert [(entry.path, entry.size) for entry in listing.entries] == [("scans/a, b.tif", 1), ("c.tif", 12)]
    assert recognise("notes.txt", content) is ListForm.HASHDEEP


def test_comments_blank_lines_capitals_tabs_and_line_ends_do_no_harm() -> None:
    text = f"# made by hand\r\n; and this\r\n\r\n{MD5_X.upper()}\t0001.tif\r\n{MD5_Y} 0002.tif\r\nMD5(3.tif)= {MD5_X}"
    listing = read_list(text.encode(), "list.md5")
    assert listing.problems == ()
    assert [(entry.path, entry.line) for entry in listing.entries] == [("0001.tif", 4), ("0002.tif", 5), ("3.tif", 6)]


def test_the_comments_of_fciv() -> None:
    text = f"//\n// File Checksum Integrity Verifier\n//\n{MD5_X} c:\\scans\\a b.tif\n"
    listing = read_list(text.encode(), "x.txt")
    assert (listing.problems, [entry.path for entry in listing.entries]) == ((), ["c:\\scans\\a b.tif"])
    assert recognise("x.txt", text.encode()) is ListForm.LINES


def test_a_table_may_begin_with_the_digest() -> None:
    listing = read_list(f"{MD5_X}\ta.tif\t12\n{MD5_Y}\tb.tif\t3\n".encode(), "x.txt")
    assert [(entry.path, entry.size) for entry in listing.entries] == [("a.tif", 12), ("b.tif", 3)]


def test_old_macintosh_line_ends() -> None:
    listing = read_list(f"{MD5_X}  a\r{MD5_Y}  b\r".encode(), "MD5SUMS")
    assert [entry.path for entry in listing.entries] == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "algorithm"),
    [
        ("x.txt", Algorithm.SHA256),
        ("x.sm3", Algorithm.SM3),
        ("checksums-sha3-256.txt", Algorithm.SHA3_256),
        ("blake2s.txt", Algorithm.BLAKE2S),
        ("md5.txt", Algorithm.SHA256),  # a name whose digests have another length tells nothing
        ("sha256sum-of-sm3-drafts.txt", Algorithm.SHA256),
    ],
)
def test_a_digest_of_64_digits_is_sha256_unless_named(name: str, algorithm: Algorithm) -> None:
    listing = read_list(f"{SHA256_X}  a\n".encode(), name)
    assert listing.algorithms == (algorithm,)


def test_a_comment_names_the_algorithm_too() -> None:
    listing = read_list(f"# SM3\n{SHA256_X}  a\n".encode(), "x.txt")
    assert listing.algorithms == (Algorithm.SM3,)
    assert not listing.entries[0].assumed


def test_blake3_is_not_taken_for_sha256() -> None:
    assert read_list(f"{SHA256_X}  a\n".encode(), "files.b3").entries[0].trouble is ListTrouble.UNKNOWN_ALGORITHM


@pytest.mark.parametrize(
    ("name", "text", "path", "stem"),
    [
        ("s/0001.tif.md5", MD5_X, "0001.tif", True),
        ("s/0001.md5", MD5_X + "\r\n", "0001", True),
        ("0001.tif.sha256", f"{SHA256_X}  0001.tif\n", "0001.tif", False),
        ("0001.tif.md5", f"{MD5_X}  -\n", "0001.tif", True),
        ("0001.tif.md5.txt", MD5_X, "0001.tif", True),
    ],
)
def test_sidecars(name: str, text: str, path: str, stem: bool) -> None:
    listing = read_list(text.encode(), name)
    assert listing.form is ListForm.SIDECAR
    assert [(entry.path, entry.stem) for entry in listing.entries] == [(path, stem)]
    assert recognise(name, text.encode()) is not None


def test_digests_without_names_are_problems_where_no_one_file_is_meant() -> None:
    assert kinds(read_list(f"{MD5_X}\n{MD5_Y}\n".encode(), "0001.tif.md5")) == [
        (ListTrouble.NAMELESS, 1),
        (ListTrouble.NAMELESS, 2),
    ]
    assert kinds(read_list(MD5_X.encode(), "MD5SUMS")) == [(ListTrouble.NAMELESS, 1)]


def test_a_bag_manifest_has_its_own_escapes() -> None:
    listing = read_list(f"{SHA256_X}  data/100%25.tif\n{SHA256_Y} data/a%0Ab\n".encode(), "bag/manifest-sha256.txt")
    assert listing.form is ListForm.BAG_MANIFEST
    assert listing.folder == "bag"
    assert [entry.path for entry in listing.entries] == ["data/100%.tif", "data/a\nb"]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"# nothing\n", b"hello\nworld\n", b"\xff\xfe", b"\0" * 100, MD5_X[:31].encode() + b"  a\n", b"\\"],
)
def test_a_list_without_a_usable_line_says_so(content: bytes) -> None:
    assert read_list(content, "MD5SUMS").usable == 0
    assert recognise("MD5SUMS", content) is not None


def test_wrong_escapes_and_a_name_that_is_missing() -> None:
    text = f"\\{MD5_X}  a\\tb\n\\{MD5_X}  a\\\n{MD5_X}   \n\\{MD5_X}  fine\\\\n\n"
    listing = read_list(text.encode(), "x.md5")
    assert kinds(listing) == [(ListTrouble.ESCAPE, 1), (ListTrouble.ESCAPE, 2), (ListTrouble.NAMELESS, 3)]
    assert [entry.path for entry in listing.entries] == ["fine\\n"]


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    long = f"{MD5_X}  {'a' * LONGEST_LINE}\n{MD5_Y}  b\n"
    assert kinds(read_list(long.encode(), "x.md5")) == [(ListTrouble.TOO_LARGE, 1)]
    assert read_list(long.encode(), "x.md5").usable == 1
    monkeypatch.setattr("archiver.checksum_lists.entries.MOST_ENTRIES", 2)
    three = "".join(f"{MD5_X}  {number}\n" for number in range(5))
    assert kinds(read_list(three.encode(), "x.md5")) == [(ListTrouble.TOO_LARGE, 3)]
    monkeypatch.setattr("archiver.checksum_lists.reading.LARGEST_LIST", 10)
    assert kinds(read_list(three.encode(), "x.md5")) == [(ListTrouble.TOO_LARGE, None)]


def test_problems_beyond_the_limit_are_counted() -> None:
    listing = read_list(b"nonsense\n" * 1500, "x.md5")
    assert (len(listing.problems), listing.unnamed_problems) == (1000, 500)


@pytest.mark.parametrize("codec", ["gb18030", "big5", "shift_jis", "cp1252"])
def test_names_of_the_deposit_tell_the_encoding(codec: str) -> None:
    name = {"cp1252": "Größe.tif"}.get(codec, "新聞.tif")
    listing = read_list(f"{MD5_X}  {name}\n".encode(codec), "MD5SUMS", known=[name, "README"])
    assert [entry.path for entry in listing.entries] == [name]


def test_an_encoding_is_detected_when_no_name_tells_it() -> None:
    names = ["清河日报第一版", "广告专栏", "读者来信与编辑部的答复", "今日要闻和本地新闻", "图书馆报纸库"]
    text = "".join(f"{MD5_X}  {name}.tif\n" for name in names)
    listing = read_list(text.encode("gb18030"), "MD5SUMS")
    assert [entry.path for entry in listing.entries] == [f"{name}.tif" for name in names]


def test_bytes_that_are_no_text_spoil_only_their_line() -> None:
    listing = read_list(f"{MD5_X}  a\n".encode() + MD5_Y.encode() + b"  \xff\x80\x81\xfe\n", "MD5SUMS")
    assert listing.entries[0].path == "a"


@pytest.mark.parametrize(
    "name",
    ["MD5SUMS", "SHA256SUMS.txt", "sub/checksums.csv", "checksum.txt", "0001.tif.md5", "a.sfv", "校验值.xlsx.txt",
     "manifest-sha512.txt", "md5.txt", "hashes.txt", "b2sums", "files.hashdeep", "x.SHA1", "md5list.txt"],
)  # fmt: skip
def test_names_that_say_what_they_are(name: str) -> None:
    assert is_called_list(name)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("courier.txt", "清河日报\n第一版\n".encode()),
        ("0001.tif", b"II*\0" + bytes(range(256)) * 100),
        ("notes.txt", f"The MD5 of the first page is {MD5_X}.\nWe asked for more.\nNothing came.\n".encode()),
        ("hash.py", b"print('x')\n"),
        ("issues.csv", b"title,date,number\nCourier,1921-01-02,3\n"),
        ("md5-story.txt", b"Once upon a time\n"),
        (".md5", b"text\n"),
        ("mets.xml", f'<file CHECKSUM="{MD5_X}" CHECKSUMTYPE="MD5"/>\n'.encode() * 5),
        ("empty.txt", b""),
    ],
)
def test_other_files_are_no_lists(name: str, content: bytes) -> None:
    assert recognise(name, content) is None


NAMES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=40).filter(
    lambda name: name.strip() not in {"", "-", "*-"}  # md5sum writes "-" for standard input
)


def escaped(name: str) -> tuple[str, str]:
    if any(sign in name for sign in "\\\n\r"):
        return "\\", name.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
    return "", name


@given(st.dictionaries(NAMES, st.binary(max_size=8), min_size=1, max_size=8), st.sampled_from(["  ", " *"]))
def test_any_name_survives_md5sum_form(files: dict[str, bytes], mark: str) -> None:
    lines = []
    for name, content in files.items():
        slash, words = escaped(name)
        lines.append(f"{slash}{hashlib.sha256(content).hexdigest()}{mark}{words}\n")
    listing = read_list("".join(lines).encode(), "SHA256SUMS")
    assert {entry.path: entry.checksums[0].hexdigest for entry in listing.entries} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    assert listing.problems == ()


@given(st.dictionaries(NAMES, st.binary(max_size=8), min_size=1, max_size=8))
def test_any_name_survives_bsd_form(files: dict[str, bytes]) -> None:
    lines = []
    for name, content in files.items():
        slash, words = escaped(name)
        lines.append(f"{slash}SHA512 ({words}) = {hashlib.sha512(content).hexdigest()}\n")
    listing = read_list("".join(lines).encode(), "x.txt")
    assert [entry.path for entry in listing.entries] == list(files)


LIST_NAMES = ["MD5SUMS", "x.csv", "a.sfv", "manifest-md5.txt", "x.txt", "0001.tif.md5"]


@given(st.binary(max_size=400), st.sampled_from(LIST_NAMES))
def test_no_bytes_break_the_reader(content: bytes, name: str) -> None:
    recognise(name, content)
    listing = read_list(content, name)
    assert listing.usable <= len(listing.entries)
    assert all("\0" not in entry.path for entry in listing.entries)


PIECES = [
    MD5_X, SHA256_X, "a.tif", ",", "  ", "\n", "\t", "Algorithm : ", "Hash", "%%%% size,md5,filename", "MD5 (", ") = ",
    "\\", "…", '"', "name,md5\n", "\0", "#", "12", "MD5 hash of ", ":\n", "Algorithm Hash Path\n", "Hash : ", "\r",
    "Path : ",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_no_mixture_of_forms_breaks_the_reader(pieces: list[str]) -> None:
    content = "".join(pieces).encode()
    recognise("x.txt", content)
    listing = read_list(content, "checksums.txt")
    for one in listing.problems:
        assert one.line is None or 1 <= one.line <= sum(content.count(end) for end in (b"\n", b"\r", b"\0")) + 1


FILE_NAMES = st.text(
    st.characters(exclude_characters="\0/", exclude_categories=["Cs", "Cn"]), min_size=1, max_size=20
).filter(lambda name: name.strip(". ") != "" and len(name.encode()) < 200 and not name.startswith("-"))


@pytest.mark.skipif(shutil.which("md5sum") is None, reason="md5sum is not installed")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=st.sets(FILE_NAMES, min_size=1, max_size=12), options=st.sampled_from([[], ["-b"], ["-z"], ["--tag"]]))
def test_what_md5sum_says_of_any_names_is_read_back(tmp_path: Path, names: set[str], options: list[str]) -> None:
    folder = tmp_path / "names"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(name.encode())
    kept = os.listdir(folder)
    done = subprocess.run(["md5sum", *options, "--", *kept], cwd=folder, capture_output=True, check=True)
    listing = read_list(done.stdout, "MD5SUMS")
    assert {entry.path: entry.checksums[0].hexdigest for entry in listing.entries} == {
        name: hashlib.md5((folder / name).read_bytes()).hexdigest() for name in kept
    }


@pytest.mark.parametrize("name", ["MD5SUMS", "a.sfv", "x.csv"])
@pytest.mark.parametrize(
    "line",
    [
        "a" + " " * 60_000 + "b",
        f"{MD5_X} " * 1_900 + "x",
        "MD5 (" + ")   " * 15_000,
        "MD5 hash of " + ":  " * 20_000 + "x",
        "SHA256 " + "A" * 64 + " a" + " " * 60_000 + "b",
        "MD5 " * 15_000,
        "\t," * 20_000,
    ],
)
def test_hostile_lines_are_read_in_time_that_grows_with_them(line: str, name: str) -> None:
    before = "Algorithm Hash Path\n" if line.startswith("SHA256") else ""
    content = (before + line + "\n").encode() * 3
    recognise(name, content)
    read_list(content, name)
