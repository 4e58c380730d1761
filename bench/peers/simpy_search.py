"""The queue of a search in SimPy: the peer of bench/simulation_speed.ts, which starts it.

    python3 bench/peers/simpy_search.py TRAINERS POPULATION GENERATIONS

Generations of jobs that take 30 to 90 s each, on so many trainers. Nothing is drawn, learned or
written. Prints the processor seconds, the simulated seconds, the events and the versions, or one
line that says that SimPy is not there.
"""

import platform
import random
import sys
import time

try:
    import simpy
except ImportError:
    sys.exit("SimPy is not installed: apt-get install python3-simpy3 (from Debian 13 on python3-simpy)")

trainers, population, generations = map(int, sys.argv[1:])
draw = random.Random(1)


def job(env, slots):
    with slots.request() as free:
        yield free
        yield env.timeout(draw.uniform(30, 90))


def search(env, slots):
    for _ in range(generations):
        yield env.all_of([env.process(job(env, slots)) for _ in range(population)])


env = simpy.Environment()
start = time.process_time()
env.run(env.process(search(env, simpy.Resource(env, trainers))))
seconds = time.process_time() - start
print(seconds, env.now, next(env._eid), simpy.__version__, platform.python_version())
