"""Erlang A in SimPy: a process for each call, which asks for an agent or loses patience."""

import simpy
from erlang import AGENTS, Day

day = Day()


def call(env, agents):
    came = env.now
    talk, patience = day.caller()
    with agents.request() as agent:
        if not agent.triggered:
            yield agent | env.timeout(patience)
        day.waited += env.now - came
        if agent.triggered:
            yield env.timeout(talk)
        else:
            day.abandoned += 1


def source(env, agents):
    for _ in range(day.calls):
        yield env.timeout(day.between())
        env.process(call(env, agents))


env = simpy.Environment()
env.process(source(env, simpy.Resource(env, capacity=AGENTS)))
env.run()
day.ends()
