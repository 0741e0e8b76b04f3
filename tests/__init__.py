"""Tests: stories, tables, faults."""
