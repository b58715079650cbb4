"""The mistakes of tools/mutants.toml and tools/faults.toml still fit the package that they break."""

import re

import pytest

from tools import mutants

each_table = pytest.mark.parametrize("table", mutants.TABLES)


def stands(test):
    """Whether a test file is there and, where one test of it is named, that test too."""
    file, _, name = test.partition("::")
    path = mutants.ROOT / "tests" / file
    function = re.sub(r"\[.*", "", name)
    return path.exists() and (not name or f"def {function}(" in path.read_text())


@each_table
def test_every_mistake_stands_in_the_code_exactly_once_and_leaves_python(table):
    for mutant in mutants.read_mutants(table):
        source = (mutants.ROOT / "coursekit" / mutant.file).read_text()
        assert mutant.apply(source) != source
        assert mutant.tests
        for test in mutant.tests:
            assert stands(test), test


@each_table
def test_no_mistake_is_made_twice(table):
    every = mutants.read_mutants(table)
    assert len({(mutant.file, mutant.old, mutant.new) for mutant in every}) == len(every)


def broken(table):
    return {mutant.file for mutant in mutants.read_mutants(table)}


def test_layers_losses_and_optimizers_are_all_broken():
    files = {f"nn/{path.name}" for path in (mutants.ROOT / "coursekit" / "nn").glob("*.py")}
    assert files - broken("mutants") == {"nn/__init__.py", "nn/named_arrays.py"}, (
        "add mistakes to mutants.toml"
    )


def test_faults_are_planted_in_every_room():
    assert {file.split("/")[0] for file in broken("faults")} == {
        *(
            "plots",
            "explorers",
            "experiments",
            "diagnostics",
            "compiled",
            "datasets",
            "nets",
            "words.py",
            "claims",
        )
    }
    assert len(mutants.read_mutants("faults")) >= 40
