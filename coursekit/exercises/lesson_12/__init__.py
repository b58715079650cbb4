"""The exercises and predictions of lesson 12."""
