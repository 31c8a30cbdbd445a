"""The query word by word: how many articles each has, which one empties the result, and by which forms."""

from dataclasses import dataclass, replace

from indexer.model import Answer, Audited, SearchRequest, WordForm
from searchapp import i18n, links
from searchapp.frame import Dir, Link, Reader


@dataclass(frozen=True, slots=True)
class FormView:
    """A form of a word; the link leaves it out of the search, or takes it in again."""

    text: str
    count: str
    how: str
    searched: bool
    href: str


@dataclass(frozen=True, slots=True)
class WordView:
    """A clause alone: its articles, and what is to be said of it; no link where it has none."""

    q: str
    dir: Dir
    href: str | None
    count: str
    note: str
    forms: tuple[FormView, ...]


def words(answer: Answer, request: SearchRequest, reader: Reader) -> tuple[WordView, ...]:
    """The clauses of an answer; none where it does not tell them."""
    return tuple(_word(clause, request, reader) for clause in answer.audit)


def forms_link(request: SearchRequest, reader: Reader) -> Link | None:
    """The same page with the forms of each word, or without them."""
    if not request.q.strip() or request.match in ("exact", "spelling"):
        return None
    key = "forms_hide" if request.forms else "forms_show"
    asked = links.restarted(request, forms=not request.forms)
    return Link(i18n.text(key, reader.language), reader.search(asked))


def _word(clause: Audited, request: SearchRequest, reader: Reader) -> WordView:
    alone = links.restarted(request, q=clause.query, forms=False, without=())
    return WordView(
        clause.query,
        i18n.direction(clause.query, reader.language),
        reader.search(alone) if clause.articles else None,
        f"{clause.articles:,}",
        _note(clause, reader),
        tuple(_form(form, request, reader) for form in clause.forms),
    )


def _note(clause: Audited, reader: Reader) -> str:
    if not clause.needed:
        return i18n.text("word_not_needed", reader.language)
    return i18n.text("word_empties", reader.language) if clause.empties else ""


def _form(form: WordForm, request: SearchRequest, reader: Reader) -> FormView:
    others = tuple(one for one in request.without if one != form.text)
    without = (*others, form.text) if form.searched else others
    how = i18n.text(f"via_{form.via}", reader.language)
    href = reader.search(replace(links.restarted(request), without=without))
    return FormView(form.text, f"{form.articles:,}", how, form.searched, href)
