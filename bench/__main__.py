"""`python -m bench [name [part …] …]`: run all benches or those named, print one table; 1 when a goal is missed.

`--server URL` names the PostgreSQL server of `postgres`, which is left out without one.
"""

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Iterable
from types import ModuleType

import bench
from bench.table import Row, load, show

OURS = ("__main__", "table")


def main(words: list[str]) -> int:
    """Run each module of this package that has `run() -> rows`; one with PARTS runs the parts named after it."""
    known = argparse.ArgumentParser(prog="python -m bench")
    known.add_argument("words", nargs="*", metavar="name [part …]")
    known.add_argument("--server", default="", metavar="postgresql+asyncpg://user@host/postgres")
    given = known.parse_intermixed_args(words)
    names = [m.name for m in pkgutil.iter_modules(bench.__path__) if m.name not in OURS]
    wanted: list[tuple[ModuleType, list[str]]] = []
    for word in given.words or names:
        if word in names:
            wanted.append((importlib.import_module(f"bench.{word}"), []))
        elif wanted and word in getattr(wanted[-1][0], "PARTS", ()):
            wanted[-1][1].append(word)
        else:
            print(f"no such bench: {word}; there are: {', '.join(names)}", file=sys.stderr)
            return 2
    kept = [_measured(module, parts, given.server) for module, parts in wanted]
    return 0 if all(kept) else 1


def _measured(module: ModuleType, parts: list[str], server: str) -> bool:
    print(load(), flush=True)
    taken = {"server": server} if "server" in getattr(module, "OPTIONS", ()) else {}
    rows: Iterable[Row] = module.run(*parts, **taken)
    return show(rows)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
