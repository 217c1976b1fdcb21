"""Fuzzing of the safety screen for crashes and for time."""
