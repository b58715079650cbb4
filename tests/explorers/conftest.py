"""Every explorer that a test makes is closed after it: widgets would keep it, with its pictures."""

import pytest

from coursekit.explorers import Explorer


@pytest.fixture(autouse=True)
def closed_afterwards(monkeypatch):
    made, init = [], Explorer.__init__

    def remember(self, **values):
        made.append(self)
        init(self, **values)

    monkeypatch.setattr(Explorer, "__init__", remember)
    yield
    for explorer in made:
        if hasattr(explorer, "widget"):
            explorer.close()
