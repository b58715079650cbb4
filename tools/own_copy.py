"""A learner's own copy of the lessons: answers to predictions are not in sight, and work is never lost.

The committed notebooks hold their outputs, for the tests and for pages without a kernel. ``make lab`` opens
this copy instead: made once, in a folder that git ignores, with the outputs cleared. A lesson that is there
already is never touched, so an update of the course adds new lessons and leaves the learner's work alone.

Run with ``python -m tools.own_copy``. Name a lesson (``05``) to get a fresh copy of it beside the old one.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LESSONS = ROOT / "notebooks"
OWN = ROOT / "my_course"


def cleared(notebook: dict) -> dict:
    """Return the notebook without outputs and execution counts, as if nobody had run it."""
    cells = [
        cell | {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell
        for cell in notebook["cells"]
    ]
    return notebook | {"cells": cells}


def copy(lesson: Path, to: Path) -> None:
    """Write a cleared copy of a lesson; FileExistsError if something is there."""
    notebook = json.loads(lesson.read_text(encoding="utf-8"))
    with to.open("x", encoding="utf-8") as file:
        json.dump(cleared(notebook), file, ensure_ascii=False, indent=1)
        file.write("\n")


def copy_missing(lessons: Path = LESSONS, own: Path = OWN) -> list[Path]:
    """Copy every lesson that the learner does not have yet; return the copies."""
    own.mkdir(exist_ok=True)
    missing = [lesson for lesson in sorted(lessons.glob("*.ipynb")) if not (own / lesson.name).exists()]
    for lesson in missing:
        copy(lesson, own / lesson.name)
    return [own / lesson.name for lesson in missing]


def copy_fresh(number: str, lessons: Path = LESSONS, own: Path = OWN) -> Path:
    """Put a fresh copy of one lesson beside what the learner has, under a name that is free; return it.

    Raises
    ------
    ValueError
        If there is no lesson of that number.
    """
    found = sorted(lessons.glob(f"{number}_*.ipynb"))
    if len(number) != 2 or not found:
        known = ", ".join(path.name[:2] for path in sorted(lessons.glob("*.ipynb")))
        raise ValueError(f"there is no lesson {number!r}; there are {known}.")
    own.mkdir(exist_ok=True)
    names = [f"{found[0].stem}.ipynb"] + [f"{found[0].stem}_fresh_{k}.ipynb" for k in range(1, 1000)]
    to = next(own / name for name in names if not (own / name).exists())
    copy(found[0], to)
    return to


def main(arguments: list[str]) -> int:
    """Copy what is missing, or fresh copies of the lessons that are named."""
    try:
        made = [copy_fresh(number) for number in arguments] if arguments else copy_missing()
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    for path in made:
        print(f"{path.relative_to(ROOT)} is yours")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
