"""EVERY WORD: Jinja2 templates, one folder per feature; no user-visible string elsewhere."""
