"""Queries: what one is, how text becomes one, and how one becomes a plan for an engine."""
