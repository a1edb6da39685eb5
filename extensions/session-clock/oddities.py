"""Finds what is odd about a repository, such as unfinished operations. Reads files and runs nothing."""

import os
import stat
import time

from untrusted import quoted

# A lock that a running command holds is younger as a rule.
LOCK_SECONDS = 60
MAX_READ = 1024
# Each costs a look at a folder.
MAX_SUBMODULES = 200

# Files of the git folder, and what their presence means, in the words of git's own commands.
UNFINISHED = (
    ("rebase-merge", "A rebase is unfinished"),
    ("rebase-apply/applying", "An 'am' of patches is unfinished"),
    ("rebase-apply", "A rebase is unfinished"),
    ("MERGE_HEAD", "A merge is unfinished"),
    ("CHERRY_PICK_HEAD", "A cherry-pick is unfinished"),
    ("REVERT_HEAD", "A revert is unfinished"),
    ("sequencer", "A cherry-pick or revert of several commits is unfinished"),
    ("BISECT_LOG", "A bisect is running"),
)
LOCKS = ("index.lock", "HEAD.lock", "config.lock", "packed-refs.lock", "shallow.lock")


def git_entry(folder):
    """True if something named `.git` stands in the folder or above it, whatever it is."""
    path = folder
    for _ in range(64):
        if os.path.lexists(os.path.join(path, ".git")):
            return True
        parent = os.path.dirname(path)
        if parent == path:
            return False
        path = parent
    return False


def describe_oddities(place, conflicts):
    """
    Lines for the model. `place` has what git told: git_dir, common_dir, shallow, superproject, top. Every line is short, and
    text of the repository is quoted in it.
    """
    lines = unfinished(place["git_dir"])
    if conflicts:
        lines.append("%d files have conflicts that are not resolved." % conflicts)
    lines += locks(place["git_dir"], place["common_dir"])
    if place["shallow"]:
        lines.append("The clone is shallow: its history is cut off, and older commits are missing.")
    if place["superproject"]:
        lines.append("It is a submodule of %s." % quoted(place["superproject"], 200))
    elif place["common_dir"] != place["git_dir"]:
        lines.append("It is a linked work tree of the repository %s." % quoted(place["common_dir"], 200))
    return lines


def unfinished(git_dir):
    lines = []
    for name, text in UNFINISHED:
        # 'am' and an older rebase share a folder, and a list of picks stands beside the pick at hand.
        if (name in ("rebase-apply", "sequencer") and lines) or not os.path.lexists(os.path.join(git_dir, name)):
            continue
        branch = read_line(os.path.join(git_dir, name, "head-name")) if name.startswith("rebase-") else None
        of = " (of %s)" % quoted(branch.replace("refs/heads/", "", 1)) if branch else ""
        lines.append("%s%s: finish or abort it before other work, as the user wants." % (text, of))
    return lines


def locks(*folders):
    lines = []
    for folder in dict.fromkeys(folders):
        for name in LOCKS:
            try:
                age = time.time() - os.lstat(os.path.join(folder, name)).st_mtime
            except OSError:
                continue
            if age >= LOCK_SECONDS:
                lines.append(
                    "A lock file %s has been there for %s: a git command crashed or still runs." % (name, spell(age))
                )
    return lines


def spell(seconds):
    for name, length in (("days", 86400), ("hours", 3600)):
        if seconds >= 2 * length:
            return "%d %s" % (seconds // length, name)
    return "%d minutes" % (seconds // 60)


def missing_submodules(top, paths):
    """A line if submodules are named and not checked out, else None."""
    paths = paths[:MAX_SUBMODULES]
    missing = [path for path in paths if is_empty(os.path.join(top, path))]
    if not missing:
        return None
    return "%d of %d submodules are not checked out, among them %s." % (len(missing), len(paths), quoted(missing[0]))


def is_empty(folder):
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except OSError:
        return True


def read_line(path):
    """First line of a plain file, or None. Anything else, such as a pipe, could hold the reader for ever."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0))
    except (OSError, ValueError):
        return None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        return os.read(handle, MAX_READ).decode("utf-8", "replace").partition("\n")[0].strip() or None
    except OSError:
        return None
    finally:
        os.close(handle)
