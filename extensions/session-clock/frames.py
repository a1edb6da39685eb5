"""Content-Length framing over byte streams."""

import json

MAX_HEADER_LINE = 8 * 1024
# The host sends at most 32 MiB; twice that still protects memory from a corrupt header.
MAX_BODY = 64 * 1024 * 1024


class FrameError(Exception):
    """The stream cannot be read any further."""


def read_frame(source, log):
    """
    Reads one message and returns it in a tuple of one (a message may be null), or None at the end of input.

    Lines may end in CRLF or LF, header names may have any case, unknown headers are skipped, and a header block
    without a length is reported and skipped. Raises ValueError for a body that is not JSON (the stream stays
    usable) and FrameError when the position of the next frame is lost.
    """
    length = None
    seen_header = False
    while True:
        line = source.readline(MAX_HEADER_LINE + 1)
        if not line:
            if seen_header:
                raise FrameError("the input ended inside a header")
            return None
        if len(line) > MAX_HEADER_LINE:
            raise FrameError("a header line is longer than %d bytes" % MAX_HEADER_LINE)
        line = line.strip()
        if line:
            seen_header = True
            length = _content_length(line, length)
            continue
        if length is not None:
            break
        if seen_header:
            log("skipped a header block without Content-Length")
            seen_header = False
    return (json.loads(_body(source, length).decode("utf-8")),)


def write_frame(output, message):
    body = json.dumps(message, separators=(",", ":")).encode("utf-8")
    output.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    output.flush()


def _content_length(line, previous):
    name, _, value = line.partition(b":")
    if name.strip().lower() != b"content-length":
        return previous
    value = value.strip()
    if not value.isdigit() or int(value) > MAX_BODY:
        raise FrameError("Content-Length is %r, expected 0 to %d" % (value[:32], MAX_BODY))
    return int(value)


def _body(source, length):
    parts = []
    missing = length
    while missing > 0:
        part = source.read(missing)
        if not part:
            raise FrameError("the input ended inside a body")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
