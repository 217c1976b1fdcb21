"""Tests of how the assistant is measured."""
