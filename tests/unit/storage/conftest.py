"""Fixtures of the storage tests."""

from __future__ import annotations

from tests.databases import empty_engine, empty_url, engine, postgres_url

__all__ = ["empty_engine", "empty_url", "engine", "postgres_url"]
