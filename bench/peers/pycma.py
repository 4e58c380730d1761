"""Evaluations that pycma needs to a target: the peer of bench/evolution.ts.

    python3 bench/peers/pycma.py [PATTERN]

Runs pycma where Python has it (`pip install cma`); elsewhere it prints the stored table with its
source. PATTERN is a regular expression on "function N".
"""

import json
import math
import pathlib
import re
import sys

STORED = pathlib.Path(__file__).parents[2] / "tests/golden/pycma_evaluations.json"
MAX_EVALUATIONS = 200_000


def ellipsoid(x):
    return sum(10 ** (6 * i / (len(x) - 1)) * v * v for i, v in enumerate(x))


def pairs(x):
    return [v * v + w * w for v, w in zip(x, x[1:])]


FUNCTIONS = {
    "sphere": lambda x: sum(v * v for v in x),
    "ellipsoid": ellipsoid,
    "cigar": lambda x: x[0] ** 2 + 1e6 * sum(v * v for v in x[1:]),
    "tablet": lambda x: 1e6 * x[0] ** 2 + sum(v * v for v in x[1:]),
    "rosenbrock": lambda x: sum(100 * (w - v * v) ** 2 + (1 - v) ** 2 for v, w in zip(x, x[1:])),
    "rastrigin": lambda x: 10 * len(x) + sum(v * v - 10 * math.cos(2 * math.pi * v) for v in x),
    "ackley": lambda x: 20 - 20 * math.exp(-0.2 * math.sqrt(sum(v * v for v in x) / len(x)))
    + math.e - math.exp(sum(math.cos(2 * math.pi * v) for v in x) / len(x)),
    "schaffer": lambda x: sum(s**0.25 * (math.sin(50 * s**0.1) ** 2 + 1) for s in pairs(x)),
    "step-ellipsoid": lambda x: sum(
        10 ** (2 * i / (len(x) - 1)) * math.floor(abs(v) + 0.5) ** 2 for i, v in enumerate(x)
    ),
    "sphere-bounded": lambda x: sum(v * v for v in x),
    "ellipsoid-shifted-bounded": lambda x: ellipsoid([v + 0.5 for v in x])
    - ellipsoid([0.5] * len(x)),
}


def evaluations_to_target(row, seed):
    import cma
    import numpy

    numpy.random.seed(seed + 1)
    start = numpy.random.uniform(*row["x0_range"], row["N"])
    if row["bounds"]:
        start = numpy.clip(start, *row["bounds"])
    options = {"popsize": row["popsize"], "verbose": -9, "seed": seed + 1}
    if row["bounds"]:
        options["bounds"] = row["bounds"]
    strategy = cma.CMAEvolutionStrategy(start, row["sigma0"], options)
    objective = FUNCTIONS[row["function"]]
    while strategy.countevals < MAX_EVALUATIONS:
        points = strategy.ask()
        fitness = [objective(x) for x in points]
        strategy.tell(points, fitness)
        if min(fitness) <= row["target"]:
            return strategy.countevals
    return None


def main():
    stored = json.loads(STORED.read_text())
    try:
        import cma

        print(f"measured with pycma {cma.__version__}")
    except ImportError:
        cma = None
        print(f"pycma is not installed; the stored table is of {stored['source']}")
    print(stored["protocol"])
    print("function,dimension,population_size,reached,median_evaluations")
    pattern = re.compile(sys.argv[1] if len(sys.argv) > 1 else "")
    for row in stored["runs"]:
        if not pattern.search(f"{row['function']} {row['N']}"):
            continue
        counts = row["evaluations"]
        if cma:
            counts = [evaluations_to_target(row, seed) for seed in range(len(counts))]
        reached = sorted(count for count in counts if count is not None)
        median = reached[len(reached) // 2] if reached else ""
        success = f"{len(reached)}/{len(counts)}"
        print(f"{row['function']},{row['N']},{row['popsize']},{success},{median}")


main()
