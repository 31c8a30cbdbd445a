"""Where a text answers a query: matches by word, and the passages worth showing. Offsets, no HTML.

The same forms that made the plan are looked for in the text as written, so a highlight is always a whole
word with its marks and tatweel, and never a lone article.
"""

import bisect
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from indexer.analysis import Term, Token, tokens
from indexer.model import Matched, Snippet, Via
from indexer.query.forms import Reading, via_of

PASSAGE_WORDS = 34
"""Words in a snippet: two to three lines of a result."""

MOST_SNIPPETS = 2
MOST_FORMS = 6
"""Different written forms told per clause of the query."""

SENTENCE_ENDS = ".؟!?\n؛"
MOST_WEIGHED = 1_000
"""Matches that are weighed as beginnings of passages, shared out among the clauses: a book that holds every
clause of a long query on every page is not read for minutes."""

REACH_BACK_WORDS = 12
"""A passage begins with its sentence where that is at most so many words before its first match."""


@dataclass(frozen=True, slots=True)
class Match:
    """One word of a text that answers a clause: which reading, which token, and how."""

    reading: int
    token: int
    via: Via


def matches_in(text_tokens: Sequence[Token], readings: Sequence[Reading], field: str) -> list[Match]:
    """Every match of the readings in a text's words, in text order; several readings may share a word."""
    found: list[Match] = []
    for number, reading in enumerate(readings):
        if reading.field in (None, field):
            found.extend(Match(number, token, via) for token, via in _reading_matches(text_tokens, reading))
    return sorted(found, key=lambda match: (match.token, match.reading))


def _reading_matches(text_tokens: Sequence[Token], reading: Reading) -> Iterator[tuple[int, Via]]:
    for slots in reading.ways:
        if len(slots) == 1:
            yield from _slot_places(text_tokens, slots[0]).items()
        elif reading.slop is None:
            yield from _adjacent(text_tokens, slots)
        else:
            yield from _near(text_tokens, slots, reading.slop)


def _slot_places(text_tokens: Sequence[Token], slot: dict[tuple[str, str], Via]) -> dict[int, Via]:
    """The places of a slot's words; each distinct word is looked at once."""
    known: dict[Term, Via | None] = {}
    places: dict[int, Via] = {}
    for place, token in enumerate(text_tokens):
        term = token.term
        via = known[term] if term in known else known.setdefault(term, via_of(slot, term))
        if via:
            places[place] = via
    return places


def _adjacent(
    text_tokens: Sequence[Token], slots: Sequence[dict[tuple[str, str], Via]]
) -> Iterator[tuple[int, Via]]:
    places = [_slot_places(text_tokens, slot) for slot in slots]
    for start in places[0]:
        if all(start + offset in found for offset, found in enumerate(places)):
            yield from ((start + offset, found[start + offset]) for offset, found in enumerate(places))


def _near(
    text_tokens: Sequence[Token], slots: Sequence[dict[tuple[str, str], Via]], slop: int
) -> Iterator[tuple[int, Via]]:
    """Words of a proximity clause that stand within `slop` words of a word of every other slot."""
    places = [_slot_places(text_tokens, slot) for slot in slots]
    ordered = [sorted(found) for found in places]
    for number, found in enumerate(places):
        others = [slot for n, slot in enumerate(ordered) if n != number]
        for place, via in found.items():
            if all(_nearest(other, place) <= slop for other in others):
                yield place, via


def _nearest(places: Sequence[int], place: int) -> int:
    """How far the nearest other place is; very far where there is none."""
    at = bisect.bisect_left(places, place)
    around = [abs(other - place) for other in places[max(0, at - 1) : at + 2] if other != place]
    return min(around, default=1 << 30)


@dataclass(frozen=True, slots=True)
class Highlights:
    """What to show of one article."""

    title_matches: tuple[tuple[int, int], ...]
    snippets: tuple[Snippet, ...]
    matched: tuple[Matched, ...]


def highlights(
    title: str, body: str, readings: Sequence[Reading], whole: bool = False, limit: int | None = None
) -> Highlights:
    """The matches of a title, the best passages of a body, and why both matched.

    Args:
        whole: one snippet that is the whole body, for the reading page.
        limit: how many code points of the body are read; None: all.
    """
    title_tokens, (read, body_tokens) = list(tokens(title)), _read(body, limit)
    in_title = matches_in(title_tokens, readings, "title")
    in_body = matches_in(body_tokens, readings, "body")
    if whole:
        snippets: tuple[Snippet, ...] = (Snippet(0, len(body), _spans(body_tokens, in_body)),)
    else:
        windows = _windows(body_tokens, in_body)
        snippets = tuple(_snippet(read, body_tokens, in_body, window) for window in windows)
    told = [(title_tokens[m.token].text, m) for m in in_title] + [
        (body_tokens[m.token].text, m) for m in in_body
    ]
    return Highlights(_spans(title_tokens, in_title), snippets, _matched(told, readings))


def _read(body: str, limit: int | None) -> tuple[str, list[Token]]:
    """The body and its words, or its beginning up to the last whole word within the limit."""
    if limit is None or limit >= len(body):
        return body, list(tokens(body))
    found = list(tokens(body[:limit]))
    if found and found[-1].end == limit:
        found.pop()
    return body[: found[-1].end if found else 0], found


def _spans(text_tokens: Sequence[Token], found: Iterable[Match]) -> tuple[tuple[int, int], ...]:
    """The offsets of matched words, once each."""
    return tuple(dict.fromkeys((text_tokens[m.token].start, text_tokens[m.token].end) for m in found))


def _windows(text_tokens: Sequence[Token], found: Sequence[Match]) -> list[tuple[int, int]]:
    """The passages to show as [first, end) of words, in text order.

    A passage is worth the different clauses it answers, then the number of matches; the next one is
    worth what it adds.
    """
    if not found:
        return [(0, min(PASSAGE_WORDS, len(text_tokens)))] if text_tokens else []
    chosen: list[tuple[int, int]] = []
    answered: set[int] = set()
    weighed = _weighed(found)
    while len(chosen) < MOST_SNIPPETS:
        best, best_worth = None, (0, 0, 0)
        for at in weighed:
            match = found[at]
            if any(first <= match.token < end for first, end in chosen):
                continue
            inside = _inside(found, at)
            worth = (len({m.reading for m in inside} - answered), min(len(inside), 4), -match.token)
            if worth > best_worth and (worth[0] or not chosen):
                best, best_worth = match.token, worth
        if best is None:
            break
        chosen.append((best, min(best + PASSAGE_WORDS, len(text_tokens))))
        answered |= {m.reading for m in found if best <= m.token < best + PASSAGE_WORDS}
    return sorted(chosen)


def _weighed(found: Sequence[Match]) -> Sequence[int]:
    """Places in `found` where a passage may begin: the first matches of every clause."""
    if len(found) <= MOST_WEIGHED:
        return range(len(found))
    per_clause: dict[int, list[int]] = {}
    for place, match in enumerate(found):
        per_clause.setdefault(match.reading, []).append(place)
    share = MOST_WEIGHED // len(per_clause)
    return sorted(place for places in per_clause.values() for place in places[:share])


def _inside(found: Sequence[Match], at: int) -> Sequence[Match]:
    end = found[at].token + PASSAGE_WORDS // 2
    stop = at
    while stop < len(found) and found[stop].token < end:
        stop += 1
    return found[at:stop]


def _snippet(
    body: str, text_tokens: Sequence[Token], found: Sequence[Match], window: tuple[int, int]
) -> Snippet:
    """A passage from words [first, end), begun at its sentence where that is near."""
    first = _sentence_start(body, text_tokens, window[0])
    end = min(first + PASSAGE_WORDS, len(text_tokens))
    start_offset = text_tokens[first].start if first else 0
    end_offset = len(body) if end == len(text_tokens) else text_tokens[end - 1].end
    inside = [match for match in found if first <= match.token < end]
    return Snippet(start_offset, end_offset, _spans(text_tokens, inside))


def _sentence_start(body: str, text_tokens: Sequence[Token], at: int) -> int:
    for n in range(at, max(0, at - REACH_BACK_WORDS), -1):
        if any(sign in body[text_tokens[n - 1].end : text_tokens[n].start] for sign in SENTENCE_ENDS):
            return n
    return 0 if at <= REACH_BACK_WORDS else max(0, at - 4)


def _matched(told: Iterable[tuple[str, Match]], readings: Sequence[Reading]) -> tuple[Matched, ...]:
    """The written forms that answered each clause, the nearest ways first."""
    per_clause: dict[int, dict[str, Via]] = {}
    for text, match in told:
        per_clause.setdefault(match.reading, {}).setdefault(text, match.via)
    return tuple(
        Matched(readings[number].query, text, via)
        for number, forms in sorted(per_clause.items())
        for text, via in list(forms.items())[:MOST_FORMS]
    )
