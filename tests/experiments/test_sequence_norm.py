"""Images as sequences, who is left at each step, and readers with and without norms."""

import dataclasses

import numpy as np
import pytest

from coursekit.datasets import fashion_split
from coursekit.experiments.sequence_norm import (
    LONG,
    LONGEST,
    SHORT,
    Reader,
    diagnose_sequences,
    draw_lengths,
    errors_by_length,
    image_sequences,
    sequence_report,
    step_statistics,
    train_reader,
)
from coursekit.nets.reader import sequences


def test_lengths_are_short_or_long_in_the_share_asked_for():
    lengths = draw_lengths(20_000, 0.3, np.random.default_rng(0))
    assert set(lengths) == set(SHORT + LONG)
    assert np.isin(lengths, LONG).mean() == pytest.approx(0.3, abs=0.015)
    assert set(draw_lengths(100, 1.0, np.random.default_rng(0))) == set(LONG)
    with pytest.raises(ValueError, match="share_long"):
        draw_lengths(10, 1.5, np.random.default_rng(0))


def test_a_sequence_is_rows_from_top_to_bottom_and_padding():
    images = np.arange(2 * 784, dtype=np.float32).reshape(2, 784)
    x = image_sequences(images, np.array([4, 14]))
    assert x.shape == (2, LONGEST, 28)
    assert x.dtype == np.float32
    rows = images.reshape(2, 28, 28)
    for step, row in enumerate((0, 9, 18, 27)):
        np.testing.assert_array_equal(x[0, step], rows[0, row])
    assert (x[0, 4:] == 0).all()
    np.testing.assert_array_equal(x[1, 0], rows[1, 0])
    np.testing.assert_array_equal(x[1, 13], rows[1, 27])
    assert (np.diff(x[1, :, 0]) > 0).all()


def test_who_is_left_follows_from_the_lengths():
    alive, noise, alone, example = step_statistics(32, 0.2, 0)
    # Short ones have 4, 5, 6 or 7 steps, long ones 11 to 14, each equally likely.
    expected = [32] * 4 + [32 * (1 - 0.8 * k / 4) for k in (1, 2, 3)] + [6.4] * 4
    expected += [6.4 * (1 - k / 4) for k in (1, 2, 3)]
    share = np.array(expected) / 32
    # Three standard errors: lengths of 1,000 sequences are drawn, then 200 batches of 32 of them.
    error = 32 * np.sqrt(share * (1 - share) * (1 / 1000 + 1 / 6400))
    assert (np.abs(alive - expected) <= 3 * error).all()
    assert (alone[:4] == 0).all()
    # Of 32, none or one is left with probability q³² + 32 p q³¹.
    p = alive[13] / 32
    assert alone[13] == pytest.approx((1 - p) ** 32 + 32 * p * (1 - p) ** 31, abs=0.08)
    np.testing.assert_allclose(noise[:4], 1 / np.sqrt(32), rtol=0.1)
    np.testing.assert_allclose(noise[8:11], 1 / np.sqrt(6.4), rtol=0.2)
    assert example.tolist() == sorted(example.tolist(), reverse=True)
    assert len(example) == 32
    assert set(example) <= {*SHORT, *LONG}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("share", [0.05, 0.1, 0.5, 1.0])
def test_the_batch_that_is_shown_is_a_usual_one(share, seed):
    long_ones = (step_statistics(32, share, seed)[3] >= LONG[0]).sum()
    assert abs(long_ones - 32 * share) < 2.5
    report = sequence_report(32, 0.1, 0, 12)
    assert report.left == sum(length >= 12 for length in report.example)


def test_errors_are_those_of_a_reader_asked_by_hand():
    reader = train_reader("layer norm", 16, 0.5, 1, steps=20)
    assert isinstance(reader, Reader)
    split = fashion_split()
    lengths = np.full(500, 6)
    logits = reader.forward(sequences(image_sequences(split.x_test[:500], lengths), lengths))
    wrong = (logits.argmax(axis=1) != split.y_test[:500]).mean()
    assert errors_by_length("layer norm", 16, 0.5, 1, steps=20)[2] == pytest.approx(wrong)


def test_a_first_step_is_in_proportion_to_the_rate():
    start, usual, twice = (train_reader("no norm", 8, 0.5, 0, 1, rate) for rate in (0.0, 0.1, 0.2))
    for name, value in start.params.items():
        np.testing.assert_allclose(
            twice.params[name] - value, 2 * (usual.params[name] - value), rtol=1e-3, atol=1e-6
        )
    assert np.abs(usual.params[name] - value).max() > 1e-4
    asked = [errors_by_length("no norm", 8, 0.5, 0, 1, rate=rate) for rate in (0.0, 0.2)]
    assert asked[0] != asked[1]


def test_training_lowers_the_error_below_guessing():
    for name in ("no norm", "layer norm"):
        assert np.mean(errors_by_length(name, 32, 0.5, 0)) < 0.6


def test_unknown_norms_are_refused():
    with pytest.raises(ValueError, match="name must be one of 'no norm'"):
        train_reader("group norm", 8, 0.5, 0, steps=1)


def test_a_report_is_put_together_from_these_and_said():
    report = sequence_report(32, 0.1, 0, 12)
    np.testing.assert_array_equal(report.alive, step_statistics(32, 0.1, 0)[0])
    np.testing.assert_array_equal(report.errors[1], errors_by_length("layer norm", 32, 0.1, 0))
    text = diagnose_sequences(report)
    assert text.startswith(f"Step 12: on average {report.alive[11]:.1f} of 32 sequences are still there")
    assert f"off by {report.noise[11]:.2f} spreads" in text
    assert f"batch norm {100 * report.errors[0, 4:].mean():.0f} % on long" in text
    gone = dataclasses.replace(report, noise=np.full(LONGEST, np.nan))
    assert "nan" not in diagnose_sequences(gone)
