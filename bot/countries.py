"""Which country a person says they are in."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_NAMES: Final = {
    "US": "new mexico|new england|"
    "united states|usa|us|u s a|u s|america|american|states|texas|california|florida|new york|ohio|chicago|boston|"
    "seattle|los angeles|michigan|georgia usa|arizona|colorado|oregon|virginia|illinois|pennsylvania|new jersey|"
    "massachusetts|tennessee|nevada|minnesota|wisconsin|washington|utah|north carolina|south carolina|alabama",
    "UK": "united kingdom|uk|u k|britain|great britain|british|england|english|scotland|scottish|wales|welsh|"
    "northern ireland|london|manchester|birmingham|leeds|glasgow|edinburgh|liverpool|bristol|sheffield|cardiff|belfast|"
    "newcastle|nottingham|brighton",
    "IE": "ireland|irish|republic of ireland|dublin|cork|galway|limerick|eire",
    "CA": "canada|canadian|toronto|vancouver|montreal|ottawa|calgary|edmonton|ontario|quebec|alberta|british columbia|"
    "manitoba|nova scotia|winnipeg",
    "AU": "australia|australian|aus|aussie|sydney|melbourne|brisbane|perth|adelaide|queensland|new south wales|nsw|tasmania|"
    "canberra",
    "NZ": "new zealand|nz|kiwi|auckland|wellington|christchurch",
    "IN": "india|indian|delhi|mumbai|bangalore|bengaluru|chennai|kolkata|hyderabad|pune|kerala|punjab|gujarat",
    "ZA": "south africa|south african|johannesburg|cape town|durban|pretoria|joburg",
    "DE": "germany|german|deutschland|berlin|munich|hamburg|cologne|frankfurt",
    "FR": "france|french|paris|lyon|marseille|toulouse",
    "ES": "spain|spanish|espana|españa|madrid|barcelona|valencia|seville",
    "IT": "italy|italian|italia|rome|milan|naples|turin",
    "NL": "netherlands|dutch|holland|amsterdam|rotterdam|utrecht|the hague",
    "BR": "brazil|brazilian|brasil|sao paulo|são paulo|rio de janeiro|brasilia",
    "MX": "mexico|mexican|méxico|mexico city|guadalajara|monterrey",
    "PT": "portugal|portuguese|lisbon|lisboa|porto",
    "PL": "poland|polish|polska|warsaw|krakow|kraków|gdansk|wroclaw",
    "SE": "sweden|swedish|sverige|stockholm|gothenburg|malmo|malmö",
    "SG": "singapore|singaporean",
    "JP": "japan|japanese|tokyo|osaka|kyoto",
}
_AMBIGUOUS: Final = frozenset(
    {"us", "states", "english", "french", "german", "spanish", "polish", "cork", "turin", "porto"}
)
_PLACED: Final = r"(?:in|from|live in|living in|based in|the|an?|i'?m|we'?re|it'?s)"


@lru_cache(maxsize=1)
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    patterns = []
    for code, names in _NAMES.items():
        clear = [re.escape(name) for name in names.split("|") if name not in _AMBIGUOUS]
        unclear = [re.escape(name) for name in names.split("|") if name in _AMBIGUOUS]
        parts = [rf"\b(?:{'|'.join(clear)})\b"]
        if unclear:
            parts.append(rf"\b{_PLACED} (?:{'|'.join(unclear)})\b|\A(?:{'|'.join(unclear)})\W*\Z")
        patterns.append((code, re.compile("|".join(parts))))
    return patterns


def find_country(text: str) -> str | None:
    """Return the code of the country (or of its well-known city or state) that a text names, or None.

    If several are named, the last one counts: people write "I'm from India but live in London".
    """
    plain = re.sub(r"[^\w' ]+", " ", text.lower())
    if re.search(r"\bUS\b", text) and not text.isupper():
        plain += " in us"  # in capitals, as nobody writes the pronoun
    hits = [(m.end(), m.end() - m.start(), code) for code, pattern in _patterns() for m in pattern.finditer(plain)]
    return max(hits)[2] if hits else None
