"""Rescue and completion measured: what is found, what is falsely altered, how long it takes.

    python benchmarks/rescue.py --home HOME [--data ../shared/data] [--sample 1000]

HOME is a home whose archive is large (the figures of `docs/rescue.md` are over 30,175 articles). Times are of
the processor, so that a busy machine does not count. What a missing folder of judged sets would give is left
out, and said.
"""

import argparse
import random
import re
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from indexer import answer as answering
from indexer.analysis import fold
from indexer.analysis.lexicon import lexicon_of
from indexer.evaluate import JudgedSet, indexed, measured, ranked
from indexer.means import NAMES_LIKE_FUNCTION_WORDS
from indexer.model import SearchRequest
from indexer.query import exonyms, tree
from indexer.query.exonyms import Ear, choices, english
from indexer.query.keyboard import latin_of
from indexer.query.latin import plain_latin
from indexer.query.plan import Phrase, Plan
from indexer.query.sounds import Sounds
from indexer.query.spelling import stop_forms
from indexer.query.wordlist import Wordlist
from indexer.reading import HomeReadingRoom
from indexer.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
NAMES = ROOT / "tests" / "unit" / "political_names.txt"
FULL_NAMES = ROOT / "tests" / "unit" / "full_names.txt"
SEED = 20_261_122
FEWEST_ARTICLES = 3
Given = TypeVar("Given")
Value = TypeVar("Value")
JUDGED = ("arcd", "xquad_ar", "ans_headlines", "claims", "ant_title_knownitem")


def main() -> None:
    """Prints one table a topic."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--home", type=Path, required=True)
    options.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    options.add_argument("--sample", type=int, default=1_000)
    options.add_argument("--sets", default=",".join(JUDGED), help="judged sets for one wrong letter; none: -")
    given = options.parse_args()
    rng = random.Random(SEED)
    with HomeReadingRoom(Settings(given.home)) as room:
        words, sounds = structures(room)
        latin_names(words, sounds, given.data, given.sample, rng)
        full_names(room, words, sounds)
        english_words(words, sounds)
        keyboard(room, given.data, min(given.sample, 500), rng)
        as_given(room, given.data, given.sample, rng)
        completion(room, given.data, given.sample, rng)
    if given.sets != "-":
        one_wrong_letter(given.data, given.sets.split(","), given.sample)


def structures(room: HomeReadingRoom) -> tuple[Wordlist, Sounds]:
    """The word list and the sounds of the archive: time and memory."""
    with room._snapshots.current() as snapshot:
        engine = snapshot.engine
        terms, counts, articles = engine.terms(), engine.form_counts(), engine.articles
    tracemalloc.start()
    started = time.thread_time()
    words = Wordlist(articles, {word: df for word, df in zip(terms, counts, strict=True) if df})
    listed, after_list = time.thread_time(), tracemalloc.get_traced_memory()[0]
    sounds = Sounds(words, stop_forms(lexicon_of()) - NAMES_LIKE_FUNCTION_WORDS)
    heard, after_sounds = time.thread_time(), tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    print(f"{articles} articles, {len(words.df)} words")
    print(f"word list    {listed - started:5.2f} s {after_list / 1e6:6.1f} MB")
    print(f"sounds       {heard - listed:5.2f} s {(after_sounds - after_list) / 1e6:6.1f} MB (traced)")
    return words, sounds


# --- Latin letters ----------------------------------------------------------------------------------------


def latin_names(words: Wordlist, sounds: Sounds, data: Path, sample: int, rng: random.Random) -> None:
    """Recall of the right form, for our names and for those of a bilingual list."""
    lists = {"political names (own list)": own_names(), "bilingual list": bilingual_names(data)}
    for title, pairs in lists.items():
        held = sorted({(latin, a) for latin, a in pairs if sounds._all.get(a, 0) >= FEWEST_ARTICLES})
        rng.shuffle(held)
        asked = held[:sample]
        if asked:
            recall(title, asked, sounds)


def recall(title: str, asked: Sequence[tuple[str, str]], sounds: Sounds) -> None:
    found, took = timed(lambda pair: [bare(s.word) for s in sounds.soundings(plain_latin(pair[0]))], asked)
    first = sum(words[:1] == [arabic] for words, (_, arabic) in zip(found, asked, strict=True))
    five = sum(arabic in words[:5] for words, (_, arabic) in zip(found, asked, strict=True))
    n = len(asked)
    print(f"{title:28} n {n:5} R@1 {first / n:.3f} R@5 {five / n:.3f}  {milliseconds(took)}")


def own_names() -> Iterator[tuple[str, str]]:
    for line in listed(NAMES):
        arabic, *spellings = (part.strip() for part in line.split("|"))
        yield from (
            (spelling.removeprefix("al-"), fold(arabic)) for spelling in spellings if " " not in spelling
        )


def listed(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]


def bilingual_names(data: Path) -> Iterator[tuple[str, str]]:
    path = data / "vocab" / "anetac_en_ar.tsv"
    if not path.is_file():
        print(f"(no {path})")
        return
    for line in path.read_text("utf-8").splitlines()[1:]:
        latin, _, arabic = line.partition("\t")
        if " " not in latin and " " not in arabic and len(latin) > 2:
            yield latin, bare(fold(arabic))


def bare(word: str) -> str:
    return word.removeprefix("ال") if len(word) > 4 else word


def full_names(room: HomeReadingRoom, words: Wordlist, sounds: Sounds) -> None:
    """Names of several words that stand in the archive: how many are read, without and with neighbours."""
    with room._snapshots.current() as snapshot:

        def together(first: Sequence[str], then: Sequence[str]) -> int:
            return snapshot.engine.count(Plan(Phrase("folded", (tuple(first), tuple(then)))))

        rows = ([part.strip() for part in line.split("|")] for line in listed(FULL_NAMES))
        pairs = [(latin, fold(arabic).split()) for arabic, *spelt in rows for latin in spelt]
        held = [
            (latin, name)
            for latin, name in pairs
            if all(together(both(one), both(other)) >= FEWEST_ARTICLES for one, other in pairwise(name))
        ]
        for title, beside in (("each word alone", None), ("beside each other", together)):
            ear = Ear(words, lambda: sounds, lambda folded: folded, beside)
            read, took = timed(partial(reading, ear), [latin for latin, _ in held])
            right = [_agreement(found, pair[1]) for found, pair in zip(read, held, strict=True)]
            n = max(1, len(held))
            print(f"full names, {title:17} n {n} first {right.count(2) / n:.3f} "
                  f"among {(right.count(1) + right.count(2)) / n:.3f} {milliseconds(took)}")  # fmt: skip


def _agreement(found: Sequence[Sequence[str]], name: Sequence[str]) -> int:
    """2: the first forms are the name; 1: its words are among the forms; 0: not."""
    wanted = [bare(word) for word in name]
    written = ["".join(words).replace("ال", "") for words in ([f[0] for f in found if f], name)]
    if written[0] == written[1]:  # joined or apart, with or without article
        return 2
    return int(len(found) == len(wanted) and all(w in f for w, f in zip(wanted, found, strict=True)))


def reading(ear: Ear, latin: str) -> list[list[str]]:
    """For each Arabic word that is read its forms, without the article."""
    read: list[list[str]] = []
    for choice in choices([tree.Word(word) for word in re.split(r"[ -]", latin)], ear):
        forms = [[c.text] if isinstance(c, tree.Word) else list(c.words) for c in choice.clauses]
        longest = max(map(len, forms), default=0)
        read += [[bare(fold(form[n])) for form in forms if n < len(form)] for n in range(longest)]
    return read


def both(word: str) -> tuple[str, str]:
    return bare(word), "ال" + bare(word)


def english_words(words: Wordlist, sounds: Sounds) -> None:
    """How many of 300 frequent English words are taken for names, by sound alone and with the list."""
    frequent = sorted(w for w in english() if len(w) > 3 and w.isalpha())
    some = random.Random(SEED).sample(frequent, 300)
    ear = Ear(words, lambda: sounds, lambda folded: folded)
    known = exonyms.is_english
    for title, check in (("sound alone", lambda word: False), ("with the list", known)):
        exonyms.is_english = check
        acted = [
            choice for w in some for choice in choices([tree.Word(w)], ear) if choice.clauses and choice.sure
        ]
        print(f"English words acted on, {title:14} {len(acted) / 300:.3f}")
    exonyms.is_english = known


def queries_of(data: Path, name: str, file: str = "queries.tsv") -> list[str]:
    folder = data / "qrels" / name
    return [text for _, text in JudgedSet(folder).queries(folder / file)] if folder.is_dir() else []


def keyboard(room: HomeReadingRoom, data: Path, sample: int, rng: random.Random) -> None:
    """Word queries typed with the English keyboard on: how many come back letter for letter."""
    queries = [q for q in queries_of(data, "ant_other_outlets") if len(q.split()) <= 4]
    typed = [(q, latin_of(q)[0]) for q in rng.sample(queries, min(sample, len(queries))) if latin_of(q)]
    answers, took = timed(lambda pair: room.answer(SearchRequest(q=pair[1])), typed)
    right = sum(a.rescued == "keyboard" for a in answers)
    if typed:
        share = right / len(typed)
        print(f"wrong keyboard, 2–4 words n {len(typed)} rescued {share:.3f} {milliseconds(took)}")


def as_given(room: HomeReadingRoom, data: Path, sample: int, rng: random.Random) -> None:
    """Queries without fault: how many are searched for as another, and what the suggestions cost."""
    spent: list[float] = []
    offers = answering._offers

    def watched(*asked: object) -> object:
        started = time.thread_time()
        found = offers(*asked)  # type: ignore[arg-type]
        spent.append(time.thread_time() - started)
        return found

    answering._offers = watched  # type: ignore[assignment]
    for name, file in (("ant_other_outlets", "queries.tsv"), ("ant_title_knownitem", "queries.tsv"),
                       ("ans_headlines", "queries.tsv"), ("claims", "queries.tsv"),
                       ("ant_title_knownitem", "queries_typo.tsv"),
                       ("ans_headlines", "queries_typo.tsv")):  # fmt: skip
        queries = queries_of(data, name, file)
        spent.clear()
        answers, took = timed(
            lambda q: room.answer(SearchRequest(q=q)), rng.sample(queries, min(sample, len(queries)))
        )
        kinds = dict(Counter(str(a.rescued) for a in answers))
        print(f"{name} {file}: n {len(answers)} rescued {kinds}")
        print(f"    whole answer {milliseconds(took)}; suggestions {milliseconds(spent)}")
    answering._offers = offers


def completion(room: HomeReadingRoom, data: Path, sample: int, rng: random.Random) -> None:
    """Beginnings of queries: how long their completions take."""
    queries = queries_of(data, "ant_other_outlets")
    if not queries:
        return
    asked = rng.choices(queries, k=sample)
    started = time.thread_time()
    room.completions("ا")
    print(f"completion: table {time.thread_time() - started:.2f} s, once a generation")
    for title, least, most in (("1 letter", 1, 1), ("2 letters", 2, 2), ("1–18 letters", 1, 18)):
        beginnings = [q[: rng.randint(least, min(most, len(q)))] for q in asked]
        found, took = timed(room.completions, beginnings)
        some = sum(map(bool, found)) / len(found)
        print(f"completion of {title:12}: {some:.3f} have some, {milliseconds(took)}")


def one_wrong_letter(data: Path, sets: Iterable[str], sample: int) -> None:
    """nDCG@10 of judged queries as given and with one wrong letter."""
    for name in sets:
        judged = JudgedSet(data / "qrels" / name)
        if not judged.folder.is_dir():
            print(f"(no {judged.folder})")
            continue
        with indexed(judged, "whoosh") as (engine, given):
            means = []
            for file in ("queries.tsv", "queries_typo.tsv"):
                queries = judged.queries(judged.folder / file)[
                    :: max(1, len(queries_of(data, name)) // sample)
                ]
                qrels = judged.qrels()
                run = ranked(engine, queries, judged.excluded(), given)
                values = measured(run, {q: qrels[q] for q, _ in queries if q in qrels})["nDCG@10"]
                means.append(sum(values.values()) / len(values))
        kept = means[1] / means[0]
        print(f"{name:22} as given {means[0]:.4f} one wrong letter {means[1]:.4f} kept {kept:.3f}")


def timed(ask: Callable[[Given], Value], asked: Iterable[Given]) -> tuple[list[Value], list[float]]:
    """The answers, and seconds each."""
    answers, took = [], []
    for one in asked:
        started = time.thread_time()
        answers.append(ask(one))
        took.append(time.thread_time() - started)
    return answers, took


def milliseconds(took: Sequence[float]) -> str:
    if not took:
        return "—"
    ordered = sorted(took)
    p50, p95 = (ordered[int(len(ordered) * share)] * 1e3 for share in (0.5, 0.95))
    return f"p50 {p50:.1f} p95 {p95:.1f} ms"


if __name__ == "__main__":
    main()
