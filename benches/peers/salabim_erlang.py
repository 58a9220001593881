"""Erlang A in salabim: a component for each call, whose request for an agent fails with its patience."""

import salabim
from erlang import AGENTS, Day

salabim.yieldless(False)
day = Day()


class Source(salabim.Component):
    def process(self):
        for _ in range(day.calls):
            yield self.hold(day.between())
            Call()


class Call(salabim.Component):
    def process(self):
        came = env.now()
        talk, patience = day.caller()
        yield self.request(agents, fail_delay=patience)
        day.waited += env.now() - came
        if self.failed():
            day.abandoned += 1
        else:
            yield self.hold(talk)


env = salabim.Environment(trace=False, random_seed=day.seed)
agents = salabim.Resource("agents", AGENTS, monitor=False)
Source()
env.run()
day.ends()
