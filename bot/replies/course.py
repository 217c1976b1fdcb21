"""The wording around a course estimate."""

from __future__ import annotations

from bot.course import (
    DOSE_RANGE_MG,
    TARGET_RANGE_MG_PER_KG,
    USUAL_TARGETS_MG_PER_KG,
    WEIGHT_RANGE_KG,
    CourseEstimate,
    plausible,
)
from bot.model import Answer, Button, Reply

_ODD = {
    "weight_kg": "A weight of {value} kg looks like a slip. What is your weight? For example: 62 kg, 140 lb or 10 stone 4.",
    "daily_dose_mg": (
        "A daily dose of {value} mg looks like a slip. How many mg do you take a day? "
        "For example: 20 mg, or 20 mg every other day."
    ),
    "target_mg_per_kg": "A target of {value} mg per kg looks like a slip, so I will use the usual 120 to 150.",
}
_LIMITS = {
    "weight_kg": WEIGHT_RANGE_KG,
    "daily_dose_mg": DOSE_RANGE_MG,
    "target_mg_per_kg": TARGET_RANGE_MG_PER_KG,
}


def odd_value(name: str, value: float) -> str | None:
    """Return the question back to an implausible value, or None if the value can be used."""
    if plausible(value, _LIMITS[name]):
        return None
    return _ODD[name].format(value=number(value))


def number(value: float) -> str:
    """Return a number as people write it: no needless decimals, commas in thousands."""
    return f"{round(value, 1):,.1f}".removesuffix(".0")


def course_reply(weight_kg: float, daily_dose_mg: float, target_mg_per_kg: float | None, answer: Answer) -> Reply:
    """Return the worked sum for a weight, a daily dose and a target (the usual range if None)."""
    targets = (target_mg_per_kg,) if target_mg_per_kg else USUAL_TARGETS_MG_PER_KG
    estimates = [CourseEstimate(weight_kg, daily_dose_mg, target) for target in targets]
    rows = "\n".join(
        f"- {number(e.target_mg_per_kg)} mg per kg: {number(e.target_mg_per_kg)} × {number(weight_kg)} kg = "
        f"{number(e.total_mg)} mg. {number(e.total_mg)} ÷ {number(daily_dose_mg)} mg a day = {e.days} days, "
        f"about {e.weeks} weeks."
        for e in estimates
    )
    default = "" if target_mg_per_kg else " You gave no target, so this uses the usual 120 to 150 mg per kg."
    text = (
        f"{number(daily_dose_mg)} mg a day at {number(weight_kg)} kg, counted from the first capsule:\n{rows}\n\n"
        f"That is {daily_dose_mg / weight_kg:.2f} mg per kg a day.{default} A total of 120 to 150 mg per kg is a custom among "
        "prescribers, not a rule: the US label sets no total to reach. Many low-dose courses stop when the skin has been clear "
        "for a while.\n\nThis is only arithmetic. Your prescriber alone decides your dose and when to stop."
    )
    buttons = (
        Button("Total dose over a course", "/cumulative_dose"),
        Button("How long a course takes", "/treatment_duration"),
    )
    return Reply(text, "course_estimate", "none", buttons, answer.sources, answer.reviewed_on)
