"""CPU time of one ask + tell of pycma: the peer of bench/evolution_speed.ts, which starts it.

    OPENBLAS_NUM_THREADS=1 python3 bench/peers/pycma_speed.py N POPULATION_SIZE GENERATIONS

Prints the median and the mean in milliseconds and the versions, or one line that says that pycma is
not there.
"""

import statistics
import sys
import time

try:
    import cma
    import numpy
except ImportError:
    sys.exit("pycma is not installed: pip install cma")

n, population_size, generations = map(int, sys.argv[1:])
options = {"popsize": population_size, "verbose": -9, "seed": n + 1}
strategy = cma.CMAEvolutionStrategy(numpy.ones(n), 0.5, options)
factors = 1 + numpy.arange(n)
times = []
for _ in range(generations):
    start = time.process_time()
    points = strategy.ask()
    drawn = time.process_time()
    fitness = [float(factors @ (x * x)) for x in points]
    evaluated = time.process_time()
    strategy.tell(points, fitness)
    times.append(time.process_time() - evaluated + drawn - start)
warm = [1000 * t for t in times[generations // 10 :]]
print(statistics.median(warm), statistics.mean(warm), cma.__version__, numpy.__version__)
