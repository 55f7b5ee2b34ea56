"""Short and fixed by default; HYPOTHESIS_PROFILE=long searches for longer."""

import os

from hypothesis import HealthCheck, settings

_slow = [HealthCheck.too_slow]
settings.register_profile(
    "ci", max_examples=200, derandomize=True, deadline=None, suppress_health_check=_slow
)
settings.register_profile(
    "long", max_examples=20_000, deadline=None, suppress_health_check=_slow
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
