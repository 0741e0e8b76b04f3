"""`python -m bench [name …]`: run the benches (all, or those named) and print one table; 1 when a goal is missed."""

import importlib
import pkgutil
import sys

import bench
from bench.table import show

PARTS = ("__main__", "table")


def main(wanted: list[str]) -> int:
    """Run each module of this package that has `run() -> list[Row]`."""
    names = [m.name for m in pkgutil.iter_modules(bench.__path__) if m.name not in PARTS]
    if unknown := set(wanted) - set(names):
        print(f"no such bench: {', '.join(sorted(unknown))}; there are: {', '.join(names)}", file=sys.stderr)
        return 2
    kept = [show(importlib.import_module(f"bench.{name}").run()) for name in wanted or names]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
