"""What lesson 02 asserts."""
