"""From the columns of an input to an article."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from itertools import islice

from indexer.analysis.normalize import fold
from indexer.model import Article
from indexer.query import dates
from indexer.readers import markup
from indexer.readers.titles import first_sentence
from indexer.readers.values import FIELDS, Options, Place, Record, Refused, Row

ALIASES: dict[str, tuple[str, ...]] = {
    "id": ("id", "_id", "article_id", "doc_id", "guid", "uuid", "المعرف", "معرف"),
    "title": ("title", "headline", "العنوان", "عنوان"),
    "body": (
        "body",
        "text",
        "content",
        "full_text",
        "article",
        "النص",
        "نص",
        "المحتوى",
        "summary",
        "description",
    ),
    "source": ("source", "source_name", "publisher", "site", "sitename", "المصدر", "مصدر"),
    "author": ("author", "authors", "byline", "creator", "الكاتب", "كاتب"),
    "section": ("section", "category", "categories", "القسم", "قسم"),
    "url": ("url", "link", "الرابط", "رابط"),
    "published": (
        *(
            "published",
            "published_at",
            "date",
            "pub_date",
            "publish_date",
            "date_published",
            "publication_date",
        ),
        *("datetime", "timestamp", "created_at", "created", "التاريخ", "تاريخ", "تاريخ النشر"),
    ),
}
"""Column names per field; where an input has several, the first one that is filled counts."""

NO_VALUE = frozenset(("", "null", "none", "nan", "nat", "n/a", "\\n", "-"))
"""What exports write for nothing, in lower case. Titles and bodies are text, whatever they say."""

LONGEST_NAME, MOST_COLUMNS = 200, 1000
"""Beyond these an object's keys are not column names, and are not kept in mind."""

OWN_ID = re.compile(r"[\w.:~-]{1,200}")
DIGEST_LENGTH = 32

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2})?")
"""A date as it is stored."""

_LETTER = re.compile(r"[^\W\d_]")


def record(row: Row, file: str, options: Options) -> Record | Refused:
    """The article of a row, or why there is none."""
    try:
        article, notes = _article(row, options)
    except ValueError as error:
        return refusal(file, row.at, str(error))
    return Record(article, Place(file, row.at), notes)


def refusal(file: str, at: str, reason: str) -> Refused:
    """A refusal whose reason is one line that can be printed, whatever the input put into it."""
    return Refused(Place(file, at), printable(reason))


def printable(text: str) -> str:
    """The text in one line, lone surrogates replaced.

    >>> printable("a\\n b\\ud800")
    'a b?'
    """
    return " ".join(text.encode("utf-8", "replace").decode().split())


@lru_cache(maxsize=256)
def columns_of(
    columns: tuple[str, ...], mapping: tuple[tuple[str, str], ...]
) -> Mapping[str, tuple[str, ...]]:
    """Per field the columns that may fill it, the first one first.

    Case, blanks, underscores and the spelling of Arabic letters do not count. A column that `mapping`
    gives to a field fills no other.

    >>> columns_of(("Pub Date", "Text", "العنوان"), ())["published"]
    ('Pub Date',)
    >>> columns_of(("Text", "Content"), (("body", "content"),))["body"]
    ('Content',)
    """
    named = [(_key(column), column) for column in columns]
    mapped = {field: _named(column, named) for field, column in mapping}
    claimed = {column for chosen in mapped.values() for column in chosen}
    free = [(key, column) for key, column in named if column not in claimed]
    return {field: mapped[field] if field in mapped else _aliased(field, free) for field in FIELDS}


def _named(wanted: str, named: list[tuple[str, str]]) -> tuple[str, ...]:
    """The column called exactly so, else those called so but for case and blanks."""
    exact = tuple(column for _, column in named if column == wanted)
    return exact or tuple(column for key, column in named if key == _key(wanted))


def _aliased(field: str, named: list[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(column for alias in ALIASES[field] for key, column in named if key == _key(alias))


@lru_cache(maxsize=1024)
def _key(column: str) -> str:
    return re.sub(r"[\W_]+", "", fold(column))


# --- values -----------------------------------------------------------------------------------------------


def _article(row: Row, options: Options) -> tuple[Article, tuple[str, ...]]:
    """The article and the notes of a row.

    Raises:
        ValueError: a value does not fit; the message names it.
    """
    values = _values(row, options)
    body, title, notes = _texts(values.get("body"), values.get("title"), row.markup)
    source = options.source or values.get("source")
    url = values.get("url")
    own_id, input_id = _given_id(values.get("id"), options.id_prefix)
    article = Article(
        id=own_id or _digest("url", url) if own_id or url else _digest("text", source or "", title, body),
        title=title,
        body=body,
        source=source,
        author=values.get("author"),
        section=values.get("section"),
        url=url,
        published=_published(values.get("published"), options.date_order),
        input_id=input_id,
    )
    return article, notes


def _values(row: Row, options: Options) -> dict[str, str]:
    """The text of each field that has one."""
    found: dict[str, str] = {}
    names = tuple(islice((column for column in row.columns if len(column) <= LONGEST_NAME), MOST_COLUMNS))
    for field, columns in columns_of(names, options.mapping).items():
        for column in columns:
            text = _text(row.columns[column], field, column)
            if text and field not in found:
                found[field] = text
    return found


def _text(value: object, field: str, column: str) -> str:
    """A value as text, empty where it says nothing; titles and bodies as given, others in one line, NFC."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else _plain(value, field, column)
    if not _storable(text):
        raise ValueError(f"{column} holds a NUL character or bytes that are no text; expected clean text")
    if field in ("title", "body"):
        return text
    line = " ".join(unicodedata.normalize("NFC", text).split())
    return "" if line.lower() in NO_VALUE else line


def _storable(text: str) -> bool:
    """Whether a text has neither a NUL nor half a surrogate pair.

    >>> _storable("نص"), _storable("\\0"), _storable("\\ud800")
    (True, False, False)
    """
    try:
        return b"\0" not in text.encode()
    except UnicodeEncodeError:
        return False


def _plain(value: object, field: str, column: str) -> str:
    """The text of a list of names or of an object with a name, as news interfaces give them."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if field in ("author", "section", "source"):
        items = value if isinstance(value, list) else [value]
        named = [item.get("name") if isinstance(item, dict) else item for item in items]
        names = [name for name in named if isinstance(name, str)]
        if len(names) == len(named):
            return "، ".join(filter(None, names))
    raise ValueError(f"{column} is {_kind(value)}; expected text")


def _kind(value: object) -> str:
    return {dict: "an object", list: "a list", bool: "true or false"}.get(type(value), type(value).__name__)


def _texts(body: str | None, title: str | None, has_markup: bool) -> tuple[str, str, tuple[str, ...]]:
    """Body and title as stored, and notes on what was done to them."""
    removed = False
    if has_markup:
        body, in_body = markup.without_markup(body or "")
        title, in_title = markup.without_markup(title or "")
        removed = in_body or in_title
    body = unicodedata.normalize("NFC", body or "")
    title = " ".join(unicodedata.normalize("NFC", title or "").split())
    if not _LETTER.search(body):
        raise ValueError("the body holds no letter" if body.strip() else "there is no body")
    if removed and not _storable(body + title):
        raise ValueError("an entity stands for a NUL character or half a character; expected clean text")
    return body, title or first_sentence(body), (markup.NOTE,) if removed else ()


def _published(text: str | None, order: str) -> str | None:
    if text is None:
        return None
    if stored := _stored_date(text):
        return stored
    try:
        return dates.published(text, order)
    except ValueError as error:
        raise ValueError(f"published {error}") from error


def _stored_date(text: str) -> str | None:
    """A date that is written as it is stored, as most inputs have it: what `dates.published` gives for it.

    >>> _stored_date("2020-07-21T14:30:00+03:00"), _stored_date("2020-07-21T14:30:00-00:00")
    ('2020-07-21T14:30:00+03:00', '2020-07-21T14:30:00+00:00')
    >>> _stored_date("21/7/2020"), _stored_date("1441-12-01"), _stored_date("2020-13-01")
    (None, None, None)
    """
    if not _ISO.fullmatch(text) or int(text[:4]) not in dates.YEARS or int(text[:4]) in dates.HIJRI_YEARS:
        return None
    try:
        return datetime.fromisoformat(text).isoformat()[: len(text)]  # a day alone stays one
    except ValueError:
        return None


# --- ids --------------------------------------------------------------------------------------------------


def _given_id(given: str | None, prefix: str) -> tuple[str | None, str | None]:
    """The article's id and, where that had to be made from the input's, the input's."""
    if given is None:
        return None, None
    whole = prefix + given
    return (whole, None) if OWN_ID.fullmatch(whole) else (_digest("id", whole), given)


def _digest(*parts: str | None) -> str:
    """A stable id out of texts.

    >>> len(_digest("url", "https://news.example/1"))
    32
    """
    return hashlib.sha256("\0".join(part or "" for part in parts).encode()).hexdigest()[:DIGEST_LENGTH]
