# SPDX-License-Identifier: MIT
"""A TensorBoard that runs on loopback for the time of a `with`, and its HTTP API."""

import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

START_SECONDS = 90
SAMPLED = ("scalars", "histograms", "images", "audio", "text", "tensor", "pr_curves", "mesh")
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`fast`: with the loader that is written in Rust, or else with the one in Python."""

    def __init__(self, logdir, fast):
        self.logdir = pathlib.Path(logdir)
        self.fast = fast

    def __enter__(self):
        self.port = free_port()
        self.log = tempfile.TemporaryFile("w+")
        command = [
            str(pathlib.Path(sys.executable).with_name("tensorboard")),
            f"--logdir={self.logdir}",
            "--host=127.0.0.1",
            f"--port={self.port}",
            f"--load_fast={'true' if self.fast else 'false'}",
            "--reload_interval=1",
            # 0, which stands for all, is none to the loader in Rust.
            "--samples_per_plugin=" + ",".join(f"{plugin}=100000" for plugin in SAMPLED),
        ]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        try:
            self.wait_for_runs()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.log.close()

    def wait_for_runs(self):
        """Until every directory with an event file is a run."""
        files = self.logdir.rglob("*tfevents*")
        wanted = {str(file.parent.relative_to(self.logdir)) for file in files}
        end = time.monotonic() + START_SECONDS
        found = set()
        while time.monotonic() < end and self.process.poll() is None:
            try:
                found = set(self.get("runs"))
                if found == wanted:
                    time.sleep(2)  # what is loaded last is there, too
                    return
            except (urllib.error.URLError, ConnectionError):
                pass
            time.sleep(0.3)
        self.log.seek(0)
        raise AssertionError(f"runs {found}, not {wanted}\n{self.log.read()}")

    def request(self, path, body=None, **query):
        url = f"http://127.0.0.1:{self.port}/data/{path}"
        if query:
            url += "?" + urllib.parse.urlencode(query)
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, {"Content-Type": "application/json"})
        with OPENER.open(request, timeout=30) as answer:
            return answer.read()

    def get(self, path, body=None, **query):
        """The JSON at /data/PATH?QUERY; posted to if there is a body."""
        return json.loads(self.request(path, body, **query))

    def plugin(self, path, body=None, **query):
        return self.get(f"plugin/{path}", body, **query)
