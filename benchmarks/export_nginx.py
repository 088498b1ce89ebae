"""``python -m benchmarks.export_nginx EXPORT [PATH]``: requests a second of nginx over an exported site, and of a plain one."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.request import urlopen

_PATH: Final = f"{os.environ.get('PATH', '')}:/usr/sbin"
_BROWSER: Final = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)
_PORTS: Final = (8191, 8192, 8193)
#: What every nginx sends by itself.
_OWN: Final = frozenset(
    {
        "server",
        "date",
        "content-type",
        "content-length",
        "last-modified",
        "connection",
        "etag",
        "accept-ranges",
    }
)
#: Runs of a row, both servers in turn; the best of each counts.
_RUNS: Final = 5
_SECONDS: Final = 3
_PLAIN: Final = """server {{ listen 127.0.0.1:{port}; root {root};
  types {{ text/html html; text/turtle ttl; application/n-triples nt; }}
{headers} }}"""


def main(export: Path, path: str) -> None:
    """Serve ``export`` as its configuration says, and as plain files, and print both beside each other."""
    rows = (
        ("Turtle, negotiated", path, "text/turtle", f"{path}.ttl"),
        ("page, negotiated by a browser", path, _BROWSER, f"{path}.fr.html"),
        ("N-Triples, negotiated by a list", path, "application/n-triples, text/turtle;q=0.9", f"{path}.nt"),
        ("Turtle at its own address", f"{path}.ttl", "*/*", f"{path}.ttl"),
    )
    print(f"{path}, {os.cpu_count()} cores, best of {_RUNS} runs of {_SECONDS} s, 16 connections, pcre_jit\n")
    print("| answer | requests/s | the file from a plain nginx | ratio | with the same headers | ratio |")
    print("|---|--:|--:|--:|--:|--:|", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with _nginx(export, folder, {}):
            headers = _headers(path)
        with _nginx(export, folder, headers):
            for name, asked, accept, file in rows:
                best = [0.0] * len(_PORTS)
                for _ in range(_RUNS):
                    for at, port in enumerate(_PORTS):
                        best[at] = max(best[at], _rate(port, file if at else asked, accept))
                ours, plain, same = best
                print(
                    f"| {name} | {ours:,.0f} | {plain:,.0f} | {ours / plain:.2f} | {same:,.0f} | {ours / same:.2f} |",
                    flush=True,
                )


def _headers(path: str) -> dict[str, str]:
    """Return the headers of the export's answer that a plain nginx does not send."""
    with urlopen(f"http://127.0.0.1:{_PORTS[0]}{path}", timeout=5) as answer:
        return {name: value for name, value in answer.headers.items() if name.lower() not in _OWN}


def _rate(port: int, path: str, accept: str) -> float:
    """Return the requests a second that ``wrk`` gets answered with 200."""
    command = [
        "wrk",
        "-t1",
        "-c16",
        f"-d{_SECONDS}s",
        "-H",
        f"Accept: {accept}",
        f"http://127.0.0.1:{port}{path}",
    ]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = re.search(r"Requests/sec:\s*([\d.]+)", told)
    if found is None or "Non-2xx" in told:
        raise SystemExit(f"{path} is not answered with 200:\n{told}")
    return float(found[1])


@contextmanager
def _nginx(export: Path, folder: Path, headers: dict[str, str]) -> Iterator[None]:
    """Run nginx with a server for each port: of the export, of its files, and of its files with ``headers``."""
    program = shutil.which("nginx", path=_PATH)
    if program is None or shutil.which("wrk") is None:
        raise SystemExit("nginx and wrk are needed: apt-get install nginx-light wrk")
    text = (export / "nginx.conf").read_text(encoding="utf-8")
    text = text.replace("listen 127.0.0.1:80;", f"listen 127.0.0.1:{_PORTS[0]};").replace(
        "root site;", f"root {export}/site;"
    )
    paths = "\n".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    added = "\n".join(
        f"add_header {name} '{value.replace(chr(39), chr(34))}';" for name, value in headers.items()
    )
    plain = "\n".join(
        _PLAIN.format(port=port, root=export / "site", headers=lines)
        for port, lines in zip(_PORTS[1:], ("", added), strict=True)
    )
    main_file = folder / "main.conf"
    main_file.write_text(
        f"{'user root; ' if os.geteuid() == 0 else ''}worker_processes {os.cpu_count()}; pcre_jit on; daemon off; pid {folder}/pid;\n"
        f"events {{}}\nhttp {{ access_log off;\n{paths}\n{text}\n{plain}\n}}\n",
        encoding="utf-8",
    )
    nginx = subprocess.Popen([program, "-c", str(main_file), "-e", f"{folder}/error.log"])
    try:
        _wait(nginx)
        yield
    finally:
        nginx.terminate()
        nginx.wait()


def _wait(nginx: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 15
    while True:
        try:
            urlopen(f"http://127.0.0.1:{_PORTS[0]}/robots.txt", timeout=5).close()
        except OSError as error:
            if nginx.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"nginx does not answer: {error}") from error
            time.sleep(0.1)
        else:
            return


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    main(Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else "/doc/pole/tetris")
