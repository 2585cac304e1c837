"""A page in headless Chromium, driven through its debugging pipe: no network, no other package, no port.

`Browser` collects every console message, exception and log entry, so that a test can ask for none.
"""

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROGRAM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
         "--no-first-run", "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe")
needs_chromium = pytest.mark.skipif(PROGRAM is None, reason="it needs chromium: see .ci/run")
MESSAGES = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")
CODES = {"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "Tab": 9, "Enter": 13, " ": 32}


class Browser:
    """One Chromium with one page, which is offline.

    Args:
        folder: for its profile.
        size: of the window, (width, height).
        dark: whether the reader has dark colours.
        still: whether the reader wants no motion.
    """

    def __init__(self, folder, size=(1280, 900), dark=False, still=False):
        self.messages, self._count, self._rest = [], 0, b""
        theirs, self._out = os.pipe()
        self._in, back = os.pipe()
        wired = f'exec "$@" 3<&{theirs} 4>&{back}'            # the two ends that Chromium asks for
        command = ["bash", "-c", wired, "bash", PROGRAM, *FLAGS, f"--user-data-dir={folder}"]
        self._process = subprocess.Popen(command, pass_fds=(theirs, back), stderr=subprocess.DEVNULL)
        os.close(theirs)
        os.close(back)
        self._session = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=-1,
                  uploadThroughput=-1)
        self.resize(*size)
        self.prefer(dark, still)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._process.terminate()
        self._process.wait(20)
        os.close(self._in)
        os.close(self._out)

    def call(self, method, **arguments):
        """Send one command and return its result."""
        self._count += 1
        sent = {"id": self._count, "method": method, "params": arguments}
        if self._session:
            sent["sessionId"] = self._session
        os.write(self._out, json.dumps(sent).encode() + b"\0")
        return self._until(lambda got: got.get("id") == sent["id"])["result"]

    def _until(self, wanted):
        while True:
            got = self._next()
            if "error" in got:
                raise RuntimeError(got["error"]["message"])
            if got.get("method") in MESSAGES:
                self.messages.append(got["params"])
            if wanted(got):
                return got

    def _next(self):
        while b"\0" not in self._rest:
            read = os.read(self._in, 1 << 20)
            if not read:
                raise RuntimeError("Chromium ended")
            self._rest += read
        line, _, self._rest = self._rest.partition(b"\0")
        return json.loads(line)

    def resize(self, width, height, phone=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)

    def prefer(self, dark, still=False):
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"}])

    def open(self, path, fragment=""):
        """Open a file and wait until it has loaded; another fragment alone is followed without loading."""
        same = self.run("location.href").partition("#")[0] == Path(path).as_uri()
        self.call("Page.navigate", url=Path(path).as_uri() + (f"#{fragment}" if fragment else ""))
        if not same:
            self._until(lambda got: got.get("method") == "Page.loadEventFired")

    def run(self, code):
        """Return the value of an expression in the page; promises are waited for."""
        found = self.call("Runtime.evaluate", expression=code, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise RuntimeError(found["exceptionDetails"]["exception"].get("description", "an exception"))
        return found["result"].get("value")

    def press(self, key, times=1):
        """Press a key of the keyboard."""
        for _ in range(times):
            for kind in ("rawKeyDown", "keyUp"):
                self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=CODES[key])

    def photograph(self, path, whole=False):
        """Write a PNG of the window, or of the whole page."""
        taken = self.call("Page.captureScreenshot", captureBeyondViewport=whole)
        Path(path).write_bytes(base64.b64decode(taken["data"]))
