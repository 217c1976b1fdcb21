"""How the assistant is measured on held-out messages."""
