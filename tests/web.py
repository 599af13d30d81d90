"""Web servers for tests, on this machine alone: nginx as it is, and one that answers whatever it is told to."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from bags import BagBuilder

ROOT = Path(__file__).resolve().parents[1]


def holey(root: Path, payload: Mapping[str, bytes], fetched: Mapping[str, tuple[str, str]], **parts: object) -> Path:
    """A bag without some of its payload files: path → (address, size as fetch.txt writes it)."""
    lines = "".join(
        f"{url} {size} data/{path.replace('%', '%25').replace(chr(10), '%0A')}\n"
        for path, (url, size) in fetched.items()
    )
    tags = {"fetch.txt": lines.encode(), **parts.pop("tag_files", {})}  # type: ignore[dict-item]
    bag = BagBuilder(payload=payload, tag_files=tags, **parts).build(root)  # type: ignore[arg-type]
    for path in fetched:
        (bag / "data" / path).unlink()
        with contextlib.suppress(OSError):
            (bag / "data" / path).parent.rmdir()
    (bag / "data").mkdir(exist_ok=True)
    return bag


def command(*words: str | Path) -> list[str]:
    return [sys.executable, "-c", "from archiver.cli.app import main; main()", "bag", "fetch", *map(str, words)]


def run(*words: str | Path, **surroundings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ARCHIVER_OPERATOR": "A. Archivist", **surroundings}
    return subprocess.run(command(*words), env=environment, capture_output=True, text=True, check=False, timeout=120)


def begin(*words: str | Path) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command(*words), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # also when the tests run in the background
    )  # fmt: skip


def until(holds: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something holds; a test that waits in vain fails."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.01)


def tree(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


# ---- nginx

CONFIGURATION = """
daemon off; master_process off; pid {work}/pid; error_log {work}/error.log;
{user}
events {{ worker_connections 64; }}
http {{
  log_format asked '$request_uri $status $http_range';
  access_log {work}/access.log asked;
  client_body_temp_path {work}/t1; proxy_temp_path {work}/t2; fastcgi_temp_path {work}/t3;
  uwsgi_temp_path {work}/t4; scgi_temp_path {work}/t5;
  default_type application/octet-stream;
  server {{
    listen 127.0.0.1:{port};
    {tls}
    root {work}/www;
    location /slow/ {{ alias {work}/www/; limit_rate 400k; }}
    location /slow-dated/ {{ alias {work}/www/; limit_rate 400k; etag off; }}
    location /slow-plain/ {{ alias {work}/www/; limit_rate 400k; max_ranges 0; etag off; add_header Last-Modified ""; }}
    location /forbidden/ {{ deny all; }}
    location /moved/ {{ rewrite ^/moved/(.*)$ http://$host:{port}/$1 redirect; }}
    location /compressed/ {{ alias {work}/www/; default_type text/plain; add_header Content-Encoding gzip; }}
  }}
}}
"""
TLS = "listen 127.0.0.1:{port} ssl; ssl_certificate {work}/cert.pem; ssl_certificate_key {work}/key.pem;"


def nginx_program() -> str:
    """nginx of the system, or the one that .ci/bootstrap unpacked."""
    unpacked = Path(sys.prefix) / "nginx" / "usr" / "sbin" / "nginx"
    return str(unpacked) if unpacked.is_file() else shutil.which("nginx") or ""


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass
class Nginx:
    """A running nginx that serves the folder `www`."""

    work: Path
    port: int
    tls_port: int

    @property
    def www(self) -> Path:
        return self.work / "www"

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"

    def asked(self) -> list[str]:
        return (self.work / "access.log").read_text().splitlines()

    def certificate(self) -> Path:
        return self.work / "cert.pem"


@contextlib.contextmanager
def nginx(work: Path) -> Iterator[Nginx]:
    """Start nginx on free ports, and stop it by its own process."""
    program = nginx_program()
    if not program:
        pytest.skip("nginx is not at hand (.ci/bootstrap dev unpacks it where apt-get is at hand)")
    (work / "www").mkdir(parents=True)
    work.chmod(0o755)
    port, tls_port = free_port(), free_port()
    tls = TLS.format(port=tls_port, work=work) if _certificate(work) else ""
    user = "user root;" if os.geteuid() == 0 else ""
    text = CONFIGURATION.format(work=work, port=port, tls=tls, user=user)
    (work / "nginx.conf").write_text(text)
    process = subprocess.Popen([program, "-p", work, "-c", work / "nginx.conf", "-e", work / "error.log"])
    try:
        until(lambda: _listens(port) or process.poll() is not None)
        if process.poll() is not None:
            pytest.skip(f"nginx does not run here: {(work / 'error.log').read_text()[-300:]}")
        yield Nginx(work, port, tls_port if tls else 0)
    finally:
        process.terminate()
        process.wait()


def _certificate(work: Path) -> bool:
    if shutil.which("openssl") is None:
        return False
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-keyout", work / "key.pem", "-out", work / "cert.pem"]
    return subprocess.run([*made, *names, *files], capture_output=True, check=False).returncode == 0


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


# ---- a server that answers whatever it is told to

Answer = bytes | Callable[[socket.socket], None]


def answer(body: bytes, status: str = "200 OK", length: int | None = -1, **fields: str) -> bytes:
    """An answer by the book, but for what is asked for; `length` None leaves the length out."""
    lines = [f"HTTP/1.1 {status}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in fields.items()]
    if length is not None:
        lines.append(f"Content-Length: {len(body) if length < 0 else length}")
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass
class Scripted:
    """Gives the answers of a path in turn, the last one for ever. What was asked is kept."""

    answers: dict[str, Sequence[Answer]]
    requests: list[str] = field(default_factory=list)
    port: int = 0

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"

    def asked(self, path: str) -> list[str]:
        return [request for request in self.requests if request.split(" ")[1] == f"/{path}"]

    def take(self, caller: socket.socket) -> None:
        with caller:
            content = b""
            while b"\r\n\r\n" not in content:
                piece = caller.recv(65536)
                if not piece:
                    return
                content += piece
            request = content.decode("latin-1")
            path = request.split(" ")[1].removeprefix("/")
            given = self.answers.get(path, [answer(b"", "404 Not Found")])
            turn = min(len(self.asked(path)), len(given) - 1)
            self.requests.append(request)
            with contextlib.suppress(OSError):
                part = given[turn]
                if callable(part):
                    part(caller)
                else:
                    caller.sendall(part)


@contextlib.contextmanager
def scripted(answers: dict[str, Sequence[Answer]]) -> Iterator[Scripted]:
    """A server in a thread of its own, and one for every caller."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Scripted(answers, port=listener.getsockname()[1])
        callers: list[threading.Thread] = []

        def serve() -> None:
            while True:
                try:
                    caller, _address = listener.accept()
                except OSError:
                    return
                callers.append(threading.Thread(target=server.take, args=(caller,), daemon=True))
                callers[-1].start()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)
        thread.join(10)
        for caller in callers:
            caller.join(10)
