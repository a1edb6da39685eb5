"""Describes a git work tree in a few lines, within a fixed time."""

import os
import subprocess
import time

from untrusted import quoted

CALL_SECONDS = 2.0
# Both calls together; the host waits 5 s for the whole answer.
TOTAL_SECONDS = 3.0

# `git status` would run the program that a repository names as its file system monitor, `git log` its signature
# checker. Describing a folder must not run anything that stands in it.
GIT = ["git", "-c", "core.fsmonitor=false", "-c", "log.showSignature=false"]
STATUS = ["status", "--porcelain=v2", "--branch", "--untracked-files=normal", "--ignore-submodules=all"]
SUBJECT = ["log", "-1", "--no-color", "--encoding=UTF-8", "--format=%s"]


# Messages of git name the folder, and sessions may work in any number of them.
MAX_NOTED = 64


class GitState:
    def __init__(self, log):
        self._log = log
        self._noted = set()

    def describe(self, folder):
        """
        The state of one folder's work tree as text, or None when there is nothing to tell. Never raises and never takes
        longer than 4 s.
        """
        deadline = time.monotonic() + TOTAL_SECONDS
        status = self._git(folder, STATUS, deadline)
        if status is None:
            return None
        state = parse_status(status)
        subject = None if state["initial"] else self._git(folder, SUBJECT, deadline)
        return render(state, subject)

    def _git(self, folder, args, deadline):
        """Standard output of one call, or None."""
        # LC_ALL: the one message that is matched below must be in English.
        env = dict(os.environ, GIT_OPTIONAL_LOCKS="0", GIT_TERMINAL_PROMPT="0", LC_ALL="C")
        try:
            child = subprocess.Popen(
                GIT + args,
                cwd=folder,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except (OSError, ValueError) as error:
            # A ValueError: the name of the folder is no text that the system takes.
            reason = getattr(error, "strerror", None) or "its name cannot be used"
            self._note("git cannot be run in the project's folder: %s" % reason)
            return None
        try:
            seconds = max(0.0, min(CALL_SECONDS, deadline - time.monotonic()))
            output, problem = child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            abandon(child)
            self._note("git %s took longer than %.0f s" % (args[0], CALL_SECONDS))
            return None
        if child.returncode == 0:
            return output.decode("utf-8", "replace")
        if b"not a git repository" not in problem and b"must be run in a work tree" not in problem:
            reason = problem.decode("utf-8", "replace").partition("\n")[0]
            self._note("git %s failed: %s" % (args[0], quoted(reason, 200)))
        return None

    def _note(self, message):
        """Each problem once: it would come back with every session."""
        if message not in self._noted:
            if len(self._noted) >= MAX_NOTED:
                self._noted.clear()
            self._noted.add(message)
            self._log(message)


def abandon(child):
    """Kills without reading to the end: a grandchild may hold the pipes open for long."""
    child.kill()
    child.stdout.close()
    child.stderr.close()
    try:
        child.wait(timeout=0.5)
    except subprocess.TimeoutExpired:
        pass


def parse_status(text):
    """Reads the stable format that git promises to scripts."""
    state = {"branch": None, "initial": False, "ahead": None, "behind": None, "changed": 0, "untracked": 0}
    for line in text.splitlines():
        if line.startswith("# branch.head "):
            state["branch"] = line[14:]
        elif line == "# branch.oid (initial)":
            state["initial"] = True
        elif line.startswith("# branch.ab "):
            ahead, behind = line[12:].split(" ")
            state["ahead"], state["behind"] = int(ahead), -int(behind)
        elif line.startswith("? "):
            state["untracked"] += 1
        elif line[:2] in ("1 ", "2 ", "u "):
            state["changed"] += 1
    return state


def render(state, subject):
    """Text for the model. Names and subjects come from the repository and are quoted as data."""
    head = "no branch (detached)" if state["branch"] == "(detached)" else "branch %s" % quoted(state["branch"] or "?")
    if state["ahead"] is not None:
        head += ", %d ahead and %d behind its upstream" % (state["ahead"], state["behind"])
    lines = ["Git work tree: %s; %d changed, %d untracked." % (head, state["changed"], state["untracked"])]
    if state["initial"]:
        lines.append("There is no commit yet.")
    elif subject is not None:
        lines.append("Subject of the last commit, quoted from the repository: %s" % quoted(subject))
    return "\n".join(lines)
