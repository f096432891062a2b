"""Checks of the container files that need no container engine."""
