"""The mistakes of scripts/mutants.toml still fit the package that they break."""

from scripts import mutants

ALL = mutants.read_mutants()


def test_every_mistake_stands_in_the_code_exactly_once_and_leaves_python():
    for mutant in ALL:
        source = (mutants.ROOT / "coursekit" / mutant.file).read_text()
        assert mutant.apply(source) != source
        for test in mutant.tests:
            assert (mutants.ROOT / "tests" / test).exists(), test


def test_no_mistake_is_made_twice():
    assert len({(mutant.file, mutant.old, mutant.new) for mutant in ALL}) == len(ALL)


def test_layers_losses_and_optimizers_are_all_broken():
    files = {f"nn/{path.name}" for path in (mutants.ROOT / "coursekit" / "nn").glob("*.py")}
    unbroken = files - {mutant.file for mutant in ALL}
    assert unbroken == {"nn/__init__.py", "nn/named_arrays.py"}, "add mistakes to scripts/mutants.toml"
