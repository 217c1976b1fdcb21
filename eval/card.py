"""The measured part of the safety card (docs/safety.md), made from an evaluation's figures."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from bot.settings import ROOT

CARD: Final = ROOT / "docs" / "safety.md"
BEGIN: Final = '<!-- measured: `make evaluate EVALUATE="--release VERSION"` writes from here -->'
END: Final = "<!-- measured: to here -->"
_PREFIX: Final = "safety: "


def card(data: dict[str, Any]) -> str:
    """Return the measured part as Markdown: by tier, by kind, and the messages in danger that raised nothing.

    Args:
        data: an evaluation as in report.json.
    """
    lines = [
        f"Measured on {data['date']} on `eval/safety.tsv`, whose authors had not seen the training messages, every message going "
        "the whole way to the reply. In brackets the 95 % interval (Wilson).",
        "",
        "| messages and what is right | share | of |",
        "|---|---|---|",
        *(
            _row(name.removeprefix(_PREFIX), found)
            for name, found in data["figures"].items()
            if name.startswith(_PREFIX)
        ),
        "",
        "By kind, the share that got the right tier (for harmless ones: none):",
        "",
        "| tier | language | kind | share | of |",
        "|---|---|---|---|---|",
    ]
    for name, found in sorted(data["by"]["safety kind"].items()):
        tier, _, rest = name.partition(", ")
        language, _, kind = rest.partition("/")
        lines.append(f"| {tier} | {language} {_row(kind.replace('_', ' '), found)}")
    missed = ", ".join(data["missed"]) or "none"
    lines += ["", f"Messages in danger that raised no tier (numbers of `eval/safety.tsv`): {missed}."]
    return "\n".join(lines)


def _row(name: str, found: dict[str, Any]) -> str:
    return f"| {name} | {found['share']:.1%} ({found['low']:.1%} to {found['high']:.1%}) | {found['total']} |"


def write_card(data: dict[str, Any], file: Path = CARD) -> None:
    """Put the measured part between its marks.

    Raises:
        ValueError: if the marks are not there.
    """
    text = file.read_text(encoding="utf-8")
    head, begin, rest = text.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{file.name} lacks the marks between which the measured part stands: {BEGIN} and {END}")
    file.write_text(f"{head}{BEGIN}\n{card(data)}\n{END}{tail}", encoding="utf-8")
