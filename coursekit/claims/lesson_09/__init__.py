"""What lesson 09 asserts."""
