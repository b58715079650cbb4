"""Commands that make what is committed: the data, the notebooks, the pictures."""
