"""What the Python models of Erlang A have in common: 100 agents, 95 Erlangs, mean talk of 300 s, mean
patience of 120 s, first come, first served; and how each says what came of it."""

import random
import sys
import time

AGENTS = 100
BETWEEN = 300.0 / 95.0
TALK = 300.0
PATIENCE = 120.0


class Day:
    """So many calls, the random numbers that they draw, and what became of them."""

    def __init__(self):
        self.calls = int(sys.argv[1])
        seed = int(sys.argv[2])
        self.seed = seed
        self.arrivals, self.talks, self.patiences = (random.Random(seed + one) for one in range(3))
        self.abandoned = 0
        self.waited = 0.0
        self.began = time.perf_counter()

    def between(self):
        return self.arrivals.expovariate(1 / BETWEEN)

    def caller(self):
        """Talk and patience of the next caller."""
        return self.talks.expovariate(1 / TALK), self.patiences.expovariate(1 / PATIENCE)

    def ends(self):
        """One line for `benches/peers.rs`: calls, seconds, share abandoned, mean wait in seconds."""
        seconds = time.perf_counter() - self.began
        print(self.calls, seconds, self.abandoned / self.calls, self.waited / self.calls)
