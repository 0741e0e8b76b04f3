"""Measurements beside their goals: `python -m bench` runs each and prints one table."""
