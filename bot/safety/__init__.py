"""The safety screen: pure code over text. No Rasa, no database, no network; it cannot raise."""
