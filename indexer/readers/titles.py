"""A title for an article that has none: its first sentence without the dateline."""

import re
from collections.abc import Iterator

LONGEST = 120
"""Code points after which a title is cut at a word's end."""

_WORDS = r"[^\W_]+(?:[ ][^\W_]+)"

DATELINES = (
    r"[^\n:()]{2,60}?\([^()\n]{2,40}\)\s*(?:[-–—]+|:)",  # place (agency) --
    rf"{_WORDS}{{0,2}} من {_WORDS}{{0,2}}\s*:",  # paper from place:
    rf"{_WORDS}{{0,2}}\s*[-–—/]\s*{_WORDS}{{0,3}}\s*[:–—-](?!\w)",  # place - agency:
    rf"{_WORDS}{{0,1}}\s*(?:--+|[–—-](?!\w))",  # agency-
    r"[^\W_]+\s*:",  # place:
)
"""Ways to open a report, the longest first. A speaker's name before a colon looks like the last but one:
such a title loses its speaker, the body never does."""

_DATELINE = re.compile(rf"\s*(?:{'|'.join(DATELINES)})\s*")
_SENTENCE_END = re.compile(r"[^\W_]{2}[.!?؟…](?=\s)|\n")


def first_sentence(body: str) -> str:
    """The first sentence of a body without its dateline, in one line.

    >>> first_sentence("إيلاف من لندن: وصل الوزير اليوم. وقال إنه عائد.")
    'وصل الوزير اليوم.'
    >>> first_sentence("دبي، الإمارات العربية المتحدة (CNN)-- أعلن البيت الأبيض")
    'أعلن البيت الأبيض'
    """
    start = body.lstrip()[: 20 * LONGEST]
    told = _DATELINE.sub("", start, count=1) if _DATELINE.match(start) else start
    for text in (told, start, body):
        for sentence in _sentences(text):
            if any(letter.isalpha() for letter in sentence):
                return _cut(" ".join(sentence.split()))
    return _cut(" ".join(body.split()))


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for end in _SENTENCE_END.finditer(text):
        yield text[start : end.end()]
        start = end.end()
    yield text[start:]


def _cut(sentence: str) -> str:
    """At most `LONGEST` code points, whole words where there are any.

    >>> len(_cut("كلمة " * 50)), _cut("كلمة " * 50)[-6:]
    (120, ' كلمة…')
    """
    if len(sentence) <= LONGEST:
        return sentence
    words, blank, _ = sentence[:LONGEST].rpartition(" ")
    return (words if blank else sentence[: LONGEST - 1]).rstrip(" ،,;؛:-") + "…"
