"""The isotretinoin assistant: everything but the Rasa actions, which live in `actions/`."""
