"""Take the README's picture: the initialization explorer in JupyterLab.

Run with ``python -m scripts.readme_picture``; needs Chromium.
"""

import tempfile
from pathlib import Path

from benchmarks.slider_latency import write
from tests.lab import open_notebook, run_all_cells, running_browser, running_lab

OUT = Path(__file__).parents[1] / "docs" / "initialization_explorer.png"


def main() -> None:
    """Open the explorer at its start and save what it looks like."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, scratch = Path(temporary, "notebooks"), Path(temporary, "scratch")
        folder.mkdir()
        scratch.mkdir()
        write(
            folder,
            "picture.ipynb",
            "from coursekit import explorers\nexplorers.InitializationExplorer(sigma=0.02)",
        )
        with running_lab(folder, scratch) as url, running_browser() as page:
            open_notebook(page, url("picture.ipynb"))
            run_all_cells(page)
            page.wait_for_timeout(3000)
            page.locator(".jp-OutputArea-output > .widget-vbox").first.screenshot(path=OUT)


if __name__ == "__main__":
    main()
