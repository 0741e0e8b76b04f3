"""Sample rosters as offices make them; make.py writes them."""
