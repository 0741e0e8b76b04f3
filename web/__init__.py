"""PAGE EDGE: health for operators; the board comes to live here."""
