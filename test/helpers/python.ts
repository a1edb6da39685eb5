/** `read()` and `write(message)` for an extension in Python with nothing but stdin and stdout. Imports json, os and sys. */
export const PYTHON_FRAMES = `import json, os, sys
def read():
    length = 0
    while True:
        line = sys.stdin.buffer.readline()
        if line in (b"\\r\\n", b"\\n"): break
        if not line: os._exit(0)
        if line.lower().startswith(b"content-length:"): length = int(line.split(b":")[1])
    return json.loads(sys.stdin.buffer.read(length))
def write(message):
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\\r\\n\\r\\n" % len(body) + body)
    sys.stdout.buffer.flush()
`;
