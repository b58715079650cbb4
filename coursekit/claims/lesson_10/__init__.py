"""What lesson 10 asserts."""
