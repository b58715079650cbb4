"""What lesson 06 asserts."""
