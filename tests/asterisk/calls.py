#!/usr/bin/env python3
"""calls.py WAVE FOLDER RECORDINGS: places calls to the clinic by SIP and holds what the daemon wrote
of them against what was done. WAVE is ten, crash, back or back-crash. Logs go to FOLDER; the daemon's data is
FOLDER/data, Asterisk's recordings are in RECORDINGS."""

import http.client
import json
import pathlib
import sqlite3
import subprocess
import sys
import time
import urllib.request

import scenarios

API = "http://127.0.0.1:4747/api/v1"
LINE, SHORT = "+441632960100", "100"
FIRST_NUMBER = 442079460001
AGENTS = {"front-desk": 6211, "back-office": 6212}
RING_MS = 800
# The back office hangs up first, the front desk waits for the caller.
TALK_MS = {"front-desk": 60_000, "back-office": 6_000}
CALL_S_MAX = 90

# second, number dialled, keys by, script (w: wait, ms), end, outcome, what it shows
TEN = [
    (0.0, LINE, "rfc4733", "w1500 2 w6000", "hang-up", "self_served_probable", "2: hears the answer"),
    (0.2, SHORT, "info", "w1500 2 w6000", "hang-up", "self_served_probable", "2: hears the answer"),
    (0.4, LINE, "rfc4733", "w1000 2 w4500 1 w800 3 w4500", "hang-up", "self_served_probable",
     "2, back to the main menu, 3"),
    (0.6, SHORT, "info", "w2500", "hang-up", "left_in_menu", "hangs up in the menu"),
    (0.8, LINE, "rfc4733", "w1000 1 w1500 2 w6000 # w200", 15_000, "message",
     "1 2: leaves a message, # ends it"),
    (1.0, LINE, "rfc4733", "w1000 0 w500", 9_000, "answered", "0: reception"),
    (1.2, SHORT, "info", "w1000 1 w1200 1 w500", 9_000, "answered", "1 1: reception"),
    (6.0, LINE, "rfc4733", "w800 0 w2200", "hang-up", "abandoned", "0: hangs up while waiting"),
    (6.2, LINE, "rfc4733", "w800 11 w500", 20_000, "answered", "11 typed ahead: waits, reception"),
    (6.4, SHORT, "info", "w800 0 w500", 20_000, "answered", "0: waits, reception"),
]

# The daemon is killed about 4 s after the first call, and is back a second later.
CRASH = [
    (0.0, LINE, "rfc4733", "w1000 0 w500", 9_000, "answered", "talks on; the caller hangs up"),
    (0.2, LINE, "rfc4733", "w7500 2 w7000", "hang-up", "self_served_probable", "presses 2 afterwards"),
    (0.4, LINE, "rfc4733", "w500 2 w9000", "hang-up", "self_served_probable", "a prompt ends meanwhile"),
    (0.6, SHORT, "info", "w3300", "hang-up", "left_in_menu", "hangs up meanwhile"),
    (0.8, SHORT, "info", "w500 0 w200", 12_000, "answered", "talks on; the agent hangs up"),
    (2.4, LINE, "rfc4733", "w300 0 w200", 25_000, "answered", "waits on"),
]

# Who asks for a call back; the second number is busy then.
BACK = [
    (0.0, LINE, "rfc4733", "w1000 5 w500", 15_000, "callback", "5: is called back"),
    (0.4, LINE, "info", "w1000 5 w500", 15_000, "callback", "5: is called back in vain"),
]

# The daemon is killed while the number outside rings.
BACK_CRASH = BACK[:1]

WAVES = {"ten": TEN, "crash": CRASH, "back": BACK, "back-crash": BACK_CRASH}
CALLS = WAVES[sys.argv[1]]
# What comes of each call back, how long its number rings, and how long its caller talks then (what counts as talk).
CALLED_BACK = {"back": ["callback_served", "callback_unreached"], "back-crash": ["callback_served"]}
BACKS = CALLED_BACK.get(sys.argv[1], [])
OUTSIDE_PORT = 6300
OUTSIDE_RING_MS = 6_000 if sys.argv[1] == "back-crash" else RING_MS
OUTSIDE_TALK_MS = 3_000
# The phone's clock is not the daemon's: it talks a little longer than the least that has to be counted.
OUTSIDE_PAUSE_MS = OUTSIDE_TALK_MS + 100


def sipp(folder, name, *arguments):
    command = ["sipp", "-sf", f"{name}.xml", "-i", "127.0.0.1", "-nostdin", *arguments, "127.0.0.1:5060"]
    log = open(folder / f"{name}.log", "w")
    return subprocess.Popen(command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)


def start_phones(folder):
    phones = []
    for agent, port in AGENTS.items():
        (folder / f"{agent}.xml").write_text(scenarios.phone(RING_MS, TALK_MS[agent]))
        phones.append(sipp(folder, agent, "-p", str(port), "-mp", str(port + 1000)))
    if BACKS:
        text = scenarios.outside(OUTSIDE_RING_MS, OUTSIDE_PAUSE_MS, number(1))
        (folder / "outside.xml").write_text(text)
        phones.append(sipp(folder, "outside", "-p", str(OUTSIDE_PORT), "-mp", str(OUTSIDE_PORT + 1000)))
    return phones


def sign_in(agent):
    for act in ("sign-in", "ready"):
        request = urllib.request.Request(f"{API}/agents/{agent}/{act}", data=b"", method="POST")
        urllib.request.urlopen(request, timeout=5).close()


def place(folder):
    """Places the calls at their times; how each sipp ended."""
    began, running = time.monotonic(), []
    for place, (second, dialled, keys, script, end, _, _) in enumerate(CALLS):
        name = f"call-{place + 1}"
        text, packets = scenarios.caller(name, number(place), keys, script, end)
        (folder / f"{name}.xml").write_text(text)
        if packets:
            (folder / f"{name}.pcap").write_bytes(scenarios.pcap(packets))
        time.sleep(max(0.0, began + second - time.monotonic()))
        ports = ["-p", str(5070 + place), "-mp", str(6000 + 10 * place)]
        running.append(sipp(folder, name, "-s", dialled, "-m", "1", *ports))
    return [ended(process, began + CALL_S_MAX) for process in running]


def ended(process, until):
    try:
        return process.wait(timeout=max(1.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        return "late"


def number(place):
    return f"+{FIRST_NUMBER + place}"


def recent():
    with urllib.request.urlopen(f"{API}/calls/recent", timeout=5) as response:
        return json.load(response)


def settled():
    """The call records, once there is one for each call and call back, or after a while."""
    records = []
    for _ in range(150 if BACKS else 50):
        try:
            records = recent()
        except (OSError, http.client.HTTPException):
            # Killed while the number outside rings, even as it answers, and not back yet.
            records = []
        if len(records) >= len(CALLS) + len(BACKS):
            break
        time.sleep(0.2)
    return records


def main():
    folder = pathlib.Path(sys.argv[2])
    phones = start_phones(folder)
    for agent in AGENTS:
        sign_in(agent)
    codes = place(folder)
    records = settled()
    for phone in phones:
        phone.kill()
    backs = [record for record in records if record["call"].startswith("callback-")]
    faults = compare(codes, [record for record in records if record not in backs])
    faults += compare_backs(backs)
    faults += kept(folder / "data" / "journal.db", pathlib.Path(sys.argv[3]))
    answered = [record["agent"] for record in records if record["outcome"] == "answered"]
    counts = [answered.count(agent) for agent in AGENTS]
    if max(counts) - min(counts) > 1:
        faults.append(f"the calls for reception are not even: {dict(zip(AGENTS, counts))}")
    for fault in faults:
        print(f"FAIL  {fault}")
    return 1 if faults else 0


def kept(journal, recordings):
    """What is wrong in the tables of the journal."""
    faults = []
    with sqlite3.connect(f"file:{journal}?mode=ro", uri=True) as tables:
        calls = tables.execute("select count(*) from cdr").fetchone()[0]
        messages = tables.execute("select mailbox, caller, recording from message").fetchall()
    expected = len(CALLS) + len(BACKS)
    if calls != expected:
        faults.append(f"the journal's table cdr has {calls} rows for {expected} calls")
    left = [(mailbox, caller) for mailbox, caller, _ in messages]
    wanted = [place for place, call in enumerate(CALLS) if call[5] == "message"]
    if left != [("cancellations", number(place)) for place in wanted]:
        faults.append(f"the journal's table message has {left}")
    for _, _, recording in messages:
        if not (recordings / f"{recording}.wav").is_file():
            faults.append(f"Asterisk has no recording {recording}")
    return faults


def compare(codes, records):
    """Prints the table; what is wrong in it."""
    faults = []
    by_number = {}
    for record in records:
        by_number.setdefault(record["caller"], []).append(record)
    print(f"{'':4}  {'from':14}{'keys by':9}{'call':34}{'sipp':6}{'outcome':22}{'wait':>6}{'talk':>6}  agent")
    for place, (_, _, keys, _, _, expected, what) in enumerate(CALLS):
        found = by_number.get(number(place), [])
        outcome = found[0]["outcome"] if len(found) == 1 else f"{len(found)} records"
        agent = (found[0].get("agent") if len(found) == 1 else None) or ""
        good = codes[place] == 0 and outcome == expected and bool(agent) == (expected == "answered")
        if not good:
            faults.append(f"call {place + 1}: sipp {codes[place]}, {outcome}, expected {expected}")
        figures = ("wait_ms", "talk_ms") if found else ()
        seconds = "".join(f"{found[0][figure] / 1000:6.1f}" for figure in figures)
        mark = "ok" if good else "FAIL"
        sipp_said = "ok" if codes[place] == 0 else str(codes[place])
        print(f"{mark:4}  {number(place):14}{keys:9}{what:34}{sipp_said:6}{outcome:22}{seconds}  {agent}".rstrip())
    return faults


def compare_backs(records):
    """Prints what came of the calls back; what is wrong in it."""
    faults = []
    by_number = {record["caller"]: record for record in records}
    if len(records) != len(BACKS):
        faults.append(f"{len(records)} records of {len(BACKS)} calls back")
    for place, expected in enumerate(BACKS):
        found = by_number.get(number(place), {"outcome": "no record", "agent": None, "talk_ms": 0})
        outcome, agent, talk_ms = found["outcome"], found["agent"], found["talk_ms"]
        served = expected == "callback_served"
        # From the answer outside. More is ringing, or a leg that was left behind.
        late_ms = talk_ms - OUTSIDE_TALK_MS
        talked = 0 <= late_ms < 1_000 if served else talk_ms == 0
        good = outcome == expected and talked and bool(agent) >= served
        if not good:
            faults.append(f"call back {place + 1}: {outcome}, {talk_ms} ms, expected {expected}")
        mark = "ok" if good else "FAIL"
        print(f"{mark:4}  {number(place):14}{'':9}{'':34}{'':6}{outcome:28}{talk_ms / 1000:6.1f}  {agent or ''}".rstrip())
    return faults


if __name__ == "__main__":
    sys.exit(main())
