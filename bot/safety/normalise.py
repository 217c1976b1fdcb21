"""Turn what people type into plain lower-case words, undoing disguises, typos of habit and texting short forms."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_MAX_CHARS: Final = 12_000
_MAX_WORD: Final = 40
_MAX_REPEATS: Final = 3
"""Of longer texts the beginning, the middle and the end are read, so that the time stays bounded."""

_HOMOGLYPHS: Final = str.maketrans(
    "аеорсухіјѕԁһӏոαοερυιν",
    "aeopcyxijsdhlnaoepuiv",
)
_LEET: Final = str.maketrans("013457@$!", "oieastasi")
_QUOTES: Final = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "…": "."})

# Words that people mask with symbols ("k*ll", "su!cide").
_MASKED: Final = ("suicide", "suicidal", "kill", "killing", "die", "dying", "dead", "harm", "cutting", "hang", "myself")

_EXPANSIONS: Final = {
    "im": "i am", "i'm": "i am", "ima": "i am going to", "imma": "i am going to", "ive": "i have", "i've": "i have",
    "ill": "ill", "i'll": "i will", "id": "i would", "i'd": "i would", "dont": "do not", "don't": "do not",
    "dnt": "do not", "doesnt": "does not", "doesn't": "does not", "didnt": "did not", "didn't": "did not",
    "cant": "can not", "can't": "can not", "cannot": "can not", "cnt": "can not", "wont": "will not",
    "won't": "will not", "wouldnt": "would not", "wouldn't": "would not", "isnt": "is not", "isn't": "is not",
    "arent": "are not", "aren't": "are not", "wasnt": "was not", "wasn't": "was not", "havent": "have not",
    "haven't": "have not", "hasnt": "has not", "hasn't": "has not", "couldnt": "could not", "couldn't": "could not",
    "shouldnt": "should not", "shouldn't": "should not", "wanna": "want to", "gonna": "going to", "gunna": "going to",
    "gotta": "got to", "tryna": "trying to", "u": "you", "ur": "your", "r": "are", "n": "and", "thats": "that is",
    "that's": "that is", "theres": "there is", "there's": "there is", "its": "it is", "it's": "it is",
    "hes": "he is", "he's": "he is", "shes": "she is", "she's": "she is", "theyre": "they are", "they're": "they are",
    "whats": "what is", "what's": "what is", "lets": "let us", "let's": "let us", "myslef": "myself",
    "my self": "myself", "mysef": "myself", "meself": "myself", "urself": "yourself", "suiside": "suicide",
    "sucide": "suicide", "suicde": "suicide", "sucidal": "suicidal", "suicidel": "suicidal", "suisidal": "suicidal",
    "suicidial": "suicidal", "sewerslide": "suicide", "sewercide": "suicide", "unalive": "unalive", "dieing": "dying",
    "liv": "live", "livin": "living", "anymor": "anymore", "nomore": "no more", "wnt": "want", "wan": "want",
    "wana": "want to", "kil": "kill", "woke": "wake", "pregnat": "pregnant", "preganant": "pregnant",
    "prego": "pregnant", "preggo": "pregnant", "preggers": "pregnant", "depresed": "depressed",
    "deppressed": "depressed", "depress": "depressed", "anxios": "anxious", "alot": "a lot", "bc": "because",
    "cuz": "because", "cos": "because", "coz": "because", "rn": "right now", "tmrw": "tomorrow", "idk": "i do not know",
    "pls": "please", "smth": "something", "rly": "really", "v": "very", "nd": "and", "sm1": "someone",
}  # fmt: skip

_TOKEN: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[.!?;,\n]", re.UNICODE)
_SPACED: Final = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-_*]{1,2}){3,}[^\W\d_](?![^\W_])")
_REPEATED: Final = re.compile(r"([^\W\d_])\1{2,}")
_MIXED: Final = re.compile(r"(?=\S*[^\W\d_])(?=\S*[\d@$!])[\w@$!]{3,}")
_STARRED: Final = re.compile(r"[^\W\d_]+[*#_.\-]+[^\W\d_]+")


@lru_cache(maxsize=1)
def _masks() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile("".join(f"(?:{letter}|[*#_.-]+)" for letter in word) + r"\Z"), word) for word in _MASKED]


def _unmask(match: re.Match[str]) -> str:
    found = match.group()
    return next((word for pattern, word in _masks() if pattern.match(found)), found)


def _leet(match: re.Match[str]) -> str:
    word = match.group()
    body = word.rstrip("!")
    digits = sum(character.isdigit() for character in body)
    if not body or digits > len(body) / 2 or re.match(r"\d+[a-z]{1,3}\Z", body):
        return word
    return body.translate(_LEET) + word[len(body) :]


def _undisguise_word(match: re.Match[str]) -> str:
    word = match.group()
    if len(word) > _MAX_WORD:
        return word
    return _MIXED.sub(_leet, _STARRED.sub(_unmask, word))


def clip(text: str) -> str:
    """Return a text of bounded length that keeps beginning, middle and end."""
    if len(text) <= _MAX_CHARS:
        return text
    part = _MAX_CHARS // 3
    middle = len(text) // 2
    return "\n".join((text[:part], text[middle - part // 2 : middle + part // 2], text[-part:]))


def plain(text: str) -> str:
    """Return text without invisible characters, in lower case, with compatibility forms and quotes folded."""
    folded = clip(unicodedata.normalize("NFKC", clip(text))).translate(_QUOTES)
    visible = "".join(
        " " if unicodedata.category(character) in {"Cc", "Zl", "Zp"} and character != "\n" else character
        for character in folded
        if unicodedata.category(character) != "Cf"
    )
    return visible.casefold()


def undisguise(text: str) -> str:
    """Return plain text with look-alike letters, leetspeak, spaced and masked words and long repeats undone."""
    letters = "".join(
        character for character in unicodedata.normalize("NFD", text.translate(_HOMOGLYPHS))
        if unicodedata.category(character) != "Mn"
    )  # fmt: skip
    joined = _SPACED.sub(lambda match: re.sub(r"[ .\-_*]", "", match.group()), letters)
    return _REPEATED.sub(r"\1", re.sub(r"\S+", _undisguise_word, joined))


def words(text: str) -> list[str]:
    """Return the words of a text, short forms spelt out; sentence marks stay as words of their own."""
    found: list[str] = []
    for token in _TOKEN.findall(text):
        if token in ".!?;,\n":  # noqa: S105  (a token of text)
            added = [","] if token == "," else ["."]  # noqa: S105
            if found and found[-1] in {",", "."}:
                continue
        else:
            added = _EXPANSIONS.get(token, token.replace("'", "")).split()
        if found[-_MAX_REPEATS:] != added * _MAX_REPEATS:
            found.extend(added)
    return found


def readings(text: str) -> list[list[str]]:
    """Return the ways a text is read: as typed and, if that differs, with disguises undone."""
    raw = plain(text)
    typed, undone = words(raw), words(undisguise(raw))
    return [typed] if typed == undone else [typed, undone]
