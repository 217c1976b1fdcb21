"""Conversations: one table said to every channel, and stories in YAML with what must be answered."""
