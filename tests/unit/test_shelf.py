"""Texts that were shown are at hand for the next answer."""

from collections.abc import Mapping, Sequence

from indexer.highlight import read
from indexer.model import Article, Ref
from indexer.shelf import LONGEST, Shelf


class Store:
    """An archive of some articles that notes what is fetched."""

    def __init__(self, *articles: Article) -> None:
        self._articles = {Ref(article.id, article.revision): article for article in articles}
        self.asked: list[str] = []

    def fetch(self, refs: Sequence[Ref]) -> Mapping[Ref, Article]:
        self.asked += [ref.id for ref in refs]
        return {ref: self._articles[ref] for ref in refs if ref in self._articles}


def refs(*ids: str) -> list[Ref]:
    return [Ref(id, 1) for id in ids]


def article(id: str, letters: int = 40) -> Article:
    return Article(id, "عنوان قصير", ("نص " * letters)[:letters])


def test_a_text_is_fetched_once_and_comes_as_it_is_read() -> None:
    store, shelf = Store(article("a"), article("b")), Shelf()
    shelf.take(refs("a"), store.fetch)
    taken = shelf.take(refs("b", "a"), store.fetch)
    assert store.asked == ["a", "b"]
    assert [text.article.id for text in taken.values()] == ["b", "a"]
    for text in taken.values():
        assert text.body is not None
        for kept, fresh in ((text.title, read(text.article.title)), (text.body, read(text.article.body))):
            assert (kept.text, [*map(list, kept.words)]) == (fresh.text, [*map(list, fresh.words)])


def test_what_is_not_there_is_left_out() -> None:
    store = Store(article("a"))
    assert list(Shelf().take(refs("gone", "a"), store.fetch)) == refs("a")


def test_the_text_that_was_used_longest_ago_goes_first() -> None:
    store, shelf = Store(*map(article, "abcdefghijk")), Shelf(room=400)
    for id in "abcdefghijak":
        shelf.take(refs(id), store.fetch)
    shelf.take(refs("a", "b"), store.fetch)
    assert "".join(store.asked) == "abcdefghijkb"


def test_a_book_is_read_anew_each_time() -> None:
    store, shelf = Store(article("book", LONGEST + 1)), Shelf()
    for _ in range(2):
        assert shelf.take(refs("book"), store.fetch)[Ref("book", 1)].body is None
    assert store.asked == ["book", "book"]
