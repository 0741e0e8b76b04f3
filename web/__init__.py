"""PAGE EDGE: health for operators, calendar feeds, personal pages of warnings; the board comes to live here."""
