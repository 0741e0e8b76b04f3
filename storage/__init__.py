"""ALL SQL: schema, queries by noun, migrations, backup."""
