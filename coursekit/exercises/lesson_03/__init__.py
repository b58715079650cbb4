"""Checkers and predictions of lesson 03."""
