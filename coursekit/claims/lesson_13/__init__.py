"""What lesson 13 asserts."""
