"""What lesson 03 asserts."""
