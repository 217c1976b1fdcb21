"""Rasa pipeline components: sentence encoder, topic classifier, quantities, and the safety screen last."""
