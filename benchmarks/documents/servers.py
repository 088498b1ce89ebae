"""Servers that only this measurement needs; the endpoints are those of ``benchmarks.http.engines``."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Final

from benchmarks.http.data import BASE, Data
from benchmarks.http.engines import PEERS, Engine, Ours, said

_INSTALL: Final = "scripts/install-benchmark-peers installs it"
#: Web processes of ours, and processes of nginx.
PROCESSES: Final = 2


class Cached(Ours):
    """This project with two web processes, else as shipped, but for the SPARQL workers: nobody queries here, so they stay on disk."""

    loading = f"a release; {PROCESSES} web processes, each keeps answers in 64 MB of memory, as shipped; `PTCE_MEMORY_STORE_QUADS=0`"

    def command(self) -> tuple[list[str], dict[str, str]]:
        command, environment = super().command()
        return command, {**environment, "PTCE_WEB_WORKERS": str(PROCESSES), "PTCE_MEMORY_STORE_QUADS": "0"}


class Uncached(Cached):
    """The same with nothing kept: each document is read and written anew."""

    name = "ptce-lod, nothing kept"
    loading = f"the same release; {PROCESSES} web processes, `PTCE_CACHE_BYTES=0`: every answer is made anew"

    def command(self) -> tuple[list[str], dict[str, str]]:
        command, environment = super().command()
        return command, {**environment, "PTCE_CACHE_BYTES": "0"}


_NGINX_CONF: Final = """\
{user}worker_processes {processes};
daemon off;
pid {folder}/pid;
error_log {folder}/errors;
events {{ worker_connections 256; }}
http {{
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 100000000;
  open_file_cache max=20000 inactive=600s;
  default_type application/octet-stream;
  types {{ text/turtle ttl; }}
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {files}; }}
}}
"""


class Nginx(Engine):
    """nginx with our Turtle as files: the ceiling. Put them into ``files`` before it is asked."""

    name = "nginx"
    loading = f"our Turtle of these things as files; {PROCESSES} processes"

    def __init__(self, data: Data, folder: Path) -> None:
        super().__init__(data, folder)
        self.files = self.folder / "files"
        self.files.mkdir()

    @classmethod
    def missing(cls) -> str:
        return "" if _nginx() else f"`nginx` is not installed; {_INSTALL}"

    @property
    def version(self) -> str:
        found = re.search(r"nginx/([\d.]+)", said(_nginx(), "-v"))
        return found[1] if found else "?"

    def prepare(self) -> None:
        # Its processes would else be nobody's, who may not read this folder.
        user = "user root;\n" if os.geteuid() == 0 else ""
        text = _NGINX_CONF.format(
            user=user, processes=PROCESSES, folder=self.folder, files=self.files, port=self.port
        )
        (self.folder / "nginx.conf").write_text(text)

    def command(self) -> tuple[list[str], dict[str, str]]:
        log = str(self.folder / "errors")
        return [_nginx(), "-e", log, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")], {}


def _nginx() -> str:
    # Debian keeps it where only root looks.
    folders = f"/usr/sbin:/usr/local/sbin:{(PEERS / 'nginx/usr/sbin').absolute()}"
    return shutil.which("nginx") or shutil.which("nginx", path=folders) or ""


_TRIFID_CONF: Final = """\
server:
  logLevel: error
  listener:
    host: 127.0.0.1
    port: {port}
globals:
  datasetBaseUrl: {base}
  endpoints:
    default:
      url: {endpoint}
plugins:
  entity-renderer:
    module: "@zazuko/trifid-entity-renderer"
"""


class Trifid(Engine):
    """Trifid's entity renderer over the SPARQL endpoint ``upstream``, which it asks twice for each document."""

    name = "trifid"
    loading = "none: it asks the oxigraph of this run; one process"
    _ROOT = PEERS / "trifid/node_modules"

    def __init__(self, data: Data, folder: Path) -> None:
        super().__init__(data, folder)
        self.upstream = ""

    @classmethod
    def missing(cls) -> str:
        if not shutil.which("node"):
            return "`node` is not installed"
        return "" if (cls._ROOT / "trifid/server.js").is_file() else f"`trifid` is not installed; {_INSTALL}"

    @property
    def version(self) -> str:
        package = json.loads((self._ROOT / "trifid/package.json").read_text())
        return f"{package['version']} (node {said('node', '--version').strip().removeprefix('v')})"

    def prepare(self) -> None:
        text = _TRIFID_CONF.format(port=self.port, base=BASE, endpoint=self.upstream)
        (self.folder / "config.yaml").write_text(text)

    def command(self) -> tuple[list[str], dict[str, str]]:
        program = (self._ROOT / "trifid/server.js").absolute()
        # No telemetry: it would send it to another program, and spend time on that.
        return ["node", str(program), "-c", str(self.folder / "config.yaml")], {"OTEL_SDK_DISABLED": "true"}
