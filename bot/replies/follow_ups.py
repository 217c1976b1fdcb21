"""Short questions that only mean something after an answer ("why?", "and for men?"): which topic they ask about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.model import Aspect

MAX_WORDS: Final = 12
MAX_CHARACTERS: Final = 90
"""Longer messages stand on their own and go to the topic classifier; it also bounds the time of the patterns."""

_MARKS: Final = re.compile(r"[^\w\s]|_")
_APOSTROPHES: Final = re.compile(r"['\u2019`]")
_OPENERS: Final = re.compile(
    r"\A(?:(?:ok|okay|oh|hm+|and|but|so|um+|ah|thanks|thank you|great|right|cool|yeah|yes|no|well|also|then|please|hi|hey|sorry"
    r"|alright|fine|good|interesting|wait|really|i see|got it|aha|lol|cheers) )+"
)
_CLOSERS: Final = re.compile(
    r"(?: (?:then|though|tho|please|pls|plz|exactly|lol|btw|now|thanks|in general|usually))+\Z"
)
_SHORT_FORMS: Final = {
    "whats": "what is",
    "im": "i m",
    "thats": "that is",
    "its": "it is",
    "u": "you",
    "r": "are",
    "abt": "about",
}


def aspect_of(text: str, aspects: Sequence[Aspect]) -> Aspect | None:
    """Return the aspect of the last answer that a message asks about, or None if the message stands on its own.

    Args:
        text: what the person typed.
        aspects: the aspects of content/follow_ups.yml, in order.
    """
    plain = _MARKS.sub(" ", _APOSTROPHES.sub("", text.lower()))
    words = [word for token in plain.split() for word in _SHORT_FORMS.get(token, token).split()]
    said = " ".join(words)
    if not words or len(words) > MAX_WORDS or len(said) > MAX_CHARACTERS:
        return None
    bare = _CLOSERS.sub("", _OPENERS.sub("", said)) or said
    return next((aspect for aspect in aspects if any(pattern.fullmatch(bare) for pattern in aspect.patterns)), None)
