# SPDX-License-Identifier: MIT
"""Chromium without a window, driven through a pipe (the DevTools protocol), for the time of a `with`."""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
ANSWER_SECONDS = 60
OPTIONS = (
    "--headless=new",
    "--no-sandbox",  # it is run as root in containers, and sees nothing but loopback
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--no-proxy-server",
    "--use-angle=swiftshader",  # WebGL without a graphics card
    "--enable-unsafe-swiftshader",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)

# What is seen on the page: also what is inside of frames, and of elements with shadow roots.
VISIBLE_TEXT = """(() => {
  const found = [];
  const visit = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = node.data.trim();
      if (text) found.push(text);
    } else if (node.nodeType === Node.ELEMENT_NODE) {
      if (['SCRIPT', 'NOSCRIPT', 'STYLE', 'TEMPLATE'].includes(node.tagName)) return;
      const style = getComputedStyle(node);
      if (style.display === 'none' || style.visibility === 'hidden') return;
      if (node.tagName === 'SLOT') node.assignedNodes().forEach(visit);
      if (node.tagName === 'IFRAME') node.contentDocument?.body && visit(node.contentDocument.body);
      (node.shadowRoot ?? node).childNodes.forEach(visit);
    }
  };
  if (document.body) visit(document.body);
  return found.join('\\n');
})()"""


class Browser:
    def __init__(self, width=1400, height=1000):
        self.width, self.height = width, height

    def __enter__(self):
        program = next(filter(None, map(shutil.which, PROGRAMS)), None)
        assert program, "no Chromium: sh tools/setup.sh interop"
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.log = open(os.path.join(self.profile.name, "log"), "w+")
        to_read, self.to = os.pipe()
        self.answers, to_write = os.pipe()
        command = [
            "sh", "-c", f'exec 3<&{to_read} 4>&{to_write}; exec "$@"', "sh",
            program, *OPTIONS,
            f"--user-data-dir={self.profile.name}",
            f"--window-size={self.width},{self.height}",
            "about:blank",
        ]
        self.process = subprocess.Popen(
            command, pass_fds=(to_read, to_write), stdout=self.log, stderr=self.log
        )
        os.close(to_read)
        os.close(to_write)
        self.received, self.last_id, self.session = b"", 0, None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        self.session = attached["sessionId"]
        self.call("Emulation.setDeviceMetricsOverride", width=self.width, height=self.height,
                  deviceScaleFactor=1, mobile=False)
        return self

    def __exit__(self, *_):
        os.close(self.to)  # it ends
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.answers)
        self.log.close()
        self.profile.cleanup()

    def call(self, method, **parameters):
        """Calls a method of the protocol, and waits for its result."""
        self.last_id += 1
        message = {"id": self.last_id, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < end:
            answer = self.next_message(end)
            if answer.get("id") == self.last_id:
                assert "error" not in answer, f"{method}: {answer}"
                return answer["result"]
        raise AssertionError(f"{method}: no answer")

    def next_message(self, end):
        while b"\0" not in self.received:
            ready, _, _ = select.select([self.answers], [], [], max(0, end - time.monotonic()))
            part = os.read(self.answers, 1 << 20) if ready else b""
            if not part:
                self.log.seek(0)
                raise AssertionError("Chromium has ended, or hangs\n" + self.log.read()[-2000:])
            self.received += part
        message, _, self.received = self.received.partition(b"\0")
        return json.loads(message)

    def open(self, url):
        self.call("Page.navigate", url=url)

    def evaluate(self, script):
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True,
                           awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def text(self):
        return self.evaluate(VISIBLE_TEXT)

    def screenshot(self):
        """The bytes of a PNG file of what is seen."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])
