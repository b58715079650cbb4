"""What a room holds is found, not listed: adding an explorer, a claim or an exercise is adding its file."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def modules(package: str) -> list[ModuleType]:
    """Import and return all modules below a package, in the order of their names.

    Parameters
    ----------
    package : str
        Its full name, such as "coursekit.claims".
    """
    path = importlib.import_module(package).__path__
    return [importlib.import_module(found.name) for found in pkgutil.walk_packages(path, f"{package}.")]


def made_in(package: str, kind: type[T]) -> Iterator[tuple[str, T]]:
    """Yield name and value of every public object of a kind that a module below `package` holds.

    An object that several modules hold, since one imports it from another, comes once.
    """
    seen: set[int] = set()
    for module in modules(package):
        for name, value in vars(module).items():
            if isinstance(value, kind) and not name.startswith("_") and id(value) not in seen:
                seen.add(id(value))
                yield name, value
