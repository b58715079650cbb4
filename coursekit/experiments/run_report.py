"""The report of a training: what was done, what came out, and the picture, to be kept or handed in."""

import re
from dataclasses import dataclass

from coursekit.experiments.board import Board, diagnose_board


@dataclass(frozen=True)
class RunReport:
    """A report of one run; `coursekit.explorers.run_report` writes its files.

    Attributes
    ----------
    name : str
        Of its files, without an ending.
    text : str
        In Markdown.
    png : bytes
        The picture.
    """

    name: str
    text: str
    png: bytes

    def _repr_markdown_(self) -> str:
        return self.text.replace(f"![the run]({self.name}.png)\n", "")

    def __repr__(self) -> str:
        return self.text


def report_of(board: Board, png: bytes) -> RunReport:
    """Return the report of the run at hand, and of the recipes that were kept beside it.

    Raises
    ------
    ValueError
        If the run has not come to its end.
    """
    run = board.run
    if run.done < 1:
        raise ValueError("a report tells of a finished run: let it come to its end first.")
    recipe = re.sub(r"\W+", "-", run.recipe.words.lower()).strip("-")
    name = f"{recipe}-{run.images}x{run.epochs}-seed{run.seed}"
    lines = [
        f"# {run.recipe.words}",
        "",
        f"A LeNet on Fashion-MNIST: {run.images:,} images, {run.epochs} epochs, seed {run.seed}.",
        "",
        diagnose_board(board),
        "",
        "| epoch | right on images learned from | right on validation images |",
        "|--:|--:|--:|",
        *(
            f"| {epoch} | {100 * seen:.1f} % | {100 * unseen:.1f} % |"
            for epoch, (seen, unseen) in enumerate(zip(run.train, run.validation, strict=True))
        ),
        "",
    ]
    if board.rows:
        lines += ["| kept beside it | seeds | right on validation images |", "|:--|--:|:--|"]
        lines += [
            f"| {words} | {len(values)} | {', '.join(f'{100 * v:.1f} %' for v in sorted(values))} |"
            for words, values in board.rows
        ]
        lines.append("")
    return RunReport(name, "\n".join([*lines, f"![the run]({name}.png)", ""]), png)
