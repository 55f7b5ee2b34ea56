"""Collection rounds: ask, take back, chase, close."""
