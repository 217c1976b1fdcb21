"""The arithmetic behind a course estimate: pure, with units in the names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

USUAL_TARGETS_MG_PER_KG: Final = (120.0, 150.0)
"""The range prescribers traditionally aim at (MSD Manual, professional version, acne vulgaris)."""

WEIGHT_RANGE_KG: Final = (20.0, 350.0)
DOSE_RANGE_MG: Final = (1.0, 200.0)
TARGET_RANGE_MG_PER_KG: Final = (10.0, 300.0)


@dataclass(frozen=True)
class CourseEstimate:
    """What a daily dose comes to over a course."""

    weight_kg: float
    daily_dose_mg: float
    target_mg_per_kg: float

    @property
    def total_mg(self) -> float:
        """All the milligrams of the course."""
        return self.target_mg_per_kg * self.weight_kg

    @property
    def days(self) -> int:
        """Days until the total is reached, the last one counted whole."""
        return -int(-(self.total_mg / self.daily_dose_mg) // 1)

    @property
    def weeks(self) -> int:
        """Weeks until the total is reached, rounded."""
        return round(self.total_mg / self.daily_dose_mg / 7)


def plausible(value: float, limits: tuple[float, float]) -> bool:
    """Return whether a value lies within limits, both included."""
    return limits[0] <= value <= limits[1]
