"""Write the files of a new explorer or lesson, which pass the linter and the tests but for their TODOs.

``make explorer NAME=my_subject LESSON=05`` and ``make lesson NAME=10_overfitting`` run this. What is
written stands under tools/skeletons, at the path that it gets, with ``.txt`` behind. There ``my_subject``
stands for the name, ``MySubject`` for that of a class, and ``NN`` for the lesson. No file is overwritten,
and either all are written or none.
"""

import argparse
import keyword
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
SKELETONS = Path(__file__).with_name("skeletons")
LONGEST = 24  # letters of a name: lines that hold it stay short enough
NEXT = {
    "explorer": """Now
1. replace each TODO, the numbers first, then the picture, then the explorer;
2. .venv/bin/python -m pytest {tests}
   .venv/bin/python -m pytest tests/explorers/test_sweeps.py -k {kind}
3. .venv/bin/python -m tools.mutants --table faults {files}
4. show it in lessons/{lesson}_….py as explorers.{kind}()""",
    "lesson": """Now
1. replace each TODO in lessons/{lesson}_{name}.py and beside it; a lesson rests on five to seven claims;
2. .venv/bin/python -m tools.build_notebooks lessons/{lesson}_{name}.py
3. .venv/bin/python -m tools.claims_page --keep
4. put it on the map in lessons/00_start_here.py, and make notebooks again""",
}


def checked_name(name: str) -> str:
    """Return a name that can be a module's.

    Raises
    ------
    ValueError
        If it is none: lower case, digits and underscores, such as my_subject.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or keyword.iskeyword(name):
        raise ValueError(f"a name is made of small letters, as in my_subject; got {name!r}.")
    if len(name) > LONGEST:
        raise ValueError(f"a name has at most {LONGEST} letters; {name!r} has {len(name)}.")
    return name


def checked_lesson(number: str) -> str:
    """Return a lesson's number; ValueError if it is not two digits, such as 05."""
    if not re.fullmatch(r"[0-9]{2}", number):
        raise ValueError(f"a lesson is named by two digits, as in LESSON=05; got {number!r}.")
    return number


def filled(text: str, name: str, lesson: str) -> str:
    """Return a skeleton's text, or its path, with name and lesson put in."""
    title = "".join(part.capitalize() for part in name.split("_"))
    for placeholder, value in (
        ("my_subject", name),
        ("MySubject", title),
        ("my subject", name.replace("_", " ")),
        ("NN", lesson),
    ):
        text = text.replace(placeholder, value)
    return text


def plan(kind: str, name: str, lesson: str, root: Path = ROOT) -> dict[Path, str]:
    """Return the files to be written, and what goes into each.

    Raises
    ------
    ValueError
        If the name or the lesson is none.
    FileExistsError
        If one of the files, or another lesson of that number, is there already.
    """
    name, lesson = checked_name(name), checked_lesson(lesson)
    source = SKELETONS / kind
    files = {}
    for path in sorted(source.rglob("*.txt")):
        where = filled(path.relative_to(source).as_posix().removesuffix(".txt"), name, lesson)
        files[root / where] = filled(path.read_text(encoding="utf-8"), name, lesson)
    there = [path for path in files if path.exists()]
    if kind == "lesson":
        there += sorted(root.glob(f"lessons/{lesson}_*.py"))
    if there:
        raise FileExistsError(f"{there[0].relative_to(root)} is there already: nothing was written.")
    return files


def write(files: dict[Path, str]) -> None:
    """Write the files; sort their imports, whose order depends on the name."""
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    scripts = [str(path) for path in files if path.suffix == ".py"]
    ruff = [sys.executable, "-m", "ruff"]
    for job in (["check", "--select", "I", "--fix"], ["format"]):
        subprocess.run([*ruff, *job, "--quiet", "--no-cache", *scripts], check=True)


def main(arguments: list[str], root: Path = ROOT) -> None:
    """Write what was asked for, and say what comes next; leave with a sentence if that cannot be done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=("explorer", "lesson"))
    parser.add_argument("name", help="my_subject; of a lesson with its number, 10_overfitting")
    parser.add_argument("lesson", nargs="?", default="", help="of an explorer: where it is shown, 05")
    asked = parser.parse_args(arguments)
    name, lesson = asked.name, asked.lesson
    if asked.kind == "lesson":
        lesson, _, name = asked.name.partition("_")
    try:
        files = plan(asked.kind, name, lesson, root)
    except (ValueError, FileExistsError) as error:
        sys.exit(f"{error}")
    write(files)
    written = [path.relative_to(root).as_posix() for path in files]
    print(*written, sep="\n")
    print(
        NEXT[asked.kind].format(
            name=name,
            lesson=lesson,
            kind=filled("MySubjectExplorer", name, lesson),
            tests=" ".join(path for path in written if path.startswith("tests/")),
            files=" ".join(p.removeprefix("coursekit/") for p in written if p.startswith("coursekit/")),
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
