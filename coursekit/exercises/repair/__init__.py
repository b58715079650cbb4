"""Where no slip of the catalogue fits: which single change would make the learner's own program right."""
