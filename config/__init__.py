"""DATA: settings from the environment, rules, dated tables and the synthetic street."""
