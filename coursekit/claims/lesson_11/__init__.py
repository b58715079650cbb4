"""What lesson 11 asserts."""
