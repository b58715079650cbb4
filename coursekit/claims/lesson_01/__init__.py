"""What lesson 01 asserts."""
