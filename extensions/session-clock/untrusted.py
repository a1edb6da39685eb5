"""Makes text of unknown origin safe to show to a model."""

import unicodedata

# The customary length of a commit subject.
MAX_CHARS = 72


def quoted(text, limit=MAX_CHARS):
    """
    One line in double quotes, at most `limit` characters between them. Control and invisible format characters
    (also those that reverse the reading direction) are dropped, line ends become spaces, and double quotes become
    single ones, so that the text cannot end its own quotation.
    """
    visible = "".join(_visible(char) for char in text[: limit * 8])
    line = " ".join(visible.split()).replace('"', "'")
    if len(line) > limit:
        line = line[: limit - 1].rstrip() + "\u2026"
    return '"%s"' % line


def _visible(char):
    if char in "\t\n\r\u2028\u2029\u0085":
        return " "
    return "" if unicodedata.category(char).startswith("C") else char
