"""From topic, verdict and country to the reply: text, buttons, sources. Pure; no Rasa, no database."""
