"""What lesson 04 asserts."""
