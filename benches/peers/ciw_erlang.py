"""Erlang A in Ciw: a network of one node with reneging."""

import ciw
from erlang import AGENTS, BETWEEN, PATIENCE, TALK, Day

day = Day()
network = ciw.create_network(
    arrival_distributions=[ciw.dists.Exponential(1 / BETWEEN)],
    service_distributions=[ciw.dists.Exponential(1 / TALK)],
    reneging_time_distributions=[ciw.dists.Exponential(1 / PATIENCE)],
    number_of_servers=[AGENTS],
)
ciw.seed(day.seed)
simulation = ciw.Simulation(network)
simulation.simulate_until_max_customers(day.calls, method="Arrive")
records = simulation.get_all_records()
# Of those whose call is over.
day.calls = len(records)
day.abandoned = sum(record.record_type == "renege" for record in records)
day.waited = sum(record.waiting_time for record in records)
day.ends()
