"""An article's citation, as a sentence and for reference managers."""

from indexer.messages import Language
from indexer.model import Article
from searchapp import i18n

QUOTES: dict[Language, tuple[str, str]] = {"ar": ("«", "»"), "en": ("“", "”")}
COMMAS: dict[Language, str] = {"ar": "،", "en": ","}

RIS_FIELDS = (
    ("TI", "title"),
    ("AU", "author"),
    ("T2", "source"),
    ("SE", "section"),
)
"""Tags of a RIS record for the fields that go in as they are."""

RIS_LANGUAGE: dict[str, str] = {"rtl": "ar", "ltr": "en"}


def parts(article: Article, language: Language) -> tuple[str, ...]:
    """Title, author, source, day, archive: those that are known."""
    before, after = QUOTES[language]
    day = i18n.day_of(article.published)
    told = (
        f"{before}{article.title}{after}",
        article.author,
        article.source,
        day and i18n.day_text(day, language),
        i18n.text("citation", language),
    )
    return tuple(part for part in told if part)


def sentence(article: Article, permalink: str, language: Language) -> str:
    """The citation as one line."""
    return f"{COMMAS[language]} ".join((*parts(article, language), permalink)) + "\n"


def ris(article: Article, permalink: str) -> str:
    """A RIS record: one tag a line, CRLF, no line of the values' own.

    >>> ris(Article("a1", "قمة", "…", published="2020-07-21"), "/article/a1").split("\\r\\n")[:3]
    ['TY  - NEWS', 'TI  - قمة', 'DA  - 2020/07/21']
    """
    day = i18n.day_of(article.published)
    dates = [("DA", f"{day:%Y/%m/%d}"), ("PY", f"{day:%Y}")] if day else []
    lines = [
        ("TY", "NEWS"),
        *((tag, value) for tag, field in RIS_FIELDS if (value := getattr(article, field))),
        *dates,
        ("LA", RIS_LANGUAGE[i18n.direction(article.title + article.body[:200])]),
        ("UR", article.url or permalink),
        ("L2", permalink),
        ("ID", article.id),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in lines)
