"""A reading room that holds still: a few invented articles, found by the words that stand in them."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from indexer.archive import Revision
from indexer.errors import ArticleNotFound, GenerationGone, QueryError, RasidError
from indexer.model import (
    Answer,
    Article,
    Bucket,
    Found,
    Matched,
    Notice,
    SearchRequest,
    Snippet,
    Status,
    Suggestion,
)
from indexer.reading import Completion
from indexer.series import Attention, Coverage, Interval, Series

ARTICLES = (
    Article(
        id="a1",
        title="الوزير يزور بغداد",
        body="وصل الوزير إلى بغداد صباح الأحد.\n\nوبحث الوَزير ملف المياه مع نظيره.",
        source="وكالة النخيل",
        author="سلمى حداد",
        section="العراق",
        url="https://nakheel.example/1",
        published="2020-07-21",
        added="2026-01-02T03:04:05+00:00",
        revision=2,
    ),
    Article(
        id="a2",
        title="بغداد تستضيف القمة",
        body="تستضيف بغداد القمة في آب، ويحضرها الوزير (G20) أيضًا.",
        source="جريدة الساحل",
        section="العراق",
        url="javascript:alert(1)",
        published="2021-08-28T10:00:00+03:00",
    ),
    Article(
        id="قمة:3",
        title="جولة في تونس",
        body="زار الوزير تونس.",
        source="وكالة النخيل",
        published="2019-03-31",
    ),
    Article(
        id="hostile~4",
        title='<script>alert("عنوان")</script> & الوزير',
        body="<img src=x onerror=alert(1)> الوزير </p>\u202e\u2066 «نص» 'اقتباس'",
        source='"><script>alert(2)</script>\u202eمصدر',
        author="<b>كاتب</b>",
        section="' onmouseover='alert(3)",
        url='https://evil.example/"><script>alert(4)</script>',
    ),
)

GENERATION = "g7"


@dataclass
class StillRoom:
    """Answers from `ARTICLES`; what a test needs otherwise, it sets."""

    articles: tuple[Article, ...] = ARTICLES
    generation: str | None = GENERATION
    changed: str = "state"
    lexicon: str = "lexicon-1"
    fails: Exception | None = None
    edit: Callable[[Answer], Answer] = lambda answer: answer
    asked: list[SearchRequest] = field(default_factory=list)
    written: int = 0

    def answer(self, request: SearchRequest) -> Answer:
        self._maybe_fail(request)
        hits = [found for article in self.articles if (found := found_in(article, request))]
        page = hits[request.offset : request.offset + request.page_size]
        facets = tuple((name, counted(name, hits)) for name in request.facets)
        answer = Answer(
            q=request.q,
            canonical=" ".join(request.q.split()),
            match=request.match,
            relaxed=False,
            searched=request.q,
            rescued=None,
            total=len(hits),
            related_total=0,
            partial=False,
            took_ms=1.25,
            generation=self.generation or "",
            lexicon=self.lexicon,
            found=tuple(page),
            facets=facets,
        )
        return self.edit(answer)

    def _maybe_fail(self, request: SearchRequest) -> None:
        self.asked.append(request)
        if self.fails:
            raise self.fails
        if request.generation not in (None, GENERATION):
            raise GenerationGone("this generation is not kept any more; start the search again")
        if request.lexicon not in (None, self.lexicon):
            raise GenerationGone("the lexicon has changed")
        if request.strict and "(" in request.q:
            raise QueryError("a bracket is not closed", "unclosed_bracket", request.q.index("("))

    def article(self, id: str) -> tuple[Article, int]:
        if isinstance(self.fails, RasidError):
            raise self.fails
        for article in self.articles:
            if article.id == id:
                return article, article.revision
        raise ArticleNotFound(f"no article {id}")

    def revisions(self, id: str) -> tuple[Revision, ...]:
        article, count = self.article(id)
        stored = "2026-01-02T03:04:05+00:00"
        return tuple(Revision(n, article.title, article.published, stored) for n in range(1, count + 1))

    def marked(self, article: Article, request: SearchRequest) -> Found:
        words = request.q.split()
        body = Snippet(0, len(article.body), spans(article.body, words))
        matched = tuple(Matched(word, word, "stem") for word in words)
        return Found(article, 0.0, False, spans(article.title, words), (body,), matched)

    def similar(self, id: str, limit: int = 10) -> tuple[Found, ...]:
        self.article(id)
        near = [article for article in self.articles if article.id != id][:limit]
        return tuple(Found(article, 2.5, False, (), (Snippet(0, 10, ()),)) for article in near)

    def attention(self, requests: Sequence[SearchRequest], interval: Interval) -> Attention:
        series = []
        for request in requests:
            self._maybe_fail(request)
            hits = [found for article in self.articles if (found := found_in(article, request))]
            series.append(Series(request.q, len(hits), spans_of(hits, interval)))
        everything = [Found(article, 0, False) for article in self.articles]
        return Attention(GENERATION, interval, spans_of(everything, interval), tuple(series))

    def coverage(self) -> tuple[Coverage, ...]:
        sources = dict.fromkeys(article.source for article in self.articles)
        made = []
        for source in sources:
            own = [Found(article, 0, False) for article in self.articles if article.source == source]
            if months := counted("month", own):
                made.append(Coverage(source, months))
        return tuple(made)

    def completions(self, typed: str) -> tuple[Completion, ...]:
        words = dict.fromkeys(word for article in self.articles for word in article.title.split())
        return tuple(Completion(word, 1) for word in words if typed and word.startswith(typed))

    def every(self, request: SearchRequest) -> Iterator[Article]:
        self._maybe_fail(request)
        for article in self.articles:
            if found_in(article, request):
                self.written += 1
                yield article

    def status(self) -> Status:
        if isinstance(self.fails, RasidError):
            raise self.fails
        return Status(
            articles=len(self.articles),
            sources=counted("source", [Found(article, 0, False) for article in self.articles]),
            first_published="2019-03-31",
            last_published="2021-08-28T10:00:00+03:00",
            undated=1,
            generation=self.generation,
            engine="still",
            analysis="analysis-1",
            lexicon=self.lexicon,
            built_at="2026-11-20T06:40:00+00:00",
        )

    def state(self) -> str:
        return f"{self.changed} {self.generation} {self.lexicon}"


def found_in(article: Article, request: SearchRequest) -> Found | None:
    """The article, where it fits the filters and has one of the words."""
    if not fits(article, request):
        return None
    words = request.q.split()
    title, body = spans(article.title, words), spans(article.body, words)
    if words and not title and not body:
        return None
    snippet = Snippet(0, min(len(article.body), 60), tuple(span for span in body if span[1] <= 60))
    matched = tuple(Matched(word, word, "stem") for word in words)
    return Found(article, 1.5, False, title, (snippet,), matched)


def fits(article: Article, request: SearchRequest) -> bool:
    for name in ("source", "section", "author"):
        wanted = [value for of, value in request.include if of == name]
        if wanted and getattr(article, name) not in wanted:
            return False
        if getattr(article, name) in [value for of, value in request.exclude if of == name]:
            return False
    day = (article.published or "")[:10]
    if request.years and (not day or int(day[:4]) not in request.years):
        return False
    first, last = str(request.date_from or "0000"), str(request.date_to or "9999")
    return first <= day <= last if day else not (request.date_from or request.date_to)


def spans(text: str, words: list[str]) -> tuple[tuple[int, int], ...]:
    """Where the words stand, each once."""
    return tuple(sorted((at, at + len(word)) for word in words if (at := text.find(word)) >= 0))


def counted(name: str, hits: list[Found]) -> tuple[Bucket, ...]:
    values = Counter(value for hit in hits if (value := facet_value(name, hit.article)))
    return tuple(Bucket(value, count) for value, count in values.most_common())


def spans_of(hits: list[Found], interval: str) -> tuple[Bucket, ...]:
    """Dated articles by their month or year, oldest first."""
    length, rest = (4, "-01-01") if interval == "year" else (7, "-01")
    days = Counter(found.article.published[:length] + rest for found in hits if found.article.published)
    return tuple(Bucket(day, count) for day, count in sorted(days.items()))


def facet_value(name: str, article: Article) -> str | None:
    if name in ("year", "month"):
        return (article.published or "")[: 4 if name == "year" else 7] or None
    value: str | None = getattr(article, name)
    return value


def rescued(answer: Answer) -> Answer:
    """An answer with everything that can be said of one."""
    return replace(
        answer,
        canonical="(الوزير AND بغداد)",
        relaxed=True,
        rescued="keyboard",
        searched="الوزير بغداد",
        partial=True,
        related_total=7,
        suggestions=(Suggestion("الوزيرة", "spelling", 3), Suggestion("وزير", "fewer_words", 11)),
        warnings=(Notice("partial"), Notice("unknown_code", (("x", "y"),), 4)),
    )
