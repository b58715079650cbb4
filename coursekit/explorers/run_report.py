"""The two files of a report: the Markdown, and the picture that it shows."""

from pathlib import Path

from coursekit.experiments.run_report import RunReport


def save_report(report: RunReport, folder: str | Path = "my_runs") -> Path:
    """Write NAME.md and NAME.png into a folder, which is made if need be; return the former's path.

    Raises
    ------
    ValueError
        If `folder` is no folder; nothing is written then.
    """
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"{folder} is a file: name a folder for the report.")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{report.name}.png").write_bytes(report.png)
    path = folder / f"{report.name}.md"
    path.write_text(report.text, encoding="utf-8")
    return path
