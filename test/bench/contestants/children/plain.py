# A protocol 1 extension without any library.
import json
import sys


def read():
    length = None
    while True:
        line = sys.stdin.buffer.readline()
        if not line:
            return None
        if line == b"\r\n":
            break
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return json.loads(sys.stdin.buffer.read(length))


def write(message):
    body = json.dumps(message).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    sys.stdout.buffer.flush()


while (request := read()) is not None:
    result = None
    if request["method"] == "initialize":
        result = {"protocol_version": 1, "capabilities": {}}
    elif request["method"] == "hook.handle":
        result = {"action": "continue"}
    write({"jsonrpc": "2.0", "id": request["id"], "result": result})
    if request["method"] == "shutdown":
        break
