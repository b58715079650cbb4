"""Side-by-side timings, run by hand; never part of the tests."""
