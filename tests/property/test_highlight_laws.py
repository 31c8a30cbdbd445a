"""What holds for the highlights of any text, and what must change no answer."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import build
from indexer.analysis import fold, term_of, tokens
from indexer.analysis.lexicon import lexicon_of
from indexer.archive import Archive
from indexer.engines.writings import SALTS
from indexer.highlight import MOST_SNIPPETS, Marker, highlights, read
from indexer.model import Article, Found, SearchRequest
from indexer.query.forms import Form, Reading
from indexer.query.plan import TEXT_FIELDS
from indexer.reading import HomeReadingRoom
from indexer.settings import Settings
from searchapp.pieces import html, pieces

SIGNS = "\u064e\u0651\u0652\u0640\u200c\u200d\u200f\u202b\u2069\ufeff"
SEATS = {"ا": "أإآ", "أ": "ا", "إ": "ا", "ي": "ى\u06cc", "ى": "ي", "ة": "ه", "ه": "ة", "ك": "\u06a9"}

STOP_WORDS = lexicon_of().stopwords

TEXTS = (
    "زار مصطفى الكاظمي إيران أمس، والتقى الرئيس حسن روحاني في طهران.",
    "قال الرئيس العراقي إن قمة بغداد تبحث أمن الحدود؛ ولافروف في موسكو.",
    "الانتخابات العراقية المبكرة: التيار الصدري في الصدارة! وعدد المقاعد 73 مقعدا.",
    "لا تتدخل الدول في شؤون العراق. وقال الكاظمي: لاتتدخل إيران.",
    "الملك عبد الله الثاني في القاهرة على رأس وفد؛ وعلي لاريجاني في بيروت.",
    "حزب الله وحلفاؤه يفقدون الأكثرية في البرلمان اللبناني الجديد",
)
QUERIES = (
    "الكاظمي إيران",
    "الانتخابات",
    '"حزب الله"',
    '"أمن الحدود"',
    "لا تتدخل",
    "الرئيس -موسكو",
    "قمة OR البرلمان",
    "الكاظم*",
    "عبدالله القاهرة",
    '"الكاظمي طهران"~9',
    "علي",
)

WORDS = "الكاظمي كاظمي إيران ايران على القمة قمة لا يمكن الله حزب في و 2020 CNN".split()
VIEWED = [Form(v, getattr(term_of(w), v), 1.0, "exact") for w in WORDS for v in TEXT_FIELDS]
words = st.sampled_from(WORDS)
signs = st.text(st.sampled_from(SIGNS), max_size=2)
gaps = st.sampled_from([" ", " <b>&amp;\"' ", "، ", ". ", "\n\n", "_", " — ", "؟ "])


@st.composite
def marked_texts(draw: st.DrawFn) -> str:
    parts = []
    for word in draw(st.lists(words, max_size=90)):
        place = draw(st.integers(1, len(word)))
        parts += [word[:place] + draw(signs) + word[place:], draw(gaps)]
    return "".join(parts)


@st.composite
def readings(draw: st.DrawFn) -> list[Reading]:
    found = []
    for _ in range(draw(st.integers(1, 4))):
        slots = draw(st.lists(words, min_size=1, max_size=2))
        sequence = tuple((Form("folded", fold(word), 1.0, "spelling"),) for word in slots)
        slop = draw(st.sampled_from([None, 3])) if len(slots) > 1 else None
        found.append(
            Reading(" ".join(slots), (sequence,), slop, draw(st.sampled_from([None, "title", "body"])))
        )
    return found


@given(marked_texts(), marked_texts(), readings(), st.booleans())
def test_passages_are_ordered_and_matches_are_whole_words(
    title: str, body: str, readings: list[Reading], whole: bool
) -> None:
    texts = read(title), read(body)
    shown = highlights(*texts, Marker(readings, texts), whole)
    places = {(token.start, token.end): token for token in tokens(body)}
    last = 0
    for snippet in shown.snippets:
        assert last <= snippet.start <= snippet.end <= len(body)
        last = snippet.end
        inside = snippet.start
        for start, end in snippet.matches:
            assert inside <= start < end <= snippet.end
            inside = end
            assert places[start, end].term.folded != "ال"
    assert whole or len(shown.snippets) <= MOST_SNIPPETS
    assert {(start, end) for start, end in shown.title_matches} <= {(t.start, t.end) for t in tokens(title)}
    told = {matched.text for matched in shown.matched}
    assert told <= {token.text for token in (*tokens(title), *tokens(body))}


@given(marked_texts(), readings())
def test_removing_the_marks_of_a_passage_gives_the_text_back(body: str, readings: list[Reading]) -> None:
    texts = read(""), read(body)
    for snippet in highlights(*texts, Marker(readings, texts)).snippets:
        shown = html(pieces(body, snippet.matches, snippet.start, snippet.end))
        assert unescape(re.sub("</?mark>", "", shown)) == body[snippet.start : snippet.end]


@given(marked_texts(), marked_texts(), st.lists(st.sampled_from(VIEWED), min_size=1, max_size=5))
def test_words_that_may_answer_are_all_that_need_be_looked_at(
    title: str, body: str, forms: list[Form]
) -> None:
    """A marker that is told which words of the texts may answer finds what it finds alone; it asks once."""
    asked: list[frozenset[tuple[str, str]]] = []

    def likely(wanted: frozenset[tuple[str, str]]) -> frozenset[str]:
        asked.append(wanted)
        terms = {token.term for text in (title, body) for token in tokens(text)}
        return frozenset(t.written for t in terms for view in SALTS if (view, getattr(t, view)) in wanted)

    looked_for = [Reading(form.term, (((form,),),)) for form in forms]
    texts = read(title), read(body)
    alone, told = Marker(looked_for, texts), Marker(looked_for, texts, likely)
    assert highlights(*texts, alone) == highlights(*texts, told)
    assert asked == [frozenset().union(*(reading.wanted for reading in looked_for))]


# --- what must change no answer ---------------------------------------------------------------------------


def respelled(text: str, hand: Random) -> str:
    """The text as another hand types it: other seats and keyboards, signs inside its words.

    Function words keep their letters: they are known by them (على is one, علي is a name).
    """
    spelled = []
    for word in re.split(r"(\W+)", text):
        seats = {} if word in STOP_WORDS else SEATS
        for char in word:
            spelled.append(hand.choice(char + seats.get(char, "")))
            if char >= "\u0620" and char.isalpha() and hand.random() < 0.15:
                spelled.append(hand.choice(SIGNS))
    return unicodedata.normalize("NFC", "".join(spelled))


def opened(folder: Path, texts: Sequence[tuple[str, str]]) -> HomeReadingRoom:
    settings = Settings(folder / "home")
    with Archive.open(settings.archive_file, create=True) as archive:
        archive.add([Article(f"a{n}", title, body) for n, (title, body) in enumerate(texts)])
        build.update(settings, archive)
    return HomeReadingRoom(settings)


def marks_of(found: Found) -> list[list[str]]:
    """The marked words of a hit in one spelling: in the title, then in each passage."""
    spans = [(found.article.title, found.title_matches)]
    spans += [(found.article.body, snippet.matches) for snippet in found.snippets]
    return [[fold(text[start:end]) for start, end in matches] for text, matches in spans]


def told(room: HomeReadingRoom, q: str) -> list[object]:
    answer = room.answer(SearchRequest(q=q))
    return [(f.article.id, f.score, f.related, marks_of(f)) for f in answer.found] + [
        answer.total,
        answer.related_total,
    ]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HomeReadingRoom]:
    with opened(tmp_path_factory.mktemp("as-typed"), [(text[:20], text) for text in TEXTS]) as room:
        yield room


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(QUERIES), st.integers())
def test_the_spelling_of_a_query_changes_no_answer(room: HomeReadingRoom, q: str, seed: int) -> None:
    assert told(room, respelled(q, Random(seed))) == told(room, q)


@pytest.mark.parametrize("seed", range(12))
def test_the_spelling_of_an_article_changes_no_answer(
    room: HomeReadingRoom, tmp_path: Path, seed: int
) -> None:
    hand = Random(seed)
    texts = [(respelled(text[:20], hand), respelled(text, hand)) for text in TEXTS]
    with opened(tmp_path, texts) as other:
        for q in QUERIES:
            assert told(other, q) == told(room, q)
