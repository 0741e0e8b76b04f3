"""Fuzzing with seeds: what comes from outside may be anything, and nothing of it ends the process or is half done.

`python -m tests.fuzz --count 200000` runs all targets, `--target readers --seed 17` one input again.
"""
