"""What a server reads ahead: the commonest content words, within a share of the cache."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.ahead import common_terms
from indexer.analysis.lexicon import lexicon_of
from indexer.engines.postings import ENTRY_BYTES, PostingsReader
from indexer.engines.snapshot import WARMED
from indexer.engines.whoosh import WhooshEngine
from indexer.engines.whoosh.segments import Segments, WhooshSnapshot
from indexer.model import Article
from indexer.query.plan import Plan, Terms
from indexer.query.wordlist import Wordlist, wordlist_of

TERMS = [("folded", word) for word in ("قمه", "بغداد", "طهران")]


@pytest.fixture
def snapshot(tmp_path: Path) -> Iterator[WhooshSnapshot]:
    writer = WhooshEngine().writer(tmp_path)
    writer.write(Article(f"a{n}", "قمة", "قمة بغداد في طهران") for n in range(3))
    writer.finish()
    opened = WhooshEngine().open(tmp_path)
    yield opened
    opened.close()


def test_function_words_are_not_read_ahead_and_the_commonest_come_first() -> None:
    found = list(common_terms(Wordlist(9, {"في": 9, "بغداد": 2, "قمه": 5}), lexicon_of()))
    assert [term for field, term in found if field == "folded"] == ["قمه", "بغداد"]
    assert ("title_stem", "قم") in found or ("title_stem", "قمه") in found


def test_warmed_terms_are_asked_for_without_reading(
    snapshot: WhooshSnapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    snapshot.warm(TERMS)
    monkeypatch.setattr(snapshot._postings, "read", lambda terms: pytest.fail("read again"))
    assert snapshot.search(Plan(Terms("folded", (("قمه", 1.0),)))).total == 3


def test_warming_stops_at_its_share_of_the_cache(snapshot: WhooshSnapshot) -> None:
    snapshot._postings = PostingsReader(
        Segments(snapshot._segments), snapshot._documents.live, 10 * ENTRY_BYTES
    )
    terms = iter([("folded", f"كلمة{number}") for number in range(20)])
    snapshot.warm(terms)
    assert WARMED <= snapshot._postings.filled < WARMED + 0.2
    assert len(list(terms)) > 10


def test_df_reads_no_postings(snapshot: WhooshSnapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot._postings, "read", lambda terms: pytest.fail("read"))
    assert snapshot.df("folded", "قمه") == 3 and snapshot.df("folded", "غائب") == 0


def test_the_word_list_of_a_snapshot_counts_articles(snapshot: WhooshSnapshot) -> None:
    assert dict(wordlist_of(snapshot).df) == {"بغداد": 3, "طهران": 3, "في": 3, "قمه": 3}
