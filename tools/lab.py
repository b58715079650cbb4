"""A real JupyterLab and a real Chromium, for the browser tests and the benchmarks."""

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ADVICE = (
    "No Chromium was found. The browser tests need one: on Debian or Ubuntu run "
    "'apt-get install chromium', elsewhere install Chrome, or set COURSEKIT_BROWSER to its path."
)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_browser() -> str | None:
    """Return the path of a Chromium on this machine, or None."""
    named = os.environ.get("COURSEKIT_BROWSER")
    found = [shutil.which(name) for name in ((named,) if named else BROWSERS)]
    return next(filter(None, found), None)


@contextlib.contextmanager
def running_lab(folder: Path, scratch: Path) -> Iterator[Callable[[str], str]]:
    """Serve `folder` with JupyterLab on loopback with a token; yield a function from a file to its URL."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    own = {f"JUPYTER_{k}_DIR": str(scratch / k.lower()) for k in ("CONFIG", "DATA", "RUNTIME")}
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"]
    command += [f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    command += ["--LabApp.expose_app_in_browser=True", f"--ServerApp.root_dir={folder}"]
    log = (scratch / "jupyterlab.log").open("w")
    env = {**os.environ, **own, "JUPYTER_PREFER_ENV_PATH": "1", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    env["PYTHONPATH"] = str(Path(__file__).parents[1])  # the package beside this file, in any work tree
    server = subprocess.Popen(command, stdout=log, stderr=log, env=env)
    try:
        _wait_for(f"http://127.0.0.1:{port}/api?token={token}", server, scratch / "jupyterlab.log")
        yield lambda name: f"http://127.0.0.1:{port}/lab/tree/{name}?reset&token={token}"
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        log.close()


def _wait_for(url, server, log, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if server.poll() is not None:
            break
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):
            return
        time.sleep(0.1)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-3000:]}")


@contextlib.contextmanager
def running_browser(size: tuple[int, int] = (1400, 1000)) -> Iterator[Any]:
    """Start a headless Chromium and yield a fresh page of it."""
    from playwright.sync_api import sync_playwright

    path = find_browser()
    if path is None:
        raise RuntimeError(ADVICE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET, timeout=60_000)
        try:
            yield browser.new_page(viewport={"width": size[0], "height": size[1]})
        finally:
            browser.close()


READY = """() => {
  const panel = window.jupyterapp?.shell?.currentWidget;
  const kernel = panel?.sessionContext?.session?.kernel;
  return !!kernel && kernel.connectionStatus === 'connected' && kernel.status === 'idle'
      && panel.content.model !== null && panel.content.widgets.length > 0;
}"""
ALL_RUN = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .filter(c => c.model.type === 'code' && c.model.sharedModel.getSource().trim())
  .every(c => c.model.executionCount !== null && c.model.executionState !== 'running')"""
PROBLEMS = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .filter(c => c.model.type === 'code')
  .flatMap(c => c.model.outputs.toJSON().filter(o => o.output_type === 'error'
      || o.output_type === 'stream' && o.name === 'stderr')
    .map(o => (o.ename || o.name) + ': ' + (o.evalue || o.text)))"""


def open_notebook(page, url: str, seconds: int = 120) -> None:
    """Open a notebook and wait until its kernel is there; "idle" on the screen shows earlier."""
    page.goto(url, wait_until="domcontentloaded")
    page.wait_for_function(READY, timeout=seconds * 1000)


def run_all_cells(page, seconds: int = 300) -> list[str]:
    """Run all cells; return the error outputs and standard error texts."""
    page.evaluate(
        """async () => {
          for (const c of window.jupyterapp.shell.currentWidget.content.widgets)
            if (c.model.type === 'code') c.model.clearExecution();
          await window.jupyterapp.commands.execute('notebook:run-all-cells');
        }"""
    )
    page.wait_for_function(ALL_RUN, timeout=seconds * 1000)
    return page.evaluate(PROBLEMS)
