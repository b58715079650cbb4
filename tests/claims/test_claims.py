"""Every claim of the course, measured again from seeds that no lesson uses."""

import dataclasses
import math
import re

import pytest

from coursekit import claims
from coursekit.claims import Claim, ClaimsTable
from coursekit.claims.claim import claim, geometric_mean_of, mean_of, number
from coursekit.claims.table import spread

BY_NAME = {claim.name: claim for claim in claims.ALL}


def test_names_are_unique_and_fields_are_filled():
    assert len(BY_NAME) == len(claims.ALL) >= 20
    assert len({claim.statement for claim in claims.ALL}) == len(claims.ALL)
    for one in claims.ALL:
        assert re.fullmatch(r"[a-z0-9_]+", one.name)
        assert re.fullmatch(r"\d\d", one.lesson)
        assert one.statement.endswith(".")
        assert one.quantity
        assert one.source
        assert one.setting
        assert one.low <= one.high
        assert (one.low, one.high) != (
            -math.inf,
            math.inf,
        )  # a band that anything fits decides nothing


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"verdict": "perhaps"},
            "example: the verdict must be 'holds', 'holds only if …', 'folklore', .*'perhaps'",
        ),
        ({"verdict": "holds only "}, "the verdict must be"),
        ({"verdict": ""}, "the verdict must be"),
        ({"low": 3.0}, r"no number lies in a band from 3\.0 to 2\.0"),
        ({"high": math.nan}, "no number lies in a band"),
        ({"seeds": 4}, "needs at least 5 seeds, got 4"),
        ({"seeds": "5"}, "seeds"),
    ],
)
def test_a_claim_that_decides_nothing_is_refused(change, message):
    with pytest.raises((ValueError, TypeError), match=message):
        claim_with(None, **change)


@pytest.mark.parametrize(
    "verdict", ["holds", "holds only if a > 1", "folklore", "not seen here", "contested"]
)
def test_the_five_verdicts(verdict):
    assert claim_with(None, verdict=verdict).verdict == verdict


def claim_with(measure, low=1.0, high=2.0, **changes):
    given = {
        "name": "example",
        "lesson": "05",
        "statement": "A | B.",
        "verdict": "holds",
        "quantity": "|x|",
        "measure": measure,
        "low": low,
        "high": high,
        "source": "here",
    }
    return Claim(**{**given, **changes})


@pytest.mark.parametrize(
    ("values", "supported"),
    [
        ((1.0, 2.0), True),
        ((1.5,), True),
        ((0.999, 1.5), False),
        ((1.5, 2.001), False),
        ((1.5, math.nan), False),
        ((math.nan,), False),
        ((math.inf,), False),
    ],
)
def test_one_value_outside_the_band_takes_the_verdict_away(values, supported):
    claim = claim_with(None)
    table = ClaimsTable((claim,), (values,))
    verdict = "holds" if supported else "not confirmed here"
    assert table.rows()[0][1] == verdict
    assert f"**{verdict}**" in table._repr_markdown_()
    assert f"    {verdict}: " in repr(table)


def test_the_table_measures_now_what_carries_the_lesson(monkeypatch, capsys):
    calls = []

    def measure(seed):
        calls.append(seed)
        return 1 + seed / 10

    good, bad = (
        claim_with(measure, carries=True),
        claim_with(lambda seed: -seed, name="other", carries=True),
    )
    foreign = claim_with(measure, lesson="07", name="later", carries=True, seeds=6)
    minor = claim_with(lambda seed: math.nan, name="minor")
    monkeypatch.setattr(claims, "ALL", (good, minor, bad, foreign))
    table = claims.table("05", seeds=(3, 4))
    assert calls == [3, 4]
    assert table.claims == (good, bad)
    assert table.values == ((1.3, 1.4), (-3.0, -4.0))
    assert [row[1] for row in table.rows()] == ["holds", "not confirmed here"]
    assert [row[3] for row in table.rows()] == ["⟨1.3 … 1.4⟩", "⟨−4 … −3⟩"]
    assert [row[4] for row in table.rows()] == ["1 … 2"] * 2
    said = capsys.readouterr().out
    assert said == "".join(f"\r{done} of 2 statements measured" for done in (0, 1, 2)) + "\n"
    calls.clear()
    claims.table("07", progress=None)
    assert calls == [0, 1, 2, 3, 4, 5]
    assert capsys.readouterr().out == ""
    assert claims.table("05", every=True).claims == (good, minor, bad)


def test_measuring_goes_claim_by_claim():
    order = []
    two = [claim_with(lambda seed, k=k: order.append(k) or float(k), name=str(k)) for k in (1, 2)]
    tables = claims.measure(two, (7,))
    assert next(tables).claims == ()
    assert order == []
    assert next(tables).values == ((1.0,),)
    assert order == [1]
    assert next(tables).values == ((1.0,), (2.0,))
    assert list(tables) == []


def test_markdown_escapes_pipes_and_keeps_six_columns():
    text = ClaimsTable((claim_with(None),), ((1.0,),))._repr_markdown_()
    lines = text.splitlines()
    assert "A \\| B." in lines[2]
    assert "\\|x\\|" in lines[2]
    for line in lines:
        assert len(re.findall(r"(?<!\\)\|", line)) == 7


def test_the_real_table_has_six_columns_in_every_row():
    table = ClaimsTable(claims.ALL, tuple((claim.low,) for claim in claims.ALL))
    lines = table._repr_markdown_().splitlines()
    assert len(lines) == 2 + len(claims.ALL)
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {7}


def test_an_unknown_lesson_is_refused():
    for bad in ("99", 5, None, ""):
        with pytest.raises(ValueError, match=r"lesson must be one of .*'05'"):
            claims.table(bad)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (1, 4, "1 … 4"),
        (0, 4, "≤ 4"),
        (8, math.inf, "≥ 8"),
        (1000, math.inf, "≥ 1,000"),
        (0, 0, "exactly 0"),
        (-1.1, -0.9, "−1.1 … −0.9"),
    ],
)
def test_bands_in_words(low, high, words):
    assert claim_with(None, low, high).band == words


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (0.0123, "0.012"),
        (-1.04, "−1"),
        (2.34, "2.3"),
        (99.4, "99"),
        (99.6, "100"),
        (104, "100"),
        (999.6, "1,000"),
        (65_700, "66,000"),
        (-1234, "−1,200"),
        (1e9, "10⁹"),
        (1.4e-6, "1.4e−06"),
        (math.nan, "nan"),
        (math.inf, "inf"),
    ],
)
def test_numbers_have_two_digits(value, text):
    assert number(value) == text


def test_a_spread_is_one_number_where_both_round_alike():
    assert spread((2.71, 2.74)) == "2.7"
    assert spread((3.0, 1.0, 2.0)) == "1 … 3"
    assert spread((1.5, math.nan)) == spread((math.nan, 1.5)) == "nan"


def test_a_claim_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        claims.ALL[0].high = math.inf


def test_a_mean_over_trainings_takes_seeds_that_no_other_takes():
    seen = []
    measured = mean_of(3)(lambda seed: seen.append(seed) or float(seed))
    assert [measured(seed) for seed in (0, 1)] == [1.0, 4.0]  # of 0, 1, 2 and of 3, 4, 5
    assert seen == [0, 1, 2, 3, 4, 5]
    assert geometric_mean_of(2)(lambda seed: 10.0 ** (seed + 1))(0) == pytest.approx(10**1.5)


def test_a_function_becomes_the_claim_that_bears_its_name():
    def half(seed):
        return seed / 2

    half.__module__ = "coursekit.claims.lesson_42.halves"
    words = {
        "says": "It halves.",
        "verdict": "holds",
        "measured": "a half",
        "setting": "2",
        "source": "here",
    }
    made = claim(**words, band=(1, 2))(half)
    assert made == Claim("half", "42", "It halves.", "holds", "a half", half, 1, 2, "here", "2", 5, False)
    made = claim(**words, band=(1, 2), seeds=7, carries=True)(half)
    assert (made.seeds, made.carries) == (7, True)
    assert all(one.lesson == one.measure.__module__.split("lesson_")[1][:2] for one in claims.ALL)


def test_a_mean_keeps_the_name_of_what_it_averages():
    def one_training(seed):
        return 1.0

    for decorate in (mean_of(2), geometric_mean_of(2)):
        assert decorate(one_training).__name__ == "one_training"
