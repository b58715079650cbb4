"""Every explorer that a test makes is closed after it: widgets would keep it, with its pictures."""

import weakref

import pytest

from coursekit.explorers import Explorer


@pytest.fixture(autouse=True)
def closed_afterwards(monkeypatch):
    # Weak: a walk makes 200 explorers and closes them, and their pictures must go before it ends.
    made, init = weakref.WeakSet(), Explorer.__init__

    def remember(self, **values):
        made.add(self)
        init(self, **values)

    monkeypatch.setattr(Explorer, "__init__", remember)
    yield
    for explorer in list(made):
        if hasattr(explorer, "widget"):
            explorer.close()
