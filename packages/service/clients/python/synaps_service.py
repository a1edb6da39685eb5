"""Asks the resident Synaps service of this user. Python 3.8 or later on a Unix, standard library only."""
import hashlib, http.client, json, os, pwd, socket, subprocess

class ServiceError(Exception):
    """What the service refused: `code` as in docs/errors.md, and a hint or None."""
    def __init__(self, code, message, hint=None):
        super().__init__(message)
        self.code, self.hint = code, hint

class _Connection(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)

class Service:
    """The service with the extensions of the project around `cwd`. Threads may share it: each call has its own connection."""
    def __init__(self, cwd=None, agent=None, base_dir=None, start=("synaps-ext",), timeout=60):
        home = os.environ.get("HOME", "") if os.environ.get("HOME", "").startswith("/") else pwd.getpwuid(os.getuid()).pw_dir
        self.base = os.path.abspath(base_dir or os.environ.get("SYNAPS_BASE_DIR") or os.path.join(home, ".synaps-cli"))
        self.about, self.start, self.timeout = {"cwd": cwd, "agent": agent}, list(start), timeout
        folder, temp = os.path.join(self.base, "extensions", "serve"), [os.environ.get(v) for v in ("TMPDIR", "TMP", "TEMP")]
        if len(os.fsencode(folder)) + 11 > 100:  # too long for the address of a socket
            name = "synaps-serve-%d-%s" % (os.getuid(), hashlib.sha256(os.fsencode(self.base)).hexdigest()[:12])
            folder = os.path.join(next(filter(None, temp + ["/tmp"])).rstrip("/") or "/", name)
        self.folder, self.path = folder, os.path.join(folder, "serve.sock")
    def emit(self, event): return self._ask("emit", event=event)
    def before(self, kinds, event): return self._ask("intercept/before", kinds=kinds, event=event)
    def after(self, ticket, output=None, is_error=False, error=None):
        return self._ask("intercept/after", ticket=ticket, output=output, is_error=is_error, error=error)
    def confirm(self, ticket, agreed): return self._ask("intercept/confirm", ticket=ticket, agreed=agreed)
    def tools(self): return self._ask("tools/list")
    def call_tool(self, name, input, session_id=None):
        return self._ask("tools/call", name=name, input=input, session_id=session_id)
    def commands(self): return self._ask("commands/list")
    def invoke(self, command, *args): return self._ask("commands/invoke", command=command, args=args)
    def status(self): return self._ask("status")
    def outcomes(self):
        """An iterator over the outcomes from now on, of the project around `cwd`, or of all without one."""
        lines = self._open("outcomes", {"cwd": self.about["cwd"]}, None)
        lines.readline()  # says that nothing is missed from here on
        return (json.loads(line) for line in lines)
    def _ask(self, method, **params):
        return json.loads(self._open(method, {**self.about, **params}, self.timeout).read())
    def _open(self, method, params, timeout):
        connection = _Connection("synaps", timeout=timeout)
        connection.path = self.path
        try:
            try: connection.connect()
            except (FileNotFoundError, ConnectionRefusedError):  # it does not run
                command = [*self.start, "serve", "--detach", "--base-dir", self.base]
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
                connection.connect()
            if os.stat(self.folder).st_uid != os.getuid(): raise OSError("'%s' is another user's" % self.folder)
            connection.request("POST", "/v1/" + method, json.dumps(params), {"content-type": "application/json"})
            answer = connection.getresponse()
        except (OSError, http.client.HTTPException, subprocess.CalledProcessError) as error:
            raise ServiceError("SERVICE_UNAVAILABLE", "The service cannot be reached: %s" % error) from error
        if answer.status == 200: return answer
        raise ServiceError(**json.loads(answer.read())["error"])
