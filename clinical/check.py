"""`python -m clinical.check [PATH]`: validates definitions and prints what they hold.

Without PATH the shipped definitions are checked. Exit status 1 and every problem if any is wrong.
"""

from __future__ import annotations

import sys
from pathlib import Path

from clinical.pathways import Catalogue, DefinitionError, catalogue, load
from clinical.vocabulary import vocabulary


def counts(loaded: Catalogue) -> dict[str, int]:
    """How much of everything there is."""
    known = vocabulary()
    return {
        "pathways": len(loaded.pathways),
        "steps": len(loaded.steps),
        "rules": len(loaded.rules),
        "sources": len(loaded.sources),
        "facts": len(known.facts),
        "phenotypes": len(known.phenotypes),
        "analytes": len(known.analytes),
        "genetic tests": len(known.genetic_tests),
        "disorders": len(known.disorders),
        "treatments": len(known.treatments),
        "criteria": len(known.criteria),
    }


def main(arguments: list[str]) -> int:
    """Checks and reports; returns the exit status."""
    try:
        loaded = load(Path(arguments[0]), base=catalogue()) if arguments else catalogue()
    except DefinitionError as error:
        sys.stderr.write(f"{error}\n{len(error.problems)} problems\n")
        return 1
    text = ", ".join(f"{number} {name}" for name, number in counts(loaded).items())
    sys.stdout.write(f"{text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
