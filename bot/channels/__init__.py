"""Channels: how people reach the assistant. They limit, check and render; they decide nothing."""
