"""Texts and tables as people send them."""
