"""The stock pipeline of Rasa, to compare with; needs an environment of its own."""
