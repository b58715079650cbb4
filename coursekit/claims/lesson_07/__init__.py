"""What lesson 07 asserts."""
