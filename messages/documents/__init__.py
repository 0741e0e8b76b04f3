"""Word templates: the shipped ones beside this file, and the script that builds them."""
