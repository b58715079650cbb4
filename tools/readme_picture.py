"""Take the README's pictures: two explorers in JupyterLab.

Run with ``python -m tools.readme_picture``; needs Chromium.
"""

import tempfile
from pathlib import Path

from benchmarks.slider_latency import write
from tools.lab import open_notebook, run_all_cells, running_browser, running_lab

DOCS = Path(__file__).parents[1] / "docs"
PICTURES = {
    "initialization_explorer": "InitializationExplorer(sigma=0.02)",
    "error_surface_explorer": "ErrorSurfaceExplorer(view='landscape')",
}


def main() -> None:
    """Open each explorer and save what it looks like."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, scratch = Path(temporary, "notebooks"), Path(temporary, "scratch")
        folder.mkdir()
        scratch.mkdir()
        for name, explorer in PICTURES.items():
            write(folder, f"{name}.ipynb", f"from coursekit import explorers\nexplorers.{explorer}")
        with running_lab(folder, scratch) as url, running_browser() as page:
            for name in PICTURES:
                open_notebook(page, url(f"{name}.ipynb"))
                run_all_cells(page)
                page.wait_for_timeout(4000)
                box = page.locator(".jp-OutputArea-output > .widget-vbox").first
                box.screenshot(path=DOCS / f"{name}.png")


if __name__ == "__main__":
    main()
