"""Describes a git work tree in a few lines, within a fixed time."""

import os
import subprocess
import time

from oddities import describe_oddities, git_entry, missing_submodules
from untrusted import quoted

CALL_SECONDS = 2.0
# All calls together; the host waits 5 s for the whole answer.
TOTAL_SECONDS = 3.0

# `git status` would run the program that a repository names as its file system monitor, `git log` its signature
# checker. Describing a folder must not run anything that stands in it.
GIT = ["git", "-c", "core.fsmonitor=false", "-c", "log.showSignature=false"]
STATUS = [
    "status",
    "--porcelain=v2",
    "--branch",
    "--show-stash",
    "--untracked-files=normal",
    "--ignore-submodules=all",
]
SUBJECT = ["log", "-1", "--no-color", "--encoding=UTF-8", "--format=%s"]
# One line each, in this order. The repository around a submodule is not asked for: git would run another git there, without
# the settings above.
PLACE = ["rev-parse", "--absolute-git-dir", "--git-common-dir", "--show-toplevel", "--is-shallow-repository"]
SUBMODULES = ["config", "--no-includes", "-z", "--file", ".gitmodules", "--get-regexp", r"^submodule\..*\.path$"]

# Messages of git name the folder, and sessions may work in any number of them.
MAX_NOTED = 64
MAX_ODDITIES = 8


class GitError(Exception):
    """A call that told nothing. `told` is for the model; None where there is nothing to tell."""

    def __init__(self, told):
        super().__init__(told)
        self.told = told


class GitState:
    def __init__(self, log):
        self._log = log
        self._noted = set()

    def describe(self, folder):
        """
        The state of one folder's work tree as text, or None when there is nothing to tell. A state that cannot be
        read is told, too. Never raises and never takes longer than 4 s.
        """
        deadline = time.monotonic() + TOTAL_SECONDS
        try:
            state = parse_status(self._git(folder, STATUS, deadline))
        except GitError as error:
            return error.told
        except ValueError:
            self._note("git status answered in a form that is not known")
            return "The state of the git work tree is unknown: git status answered in a form that is not known."
        subject = None if state["initial"] else self._optional(folder, SUBJECT, deadline)
        lines = render(state, subject) + self._oddities(folder, state, deadline)
        return "\n".join(lines)

    def _oddities(self, folder, state, deadline):
        place = parse_place(self._optional(folder, PLACE, deadline), folder)
        if place is None:
            return []
        lines = describe_oddities(place, state["conflicts"])
        if os.path.isfile(os.path.join(place["top"], ".gitmodules")):
            entries = (self._optional(place["top"], SUBMODULES, deadline) or "").split("\0")
            missing = missing_submodules(place["top"], [entry.partition("\n")[2] for entry in entries if entry])
            lines += [missing] if missing else []
        if state["stashed"]:
            lines.append("%d stashed changes wait in `git stash`." % state["stashed"])
        return lines[:MAX_ODDITIES]

    def _optional(self, folder, args, deadline):
        """Standard output of one call, or None."""
        try:
            return self._git(folder, args, deadline)
        except GitError:
            return None

    def _git(self, folder, args, deadline):
        """Standard output of one call. Raises GitError when there is none."""
        # LC_ALL: the messages that are matched below must be in English.
        path = absolute_only(os.environ.get("PATH", os.defpath))
        env = dict(os.environ, PATH=path, GIT_OPTIONAL_LOCKS="0", GIT_TERMINAL_PROMPT="0", LC_ALL="C")
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
            raise GitError(self._not_run(folder, error))
        try:
            seconds = max(0.0, min(CALL_SECONDS, deadline - time.monotonic()))
            output, problem = child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            abandon(child)
            self._note("git %s took longer than %.0f s" % (args[0], CALL_SECONDS))
            raise GitError(
                "The state of the git work tree is unknown: git %s took longer than %.0f s. Other git commands may"
                " be as slow here." % (args[0], CALL_SECONDS)
            )
        if child.returncode == 0:
            return output.decode("utf-8", "replace")
        raise GitError(self._failed(folder, args, problem.decode("utf-8", "replace")))

    def _not_run(self, folder, error):
        # A ValueError: the name of the folder is no text that the system takes.
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        self._note("git cannot be run in the project's folder: %s" % reason)
        if isinstance(error, ValueError) or not os.path.isdir(folder) or not git_entry(folder):
            return None
        return "This is a git work tree, but git cannot be run here (%s): its state is unknown." % reason

    def _failed(self, folder, args, problem):
        reason = problem.partition("\n")[0] or "(nothing)"
        if "must be run in a work tree" in problem:
            return "The folder is a bare git repository, or inside the files of git: it has no work tree."
        if "not a git repository" in problem:
            if not git_entry(folder):
                return None
            self._note("git finds no repository although there is a .git: %s" % quoted(reason, 200))
            return "There is a .git, but git finds no repository in it: it is broken, or the one it points to is gone."
        self._note("git %s failed: %s" % (args[0], quoted(reason, 200)))
        if "dubious ownership" in problem:
            return (
                "git refuses to work here (dubious ownership): the repository belongs to another user, and git"
                " commands fail until the user trusts it with safe.directory. Do not change that unasked."
            )
        return "git cannot read this repository, and says: %s" % quoted(reason, 200)

    def _note(self, message):
        """Each problem once: it would come back with every session."""
        if message not in self._noted:
            if len(self._noted) >= MAX_NOTED:
                self._noted.clear()
            self._noted.add(message)
            self._log(message)


def absolute_only(path):
    """A PATH without entries such as `.`, which would find programs in the folder that is described."""
    return os.pathsep.join(entry for entry in path.split(os.pathsep) if os.path.isabs(entry)) or os.defpath


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
    state = {
        "branch": None,
        "initial": False,
        "upstream": False,
        "ahead": None,
        "behind": None,
        "changed": 0,
        "untracked": 0,
        "conflicts": 0,
        "stashed": 0,
    }
    for line in text.splitlines():
        if line.startswith("# branch.head "):
            state["branch"] = line[14:]
        elif line == "# branch.oid (initial)":
            state["initial"] = True
        elif line.startswith("# branch.upstream "):
            state["upstream"] = True
        elif line.startswith("# branch.ab "):
            ahead, behind = line[12:].split(" ")
            state["ahead"], state["behind"] = int(ahead), -int(behind)
        elif line.startswith("# stash "):
            state["stashed"] = int(line[8:])
        elif line.startswith("? "):
            state["untracked"] += 1
        elif line[:2] in ("1 ", "2 ", "u "):
            state["changed"] += 1
            state["conflicts"] += line[:2] == "u "
    return state


def parse_place(text, folder):
    """Where the repository and its parts are, or None when git told too little."""
    # A line end in the name of a folder makes more lines of them, which cannot be told apart.
    lines = (text or "").split("\n")
    if len(lines) != 5:
        return None
    git_dir = os.path.realpath(lines[0])
    return {
        "git_dir": git_dir,
        "common_dir": os.path.realpath(os.path.join(folder, lines[1])),
        "top": lines[2],
        "shallow": lines[3] == "true",
        "superproject": git_dir.partition("/.git/modules/")[0] if "/.git/modules/" in git_dir else None,
    }


def render(state, subject):
    """Lines for the model. Names and subjects come from the repository and are quoted as data."""
    head = "no branch (detached)" if state["branch"] == "(detached)" else "branch %s" % quoted(state["branch"] or "?")
    if state["ahead"] is not None:
        head += ", %d ahead and %d behind its upstream" % (state["ahead"], state["behind"])
    elif state["upstream"] and not state["initial"]:
        head += ", whose upstream is gone"
    lines = ["Git work tree: %s; %d changed, %d untracked." % (head, state["changed"], state["untracked"])]
    if state["initial"]:
        lines.append("There is no commit yet.")
    elif subject is not None:
        lines.append("Subject of the last commit, quoted from the repository: %s" % quoted(subject))
    return lines
