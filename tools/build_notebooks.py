"""Rebuild notebooks/*.ipynb from their paired scripts and execute them.

The script (lessons/NN_name.py, jupytext's percent format) is what is written and reviewed; the notebook
(notebooks/NN_name.ipynb) is what people open. ``make notebooks`` runs this for all; name scripts to build
only those.
"""

import sys
from pathlib import Path

import jupytext
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[1] / "notebooks"
SCRIPTS = Path(__file__).parents[1] / "lessons"
WIDGET = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3 (coursekit)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def build(script: Path) -> None:
    """Execute one script's notebook and write it with its outputs."""
    notebook = jupytext.read(script, fmt="py:percent")
    for number, cell in enumerate(notebook.cells):
        cell["id"] = f"cell-{number:02d}"
        cell.metadata.pop("lines_to_next_cell", None)
    notebook.metadata = METADATA
    client = NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}
    )
    client.store_widget_state = False
    client.coalesce_streams = True
    client.execute()
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            # A stored widget view names a kernel that is gone; JupyterLab would show an error in the
            # place of the still picture and the text that stand beside it.
            if len(data) > 1:
                data.pop(WIDGET, None)
    notebook.metadata = METADATA
    jupytext.write(notebook, FOLDER / f"{script.stem}.ipynb")


def main(names: list[str]) -> None:
    """Build the named scripts, or all."""
    scripts = [Path(name).resolve() for name in names] or sorted(SCRIPTS.glob("[0-9][0-9]_*.py"))
    for script in scripts:
        print(f"{script.stem} ...", flush=True)
        build(script)


if __name__ == "__main__":
    main(sys.argv[1:])
