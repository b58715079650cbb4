"""Print the oldest versions that pyproject.toml allows, as constraints for pip.

``python -m tools.oldest > oldest.txt``, then ``pip install -c oldest.txt -e ".[test,compiled]"``: the
nightly check runs the tests on these as well as on the newest. Only what the course itself needs is held
back.
"""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from packaging.requirements import Requirement

PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def oldest(lines: Iterable[str]) -> list[str]:
    """Return a pin to the lower end of each requirement's range.

    Raises
    ------
    ValueError
        If a requirement has no lower end, or several.
    """
    pins = []
    for requirement in map(Requirement, lines):
        low = [one.version for one in requirement.specifier if one.operator == ">="]
        if len(low) != 1:
            raise ValueError(f"{requirement} should name one oldest version, as in 'numpy>=2.3,<3'.")
        pins.append(f"{requirement.name}=={low[0]}")
    return pins


if __name__ == "__main__":
    print(*oldest(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["dependencies"]), sep="\n")
