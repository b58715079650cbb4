"""What lesson 08 asserts."""
