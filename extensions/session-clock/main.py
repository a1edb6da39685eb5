"""Injects the date, the time zone and the work tree's state into a session. Protocol 1, standard library only."""

import sys

# The host hashes this folder to notice changed code; a bytecode cache would look like a change.
sys.dont_write_bytecode = True

from clock import Clock, system_zone_name, wrong_zone
from frames import FrameError, read_frame, write_frame
from git_state import GitState
from refresh import Refresh
from settings import read_settings
from untrusted import quoted

PROTOCOL_VERSION = 1
PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INTERNAL_ERROR = -32603
# The longest path that Linux takes.
MAX_FOLDER_CHARS = 4096


def log(message):
    """One line for the host's log of this extension."""
    print(message, file=sys.stderr, flush=True)


class RequestError(Exception):
    """Becomes the JSON-RPC error of an answer."""

    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def folder_of(data, project_root):
    """
    The folder that the session works in, or None. An event that names its folder or its agent comes from elsewhere: then the
    project of this process says nothing about it, even when its folder cannot be used.
    """
    data = data if isinstance(data, dict) else {}
    folder = data.get("cwd")
    if folder is None and data.get("agent") is None:
        return project_root
    if not isinstance(folder, str) or not folder.startswith("/") or "\0" in folder:
        return None
    return folder if len(folder) <= MAX_FOLDER_CHARS else None


def warnings_of(settings):
    """Lines for the model: mistakes of the configuration, and a TZ that names no zone, which the log is told here."""
    warnings = ["The configuration of session-clock has a mistake: %s." % text for text in settings.mistakes]
    wrong = wrong_zone()
    if wrong is not None:
        text = "The variable TZ names %s, a time zone that this system does not know" % quoted(wrong, 64)
        log("%s: programs take UTC for it" % text)
        note = "the time above is UTC, too" if settings.zone is None else "the time above is not"
        warnings.append("%s: programs take UTC for it; %s." % (text, note))
    return warnings


class SessionClock:
    def __init__(self, config):
        settings = read_settings(config, log)
        self._clock = Clock(settings.zone, settings.zone_name or system_zone_name())
        self._warnings = warnings_of(settings)
        self._refresh = Refresh(settings.refresh_seconds)
        self._project_root = settings.project_root
        self._git = GitState(log) if settings.git else None

    def on_session_start(self, event):
        now = self._clock.now()
        parts = ["The session starts on %s." % self._clock.full(now)] + self._warnings
        folder = folder_of(event.get("data"), self._project_root)
        state = self._git.describe(folder) if self._git and folder else None
        if state:
            parts.append(state)
        self._refresh.injected(event.get("session_id"), now)
        return {"action": "inject", "content": "\n".join(parts)}

    def before_message(self, event):
        now = self._clock.now()
        session = event.get("session_id")
        if not self._refresh.is_due(session, now):
            return {"action": "continue"}
        # A time alone would mislead when midnight has passed since the model was last told the date.
        same_day = self._refresh.same_day(session, now)
        text = self._clock.time(now) if same_day else self._clock.full(now)
        self._refresh.injected(session, now)
        return {"action": "inject", "content": "It is now %s." % text}


class Server:
    """Answers one request at a time, as protocol 1 sends them."""

    def __init__(self, output):
        self._output = output
        self._extension = None

    def answer(self, message):
        """Answers one decoded message. Returns False when the process shall end."""
        if not isinstance(message, dict) or not isinstance(message.get("method"), str):
            # A response to nothing we asked, or no message at all: only the latter deserves an answer.
            if not (isinstance(message, dict) and "id" in message):
                self.fail(None, INVALID_REQUEST, "a message must be an object with a method")
            return True
        method, request_id = message["method"], message.get("id")
        if request_id is None:
            return True
        try:
            result = self._call(method, message.get("params"))
        except RequestError as error:
            self.fail(request_id, error.code, str(error))
        except Exception as error:  # An answer, whatever happens: silence would cost the host its full deadline.
            log("%s failed: %s: %s" % (method, type(error).__name__, error))
            self.fail(request_id, INTERNAL_ERROR, "%s: %s" % (type(error).__name__, error))
        else:
            write_frame(self._output, {"jsonrpc": "2.0", "id": request_id, "result": result})
        return method != "shutdown"

    def fail(self, request_id, code, text):
        error = {"code": code, "message": text}
        write_frame(self._output, {"jsonrpc": "2.0", "id": request_id, "error": error})

    def _call(self, method, params):
        params = params if isinstance(params, dict) else {}
        if method == "initialize":
            return self._initialize(params)
        if method == "hook.handle":
            return self._hook(params)
        if method == "shutdown":
            return None
        raise RequestError(METHOD_NOT_FOUND, "method not found: %s" % method[:100])

    def _initialize(self, params):
        config = params.get("config")
        self._extension = SessionClock(config if isinstance(config, dict) else {})
        return {"protocol_version": PROTOCOL_VERSION, "capabilities": {}}

    def _hook(self, event):
        if self._extension is None:
            raise RequestError(INVALID_REQUEST, "initialize must come first")
        kind = event.get("kind")
        if kind == "on_session_start":
            return self._extension.on_session_start(event)
        if kind == "before_message":
            return self._extension.before_message(event)
        return {"action": "continue"}


def main():
    source, server = sys.stdin.buffer, Server(sys.stdout.buffer)
    while True:
        try:
            message = read_frame(source, log)
        except ValueError as error:
            server.fail(None, PARSE_ERROR, "the body is not JSON: %s" % error)
            continue
        except FrameError as error:
            log("giving up: %s" % error)
            return 1
        if message is None or not server.answer(message[0]):
            return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (BrokenPipeError, KeyboardInterrupt):
        # The host is gone; os._exit because flushing stdout again at exit would fail once more.
        import os

        os._exit(0)
