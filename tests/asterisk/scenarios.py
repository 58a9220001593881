"""sipp's scenarios: a caller with a script of keys, and an agent's phone."""

import struct

TONE_MS, GAP_MS, PACKET_MS = 100, 60, 20

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!DOCTYPE scenario SYSTEM "sipp.dtd">
<scenario name="{name}">
"""

INVITE = """  <send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:{user}@[local_ip]:[local_port]>;tag=[pid]t[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
P-Asserted-Identity: <sip:{number}@[local_ip]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:{user}@[local_ip]:[local_port]>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=u 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="183" optional="true"/>
  <recv response="200" rrs="true"/>
"""

REQUEST = """  <send{retrans}><![CDATA[
{method} [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:{user}@[local_ip]:[local_port]>;tag=[pid]t[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
[routes]
Call-ID: [call_id]
CSeq: {cseq} {method}
Max-Forwards: 70
{body}
]]></send>
"""

EMPTY = "Content-Length: 0\n"

KEY = """Content-Type: application/dtmf-relay
Content-Length: [len]

Signal={key}
Duration=100"""

OK = """  <send{next}><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
"""


def caller(name, number, keys, script, end):
    """A call. `keys` is rfc4733 or info. `script` has words: w1500 waits, 12# are keys. `end` is
    "hang-up", or the milliseconds in which the other side may hang up before the caller does.
    Returns the scenario and, for rfc4733, the packets of its sound."""
    user = f"trunk-{keys}"

    def request(method, cseq, body=EMPTY, retrans=' retrans="500"'):
        return REQUEST.format(retrans=retrans, method=method, user=user, cseq=cseq, body=body)

    text = HEAD.format(name=name) + INVITE.format(user=user, number=number)
    text += request("ACK", 1, retrans="")
    packets = None
    if keys == "rfc4733":
        packets = stream(script)
        length_ms = int(packets[-1][0] * 1000) + PACKET_MS
        text += f'  <nop><action><exec play_pcap_audio="{name}.pcap"/></action></nop>\n'
        text += pause(length_ms)
    else:
        cseq = 2
        for word in script.split():
            if word[0] == "w":
                text += pause(int(word[1:]))
                continue
            for key in word:
                text += request("INFO", cseq, KEY.format(key=key)) + '  <recv response="200"/>\n'
                text += pause(GAP_MS + TONE_MS)
                cseq += 1
    if end != "hang-up":
        text += f'  <recv request="BYE" timeout="{end}" ontimeout="1"/>\n' + OK.format(next=' next="2"')
        text += '  <label id="1"/>\n'
    text += request("BYE", 99) + '  <recv response="200"/>\n'
    if end != "hang-up":
        text += '  <label id="2"/>\n' + pause(100)
    return text + "</scenario>\n", packets


PHONE = """  <recv request="INVITE" crlf="true"/>
  <send><![CDATA[
SIP/2.0 180 Ringing
[last_Via:]
[last_From:]
[last_To:];tag=[pid]a[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port];transport=[transport]>
Content-Length: 0

]]></send>
  <pause milliseconds="{ring_ms}"/>
  <send retrans="500"><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:];tag=[pid]a[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port];transport=[transport]>
Content-Type: application/sdp
Content-Length: [len]

v=0
o=a 1 1 IN IP[local_ip_type] [local_ip]
s=-
c=IN IP[media_ip_type] [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8
a=rtpmap:8 PCMA/8000
]]></send>
  <recv request="ACK" rrs="true" crlf="true"/>
"""

BUSY = """  <send retrans="500"><![CDATA[
SIP/2.0 486 Busy Here
[last_Via:]
[last_From:]
[last_To:];tag=[pid]a[call_number]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
  <recv request="ACK"/>
"""

PHONE_BYE = """  <send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:[local_ip]:[local_port]>;tag=[pid]a[call_number]
To: [$1]
Call-ID: [call_id]
CSeq: 1 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
  <recv response="200"/>
"""


def phone(ring_ms, talk_ms):
    """An agent's phone: rings, answers, and hangs up after `talk_ms` unless that is done before."""
    # Asterisk's own From of the INVITE is where a BYE of ours goes to.
    take_from = (
        '<recv request="INVITE" crlf="true" rrs="true"><action>'
        '<ereg regexp=".*" search_in="hdr" header="From:" assign_to="1"/></action></recv>'
    )
    text = HEAD.format(name="phone") + PHONE.format(ring_ms=ring_ms)
    text = text.replace('<recv request="INVITE" crlf="true"/>', take_from)
    text += f'  <recv request="BYE" timeout="{talk_ms}" ontimeout="1"/>\n' + OK.format(next=' next="2"')
    text += '  <label id="1"/>\n' + PHONE_BYE + '  <label id="2"/>\n' + pause(100)
    return text + "</scenario>\n"


def outside(ring_ms, talk_ms, busy):
    """The numbers outside: ring, answer, and hang up after `talk_ms`; the number `busy` never answers."""
    text = phone(ring_ms, talk_ms)
    number = busy.replace("+", "[+]")
    take = 'assign_to="1"/>'
    look = f'<ereg regexp="INVITE sip:{number}@" search_in="msg" assign_to="2"/>'
    text = text.replace(take, take + look, 1)
    rings = "  <send><![CDATA[\nSIP/2.0 180"
    text = text.replace(rings, '  <nop next="3" test="2"/>\n' + rings, 1)
    end = '  <nop next="4"/>\n  <label id="3"/>\n' + BUSY + '  <label id="4"/>\n' + pause(100)
    return text.replace("</scenario>", end + "</scenario>")


def pause(ms):
    return f'  <pause milliseconds="{ms}"/>\n'


def stream(script):
    """One RTP stream: silence in PCMA, and telephone events of RFC 4733 as payload 101.

    The recordings of keys that come with sipp have fixed timestamps, rising from 1 to #: Asterisk
    takes a 4 after a 9 for a late packet and drops it. Hence one stream with its own time."""
    sequence, timestamp, at, packets = 1, 8000, 0.0, []

    def packet(kind, marker, payload):
        nonlocal sequence
        head = struct.pack(">BBHII", 0x80, marker << 7 | kind, sequence, timestamp, 0x1234ABCD)
        packets.append((at, head + payload))
        sequence += 1

    def silence(ms):
        nonlocal at, timestamp
        for _ in range(ms // PACKET_MS):
            packet(8, 0, b"\xd5" * 160)
            timestamp += 160
            at += PACKET_MS / 1000

    def tone(key):
        nonlocal at, timestamp
        event, steps = "0123456789*#".index(key), TONE_MS // PACKET_MS
        for step in range(1, steps + 1):
            packet(101, int(step == 1), struct.pack(">BBH", event, 10, step * 160))
            at += PACKET_MS / 1000
        for _ in range(3):
            packet(101, 0, struct.pack(">BBH", event, 0x80 | 10, steps * 160))
            at += 0.001
        timestamp += TONE_MS * 8

    for word in script.split():
        if word[0] == "w":
            silence(int(word[1:]))
            continue
        for key in word:
            tone(key)
            silence(GAP_MS)
    return packets


def pcap(packets):
    """The packets as a file that sipp plays."""
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)
    home = bytes([127, 0, 0, 1])
    for at, rtp in packets:
        udp = struct.pack(">HHHH", 6000, 20000, 8 + len(rtp), 0) + rtp
        ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 1, 0, 64, 17, 0, home, home) + udp
        frame = bytes(12) + b"\x08\x00" + ip
        microseconds = round(at * 1_000_000)
        seconds, microseconds = divmod(microseconds, 1_000_000)
        out += struct.pack("<IIII", seconds, microseconds, len(frame), len(frame)) + frame
    return out
