"""Why a query finds what it finds: how many articles each of its words has, and by which forms."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from indexer.analysis import fold, term_of
from indexer.analysis.lexicon import Lexicon
from indexer.model import Audited, Via, WordForm
from indexer.query import tree
from indexer.query.canonical import canonical
from indexer.query.normal import any_of, side_by_side
from indexer.query.wordlist import Wordlist
from indexer.rescue import Bench, clauses_of

MOST_FORMS = 100
"""Forms of a word that are told, the commonest first."""

Census = Callable[[tree.Word], tuple[WordForm, ...]]


def audited(query: tree.Query, bench: Bench, census: Census | None = None) -> tuple[Audited, ...]:
    """What each clause of a query does to its result."""
    clauses = [c for c in clauses_of(query) if not isinstance(c, tree.Not | tree.Dates)]
    found = []
    for clause in clauses:
        forms = census(clause) if census and isinstance(clause, tree.Word) and not clause.plain else ()
        count = 0 if bench.late() else bench.count(clause)
        found.append(Audited(typed(clause), count, not _is_function_word(clause, bench), forms=forms))
    return _blamed(clauses, found, bench)


def typed(clause: tree.Query) -> str:
    """A clause as it is shown: a word as typed."""
    return clause.text if isinstance(clause, tree.Word) and not clause.plain else canonical(clause)


def _is_function_word(clause: tree.Query, bench: Bench) -> bool:
    return isinstance(clause, tree.Word) and term_of(clause.text).written in bench.lexicon.stopwords


def _blamed(clauses: Sequence[tree.Query], found: list[Audited], bench: Bench) -> tuple[Audited, ...]:
    """The clauses that empty the result marked: without one of them, the others would find something."""
    needed = [n for n, audit in enumerate(found) if audit.needed]
    whole = side_by_side([clauses[n] for n in needed])
    if len(needed) < 2 or whole is None or bench.late() or bench.count(whole):
        return tuple(found)
    for n in needed:
        rest = side_by_side([clauses[other] for other in needed if other != n])
        if rest and not bench.late() and bench.count(rest):
            found[n] = replace(found[n], empties=True)
    return tuple(found)


def forms_of(
    word: tree.Word, words: Wordlist, lexicon: Lexicon, unwanted: tuple[str, ...] = ()
) -> tuple[WordForm, ...]:
    """The forms by which the archive answers a word, the commonest first; unwanted ones are not searched."""
    term = term_of(word.text)
    others = (*lexicon.plurals.get(term.folded, ()), *lexicon.plurals.get(term.light, ()))
    ways: dict[str, Via] = {}
    for folded, by in ((term.folded, None), *((other, "plural") for other in others)):
        for form, via in _same_stem(folded, words):
            ways.setdefault(form, "plural" if by else via)
    out = {fold(form) for form in unwanted}
    told = [WordForm(form, words.df[form], via, form not in out) for form, via in ways.items()]
    return tuple(sorted(told, key=lambda f: (-f.articles, f.text))[:MOST_FORMS])


def _same_stem(folded: str, words: Wordlist) -> list[tuple[str, Via]]:
    """The archive's words that share a stem with it. They hold its letters, so few need to be analysed."""
    term = term_of(folded)
    light, stem = term.light, term.stem.lstrip("=")
    found: list[tuple[str, Via]] = []
    for word in words.df:
        if light in word or stem in word:
            other = term_of(word)
            if word == folded:
                found.append((word, "spelling"))
            elif other.light == term.light:
                found.append((word, "clitic"))
            elif other.stem == term.stem:
                found.append((word, "stem"))
    return found


def without_forms(
    query: tree.Query, unwanted: tuple[str, ...], words: Wordlist, lexicon: Lexicon
) -> tree.Query:
    """The query with each word that has an unwanted form as any of its other forms, matched as they stand."""
    out = {fold(form) for form in unwanted}

    def kept(clause: tree.Query) -> tree.Query:
        if not isinstance(clause, tree.Word) or clause.plain:
            return clause
        forms = [form.text for form in forms_of(clause, words, lexicon)]
        if not out & set(forms):
            return clause
        left = [tree.Word(form, True, clause.position) for form in forms if form not in out]
        return any_of(left) or tree.Word(clause.text, True, clause.position)

    return side_by_side([kept(clause) for clause in clauses_of(query)]) or query
