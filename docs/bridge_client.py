#!/usr/bin/env python3
"""A small bridge for strowger: one caller, one agent's phone, JSON lines over TCP.

    bridge_client.py HOST:PORT LINE [KEYS] [--device DEVICE [--calls]] [--name NAME] [--token-file FILE]

Dials LINE, prints what the caller would hear, and presses one of KEYS whenever a prompt plays
("-" only listens to its end). With --device it is also that agent's phone: it answers what rings and
hangs up after a while. With --calls the call comes from that phone, as the agent line wants it; then
nobody rings it meanwhile. Two clients at one time need names of their own (--name). With --token-file
it shows the daemon the token in FILE. Only the standard library; docs/BRIDGE.md tells the rules.
"""

import argparse
import json
import re
import socket
import sys
import time

HEARTBEAT = 2.0  # seconds
TALK = 1.0       # how long an agent talks, in seconds


class Bridge:
    """What a bridge has to remember: its reports until they are safe, and what it has carried out."""

    def __init__(self, address, name, device, token):
        host, port = address.rsplit(":", 1)
        self.address, self.name = (host, int(port)), name
        self.device, self.token = device, token
        self.session = None   # named by `welcome`
        self.seq = 0          # the last report
        self.kept = []        # reports that may not be safe yet
        self.effect = 0       # the last effect carried out
        self.calls = set()    # calls in progress
        self.socket = None
        self.rest = b""

    def connect(self):
        """Says hello until somebody answers, then sends again what was missed."""
        while True:
            try:
                self.socket = socket.create_connection(self.address, timeout=5)
                self.rest = b""
                hello = {
                    "type": "hello", "protocol": 1, "bridge": self.name, "clock_ms": clock_ms(),
                    "can": ["ring", "record", "record_talk", "music"],
                    "devices": [self.device] if self.device else [],
                    "calls": sorted(self.calls),  # heeded where the daemon cannot resume
                }
                if self.token:
                    hello["token"] = self.token
                if self.session is not None:
                    hello["resume"] = {"session": self.session, "effect": self.effect}
                self.send(hello)
                return self.welcomed(next(iter(self.messages(5))))
            except (OSError, StopIteration):
                time.sleep(0.2)

    def welcomed(self, welcome):
        if welcome["type"] != "welcome":
            sys.exit(f"refused: {welcome}")
        self.session = welcome["session"]
        if not welcome["resumed"]:
            # Both sides begin to count anew; what was on the way is gone.
            self.seq, self.effect, self.kept = 0, 0, []
        print("again with the daemon" if welcome["resumed"] else "with the daemon", flush=True)
        for report in self.kept:
            if report["seq"] > welcome["received"]:
                self.send(report)

    def report(self, kind, **fields):
        """Reports something; it is kept until it is acknowledged."""
        self.seq += 1
        report = {"type": kind, "seq": self.seq, "at_ms": clock_ms(), **fields}
        self.kept.append(report)
        self.send(report)

    def send(self, message):
        self.socket.sendall(json.dumps(message).encode() + b"\n")

    def messages(self, seconds):
        """What comes within so many seconds; raises OSError when the daemon is gone."""
        until = time.monotonic() + seconds
        while True:
            while b"\n" in self.rest:
                line, self.rest = self.rest.split(b"\n", 1)
                yield json.loads(line)
            left = until - time.monotonic()
            if left <= 0:
                return
            self.socket.settimeout(left)
            try:
                piece = self.socket.recv(65536)
            except TimeoutError:
                return
            if not piece:
                raise ConnectionError("the daemon has hung up")
            self.rest += piece

    def heard(self, message):
        """Takes an acknowledgement; gives back an effect that has not been carried out yet."""
        if message["type"] == "ack":
            self.kept = [report for report in self.kept if report["seq"] > message["seq"]]
        elif message["type"] == "error":
            print("error:", message["code"], message["message"], flush=True)
        elif message.get("effect", 0) > self.effect:
            self.effect = message["effect"]
            return message
        return None


class Caller:
    """Somebody who listens and presses keys."""

    def __init__(self, bridge, line, keys, from_device):
        self.bridge, self.keys = bridge, list(keys)
        self.call = f"call-{clock_ms()}"
        self.over = False
        self.talks = {}       # offers that were answered, and until when
        bridge.calls.add(self.call)
        known = {"device": bridge.device} if from_device else {}
        bridge.report("call.started", call=self.call, line=line, **{"from": "+441632960001"}, **known)

    def carry_out(self, act):
        kind = act["type"]
        if kind == "play":
            print("hears:", " ".join(str(v) for part in act["parts"] for v in part.values()), flush=True)
            key = self.keys.pop(0) if self.keys else "-"
            if key == "-":
                self.bridge.report("play.done", call=self.call, play=act["play"])
            else:
                print("presses:", key, flush=True)
                self.bridge.report("key", call=self.call, key=key)
        elif kind == "ring":
            print("rings:", act["device"], flush=True)
            self.bridge.report("agent.answered", offer=act["offer"])
        elif kind == "connect":
            print("talks", flush=True)
            self.talks[act["offer"]] = time.monotonic() + TALK
        elif kind == "record":
            self.bridge.report("recording.done", call=self.call, length_ms=2000, recording="none")
        elif kind == "record_talk":
            # There is no sound here to record: it is only shown when, and under which name.
            print("recording:", act["do"], act["recording"], flush=True)
        elif kind in ("hangup", "refuse"):
            print("ends:", kind, flush=True)
            self.bridge.calls.discard(self.call)
            self.over = True
        else:
            print(f"({kind})", flush=True)

    def go_on(self):
        """The agent hangs up when the talk is over."""
        for offer, until in list(self.talks.items()):
            if time.monotonic() >= until:
                del self.talks[offer]
                self.bridge.report("agent.hung_up", offer=offer)


def clock_ms():
    return int(time.monotonic() * 1000)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("line")
    parser.add_argument("keys", nargs="?", default="")
    parser.add_argument("--device", default="")
    parser.add_argument("--calls", action="store_true")
    parser.add_argument("--name", default="client")
    parser.add_argument("--token-file", type=argparse.FileType())
    # Keys may begin with "-", as options do: a blank before them, which is no key, tells them apart.
    given = [" " + word if re.fullmatch("-[-0-9*#]*", word) else word for word in sys.argv[1:]]
    arguments = parser.parse_args(given)
    token = arguments.token_file.read().strip() if arguments.token_file else ""
    bridge = Bridge(arguments.address, arguments.name, arguments.device, token)
    bridge.connect()
    from_device = arguments.calls and arguments.device != ""
    caller = Caller(bridge, arguments.line, arguments.keys.strip(), from_device)
    pinged = 0.0
    while not caller.over:
        try:
            for message in bridge.messages(0.1):
                effect = bridge.heard(message)
                if effect:
                    caller.carry_out(effect)
            caller.go_on()
            if time.monotonic() - pinged > HEARTBEAT:
                pinged = time.monotonic()
                bridge.send({"type": "ack", "effect": bridge.effect})
                bridge.send({"type": "ping", "clock_ms": clock_ms()})
        except OSError as error:
            print(f"lost the daemon: {error}", flush=True)
            bridge.connect()


if __name__ == "__main__":
    main()
