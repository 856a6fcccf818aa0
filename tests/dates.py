"""Dates on pages: each stands in an element of its own, in which the line does not break."""

import re


def in_words(html):
    """`html` without those elements, so that a sentence with a date reads as one."""
    bare = re.sub(r'<span class="date">(?:<span>(.*?)</span>)?(.*?)</span>', r"\1\2", html)
    return re.sub(r'<span class="with-marks">(.*?)</span>', r"\1", bare)
