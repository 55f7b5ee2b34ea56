"""Tidu 梯度: where an enterprise stands on each tier, why, and what to do next."""

__version__ = "0.1.0"
