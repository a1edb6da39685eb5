"""Counts every event that it is told of, whatever its kind, and lets all of them pass. Standard library only."""

import json
import sys

SEEN_TOOL = {
    "name": "seen",
    "description": "Tells how many events of each kind were seen.",
    "input_schema": {"type": "object", "additionalProperties": False},
}
seen = {}


def read():
    """The next message, or None at the end of the input."""
    length = None
    while True:
        line = sys.stdin.buffer.readline()
        if line == b"":
            return None
        if line == b"\r\n":
            break
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return json.loads(sys.stdin.buffer.read(length))


def answer(request, result):
    body = json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    sys.stdout.buffer.flush()


while (message := read()) is not None:
    method = message.get("method")
    result = None
    if method == "initialize":
        result = {"protocol_version": 3, "capabilities": {"tools": [SEEN_TOOL]}}
    elif method == "hook.handle":
        kind = message["params"]["kind"]
        seen[kind] = seen.get(kind, 0) + 1
        result = {"action": "continue"}
    elif method == "tool.call":
        result = json.dumps(seen)
    if "id" in message:
        answer(message, result)
    if method == "shutdown":
        break
