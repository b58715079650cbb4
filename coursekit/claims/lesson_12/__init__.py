"""What lesson 12 asserts."""
