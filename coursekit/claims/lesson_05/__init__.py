"""What lesson 05 asserts."""
