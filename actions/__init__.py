"""USE CASES: one function is one unit of work in the transaction it is handed."""
