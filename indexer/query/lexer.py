"""The signs, operators and clauses that a query's text is made of, each with its place.

Text is cut at white space, brackets, quotation marks and ``|`` into chunks. A chunk is an operator, or
has a prefix (``-``, a field, ``=``, ``+``) and then words, which `indexer.analysis` finds in it. Each
character is looked at a fixed number of times, so the time is linear in the text.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple

from indexer.analysis import letters as at
from indexer.analysis.normalize import fold
from indexer.analysis.tokenize import WORD, words
from indexer.model import Notice
from indexer.query import dates
from indexer.query.normal import side_by_side
from indexer.query.notices import noted
from indexer.query.tree import Dates, Everything, FieldName, Fuzzy, Phrase, Query, Wildcard, Word

Kind = Literal["clause", "open", "close", "or", "bar", "and", "not", "minus", "field", "dash"]
"""`bar` is ``|``; `minus` a ``-`` that excludes, unless a `dash` (a hyphen after a word) closes it."""

SIGNS: dict[str, Kind] = {"(": "open", ")": "close", "|": "bar"}

OPERATORS: dict[str, Kind] = {"OR": "or", "AND": "and", "NOT": "not"}
"""Chunks that are operators, letter for letter."""

ARABIC_OPERATORS: dict[str, Kind] = {fold("أو"): "or"}
"""Chunks that are operators however they are spelled. «و» and «ليس» are words."""

FIELDS: dict[str, FieldName] = {
    fold("title"): "title",
    fold("عنوان"): "title",
    fold("body"): "body",
    fold("نص"): "body",
    fold("source"): "source",
    fold("مصدر"): "source",
    fold("author"): "author",
    fold("كاتب"): "author",
    fold("section"): "section",
    fold("قسم"): "section",
}
"""What may stand before a colon, however it is spelled."""

DATE_FIELDS = frozenset(map(fold, ("date", "تاريخ")))

RANGE_WORDS = frozenset(map(fold, ("TO", "إلى", "الى")))
"""What stands between the ends of a range of dates."""

_STRAIGHT = "\N{QUOTATION MARK}"
_ANGLE_LEFT = "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}"
_ANGLE_RIGHT = "\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}"
_CURLY_LEFT = "\N{LEFT DOUBLE QUOTATION MARK}"
_CURLY_RIGHT = "\N{RIGHT DOUBLE QUOTATION MARK}"
_LOW = "\N{DOUBLE LOW-9 QUOTATION MARK}"
_REVERSED = "\N{DOUBLE HIGH-REVERSED-9 QUOTATION MARK}"

QUOTES = {
    _STRAIGHT: _STRAIGHT,
    _ANGLE_LEFT: _ANGLE_RIGHT,
    _ANGLE_RIGHT: "",
    _CURLY_LEFT: _CURLY_RIGHT,
    _CURLY_RIGHT: _CURLY_LEFT + _CURLY_RIGHT,  # some editors mirror the pair in text from right to left
    _LOW: _CURLY_LEFT + _CURLY_RIGHT,
    _REVERSED: _CURLY_RIGHT,
}
"""Quotation mark → the marks that may close what it opens; those that only close open nothing."""

QUESTION_MARKS = "?\N{ARABIC QUESTION MARK}"
WILDCARDS = "*" + QUESTION_MARKS
FALSE_ENDS = ".,;:!-\N{ARABIC COMMA}\N{ARABIC SEMICOLON}" + QUESTION_MARKS
"""Punctuation after a date that is no part of it."""

LEADING_LETTERS = 3
"""A wildcard before fewer letters than these would reach half the vocabulary."""

MAX_EDITS = 2
MAX_SLOP = 1_000

LONGEST_NAME = 32
"""Code points that an operator or a field's name may have, marks included."""

LONGEST_DATE = 120
"""Code points that a date or a range may have."""

LONGEST_MARKS = 30
"""Marks, or tatweel, in a row that are read; more are left out, for ordering marks takes quadratic time."""

_QUOTE = "".join(QUOTES)
_CLOSINGS = {mark: re.compile(f"[{closing}]") for mark, closing in QUOTES.items() if closing}
_ALONE = rf"\0-\x7f{at.ARABIC_LETTERS}{_QUOTE}"  # never composed with what stands before
_COMPOSED = re.compile(rf"[{_ALONE}]?[^{_ALONE}]*")
_CONTROLS = re.compile(f"[{at.CONTROLS}]")
_CHUNK = re.compile(rf"[^\s()|{_QUOTE}]+")
_WILD = f"[{WILDCARDS}]"
_WILDCARDS = re.compile(f"{_WILD}+")
_CLINGING_STAR = re.compile(r"(?<=\w)\*|\*(?=\w)")
_PLAIN = re.compile(rf"\+{_WILD}*(?:{WORD.pattern})")
_DISTANCE = re.compile(rf"~(\d++)(?!{WORD.pattern})")
_RANGE = re.compile(rf"\[([^\[\]]{{0,{LONGEST_DATE}}})\]")

_AFTER_MINUS = re.compile(rf"\(|{WORD.pattern}")
_AFTER_FIELD = re.compile(rf"\(|\*|\+?{_WILD}*(?:{WORD.pattern})")
"""What a prefix may stand before, quotation marks aside."""


class Token(NamedTuple):
    """A sign, an operator or a clause.

    Attributes:
        position: code point in the text as given.
        text: an operator or a field's name as typed; empty for other kinds.
        query: what a clause asks for; None where nothing is left of it.
        name: which field a `field` is.
    """

    kind: Kind
    position: int
    text: str = ""
    query: Query | None = None
    name: FieldName | None = None


class Run(NamedTuple):
    """A word with the wildcards that touch it: ``chunk[start:end]``."""

    text: str
    start: int
    end: int


def lexed(text: str) -> tuple[list[Token], list[Notice]]:
    """The tokens of a text, and what could not be read as it was meant.

    >>> [token.kind for token in lexed("(كوفيد-19 OR title:لقاح) -السفر")[0]]
    ['open', 'clause', 'or', 'field', 'clause', 'close', 'minus', 'clause']
    """
    lexer = _Lexer(text)
    lexer.read()
    return lexer.tokens, lexer.notices


def operator(chunk: str) -> Kind | None:
    """Which operator a chunk is, if it is one.

    >>> operator("OR"), operator("أَوْ"), operator("or"), operator("و")
    ('or', 'or', None, None)
    """
    if len(chunk) > LONGEST_NAME:
        return None
    return OPERATORS.get(chunk) or ARABIC_OPERATORS.get(fold(chunk))


def visible(text: str) -> tuple[str, Sequence[int]]:
    """The text in NFC without invisible characters, and where each code point of it was.

    >>> visible("a\\u200fe\\u0301")
    ('aé', [0, 2])
    """
    origins: Sequence[int] = list(_visible_places(text)) if _needs_sifting(text) else range(len(text))
    chars = text if len(origins) == len(text) else "".join(text[place] for place in origins)
    if unicodedata.is_normalized("NFC", chars):
        return chars, origins
    composed, places = [], []
    for match in _COMPOSED.finditer(chars):
        part = unicodedata.normalize("NFC", match[0])
        composed.append(part)
        places += [origins[min(match.start() + n, match.end() - 1)] for n in range(len(part))]
    return "".join(composed), places


def _needs_sifting(text: str) -> bool:
    return len(text) > LONGEST_MARKS or _CONTROLS.search(text) is not None


def _visible_places(text: str) -> Iterator[int]:
    marks = 0
    for place, char in enumerate(text):
        if _CONTROLS.match(char):
            continue
        marks = marks + 1 if unicodedata.combining(char) or char == at.TATWEEL else 0
        if marks <= LONGEST_MARKS:
            yield place


class _Lexer:
    """Reads one text from its start to its end. Methods that read return where to go on."""

    def __init__(self, text: str) -> None:
        self.chars, self.origins = visible(text)
        self.tokens: list[Token] = []
        self.notices: list[Notice] = []
        self.unclosed: set[str] = set()  # quotation marks that nothing closes from here on

    def read(self) -> None:
        place = 0
        while place < len(self.chars):
            char = self.chars[place]
            if char.isspace():
                place += 1
            elif char in SIGNS:
                self.add(SIGNS[char], place)
                place += 1
            elif char in QUOTES:
                place = self.quoted(place)
            else:
                place = self.chunk(place)

    def add(
        self,
        kind: Kind,
        place: int,
        text: str = "",
        query: Query | None = None,
        name: FieldName | None = None,
    ) -> None:
        self.tokens.append(Token(kind, self.origins[place], text, query, name))

    def note(self, code: str, place: int, **values: object) -> None:
        self.notices.append(noted(code, self.origins[place], **values))

    def after_space(self, place: int) -> bool:
        return place == 0 or self.chars[place - 1].isspace() or self.chars[place - 1] == "("

    # --- phrases ------------------------------------------------------------------------------------------

    def quoted(self, start: int, *, as_written: bool = False) -> int:
        """Reads a phrase, or passes over a lone quotation mark; `start` may be at the ``=`` before it."""
        opening = start + as_written
        closing = self.closing(opening)
        if closing is None:
            self.note("unclosed_quote", opening)
            return opening + 1
        inside = self.chars[opening + 1 : closing]
        if star := _CLINGING_STAR.search(inside):
            self.note("phrase_wildcard", opening + 1 + star.start())
        found = tuple(word for word, _, _ in words(inside))
        slop, end = self.slop(closing + 1)
        phrase = Phrase(found, as_written, slop if len(found) > 1 else None, self.origins[start])
        self.add("clause", start, query=phrase if found else None)
        return end

    def closing(self, opening: int) -> int | None:
        """Where the phrase ends that a quotation mark opens."""
        mark = self.chars[opening]
        if mark in self.unclosed or mark not in _CLOSINGS:
            return None
        if match := _CLOSINGS[mark].search(self.chars, opening + 1):
            return match.start()
        self.unclosed.add(mark)
        return None

    def slop(self, place: int) -> tuple[int | None, int]:
        """The distance after a phrase, and where it ends; ``~0`` is the exact phrase."""
        match = _DISTANCE.match(self.chars, place)
        if match is None:
            return None, place
        return self.distance(match[1], place, MAX_SLOP, "phrase_distance") or None, match.end()

    def distance(self, digits: str, place: int, most: int, code: str) -> int:
        asked = int(digits) if len(digits) < 10 else 10**9
        if asked > most:
            self.note(code, place, asked=digits[:10], used=most)
        return min(asked, most)

    # --- chunks -------------------------------------------------------------------------------------------

    def chunk(self, start: int) -> int:
        """Reads one chunk, or its part before what it clings to."""
        end = self.chunk_end(start)
        if kind := operator(self.chars[start:end]):
            self.add(kind, start, self.chars[start:end])
            return end
        place = start
        if self.excludes(place):
            self.add("minus", place)
            place += 1
        return self.asked(place, end, always=place > start)

    def chunk_end(self, start: int) -> int:
        match = _CHUNK.match(self.chars, start)
        return match.end() if match else start

    def excludes(self, place: int) -> bool:
        return self.chars[place] == "-" and self.after_space(place) and self.applies(_AFTER_MINUS, place + 1)

    def applies(self, pattern: re.Pattern[str], place: int) -> bool:
        """Whether a prefix has something to apply to, right behind it."""
        quote = place + self.chars.startswith("=", place)
        if self.chars[quote : quote + 1] not in QUOTES:
            return pattern.match(self.chars, place) is not None
        return self.closing(quote) is not None or (quote == place and self.starts_word(quote + 1))

    def starts_word(self, place: int) -> bool:
        return WORD.match(self.chars, place) is not None

    def asked(self, start: int, end: int, *, always: bool) -> int:
        """Reads a chunk behind its minus. `always`: gives a clause even if nothing is left of it."""
        colon = self.chars.find(":", start, min(end, start + LONGEST_NAME))
        name = fold(self.chars[start:colon]) if colon > start else ""
        if name in DATE_FIELDS and (after := self.dated(start, colon + 1)):
            return after
        if name in FIELDS and self.applies(_AFTER_FIELD, colon + 1):
            self.add("field", start, self.chars[start:colon], name=FIELDS[name])
            start, always = colon + 1, True
        if self.chars[start:end] == "=" and self.chars[end : end + 1] in QUOTES and self.closing(end):
            return self.quoted(start, as_written=True)
        if start < end:
            self.words(start, end, always=always)
        return end

    # --- dates --------------------------------------------------------------------------------------------

    def dated(self, start: int, place: int) -> int | None:
        """Reads what stands behind ``date:``; None where it is no date, so that it is read as words."""
        text, end = self.date_text(place)
        if not text:
            return None
        try:
            (first, from_last), (to_first, last) = days(text)
        except ValueError:
            self.note("bad_date", start, date=text)
            return None
        if first and last and first > last:
            first, last = to_first, from_last
            self.note("reversed_dates", start, first=first, last=last)
        self.add("clause", start, query=Dates(first, last, self.origins[start]))
        return end

    def date_text(self, place: int) -> tuple[str, int]:
        if match := _RANGE.match(self.chars, place):
            return match[1], match.end()
        if self.chars[place : place + 1] in QUOTES and (closing := self.closing(place)):
            return self.chars[place + 1 : closing], closing + 1
        if self.chars.startswith("(", place):
            return "(", place
        end = self.chunk_end(place)
        return self.chars[place:end].rstrip(FALSE_ENDS) or self.chars[place:end], end

    # --- words --------------------------------------------------------------------------------------------

    def words(self, start: int, end: int, *, always: bool) -> None:
        """Reads the words of a chunk, with their wildcards, ``+`` before and ``~`` after them."""
        chunk = self.chars[start:end]
        if "*" in chunk and not chunk.strip(WILDCARDS):
            self.add("clause", start, query=Everything())
            return
        found = list(runs(chunk))
        last = found[-1].end if found else 0
        distance = self.cut_distance(chunk, found, start)
        plain = _PLAIN.match(chunk) is not None
        clauses = [self.clause(run, start, plain) for run in found if run.text.strip(WILDCARDS)]
        if distance and clauses and isinstance(word := clauses[-1], Word):
            clauses[-1] = Fuzzy(word.text, distance, word.position)
        if clauses or always:
            self.add("clause", start, query=side_by_side(clauses))
        if "-" in chunk[last:] and (clauses or not self.after_space(start)):
            self.add("dash", start)

    def cut_distance(self, chunk: str, found: list[Run], start: int) -> int:
        """The edit distance after the last word, whose digits are taken off the words; 0: none."""
        if len(found) > 1 and found[-1].text.isdecimal() and chunk[found[-2].end : found[-1].start] == "~":
            digits = found.pop()
            return self.distance(digits.text, start + found[-1].end, MAX_EDITS, "fuzzy_distance")
        return int(bool(found) and chunk.startswith("~", found[-1].end))

    def clause(self, run: Run, start: int, plain: bool) -> Query:
        """What a word asks for, with or without wildcards."""
        place = start + run.start
        pattern = _pattern(run.text)
        rest = pattern.lstrip(WILDCARDS)
        if rest != pattern and len(fold(_WILDCARDS.split(rest, 1)[0])) < LEADING_LETTERS:
            self.note("short_wildcard", place, word=rest, letters=LEADING_LETTERS)
            pattern = rest
        if _WILDCARDS.search(pattern):
            return Wildcard(pattern, self.origins[place])
        return Word(pattern, plain, self.origins[place])


def runs(chunk: str) -> Iterator[Run]:
    """The words of a chunk, joined with the wildcards that touch them; also wildcards that touch no word.

    >>> [run.text for run in runs("كا?مي،تموز2020*")]
    ['كا?مي', 'تموز', '2020*']
    """
    found = [Run(*word) for word in words(chunk)]
    found += [Run(match[0], *match.span()) for match in _WILDCARDS.finditer(chunk)]
    parts: list[Run] = []
    for run in sorted(found, key=lambda run: run.start):
        if parts and not _touch(parts[-1], run):
            yield _whole(parts)
            parts = []
        parts.append(run)
    if parts:
        yield _whole(parts)


def _touch(left: Run, right: Run) -> bool:
    return left.end == right.start and (left.text[0] in WILDCARDS or right.text[0] in WILDCARDS)


def _whole(parts: Sequence[Run]) -> Run:
    return Run("".join(part.text for part in parts), parts[0].start, parts[-1].end)


def _pattern(text: str) -> str:
    """The text of a run with its wildcards in one form.

    >>> _pattern("كا*?*مي؟"), _pattern("كاظ**")
    ('كا?*مي', 'كاظ*')
    """
    return _WILDCARDS.sub(_one_form, text.rstrip(QUESTION_MARKS))


def _one_form(match: re.Match[str]) -> str:
    """So many single letters, then any letters: ``?…*``."""
    stars = match[0].count("*")
    return "?" * (len(match[0]) - stars) + "*" * bool(stars)


Days = tuple[date | None, date | None]


def days(text: str) -> tuple[Days, Days]:
    """What the two ends of a range of dates mean; a single date is both ends of its range.

    Raises:
        ValueError: an end is not a date.

    >>> days("2020/07 إلى *")
    ((datetime.date(2020, 7, 1), datetime.date(2020, 7, 31)), (None, None))
    """
    if len(text) > LONGEST_DATE or text.startswith("["):
        raise ValueError(text)
    parts = text.split()
    between = [place for place, part in enumerate(parts) if fold(part) in RANGE_WORDS]
    if not between:
        return _days(parts), _days(parts)
    return _days(parts[: between[0]]), _days(parts[between[0] + 1 :])


def _days(parts: Sequence[str]) -> Days:
    return (None, None) if parts == ["*"] else dates.span(" ".join(parts))
