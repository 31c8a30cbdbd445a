"""What users are told, in Arabic and English: one line for every code of a notice or suggestion.

A code is stable; its text may change. `{name}` inserts the notice's value of that name.
"""

from typing import Literal

from indexer.model import Notice

Language = Literal["ar", "en"]

TEXTS: dict[str, tuple[str, str]] = {
    "unclosed_quote": (
        "علامة اقتباس بلا شريكة: قُرئ ما بعدها كلمات.",
        "A quotation mark has no partner: what follows was read as words.",
    ),
    "unclosed_bracket": (
        "قوس مفتوح بلا شريك: لم يُحتسب.",
        "An opening bracket has no partner: it was left out.",
    ),
    "unopened_bracket": (
        "قوس مغلق بلا شريك: لم يُحتسب.",
        "A closing bracket has no partner: it was left out.",
    ),
    "too_deep": (
        "الأقواس أعمق من {limit} طبقة: لم تُحتسب الأعمق.",
        "Brackets nest deeper than {limit}: the deepest were left out.",
    ),
    "lone_operator": (
        "«{operator}» لا يقع بين شرطين: قُرئ كلمة.",
        "“{operator}” stands without its clauses: it was read as a word.",
    ),
    "bad_date": ("«{date}» ليس تاريخًا: قُرئ كلمات.", "“{date}” is not a date: it was read as words."),
    "reversed_dates": (
        "جاء اليوم الأخير أولًا: قُرئ النطاق من {first} إلى {last}.",
        "The later day came first: the range was read as {first} to {last}.",
    ),
    "short_wildcard": (
        "النجمة في أول الكلمة تحتاج إلى {letters} أحرف بعدها: بحثنا عن «{word}» بلا نجمة.",
        "A leading wildcard needs {letters} letters after it: “{word}” was searched without it.",
    ),
    "phrase_wildcard": (
        "لا تعمل النجمة بين علامتي الاقتباس: لم تُحتسب.",
        "Wildcards do not work inside quotation marks: it was left out.",
    ),
    "fuzzy_distance": (
        "تسمح «{word}~» بفرق {used} من الأحرف على الأكثر، لا {asked}.",
        "“{word}~” allows {used} edits at most, not {asked}.",
    ),
    "phrase_distance": (
        "تمتد العبارة على {used} كلمة على الأكثر، لا {asked}.",
        "A phrase may span {used} words at most, not {asked}.",
    ),
    "many_wildcards": (
        "النجوم أكثر من {limit}: لم تُحتسب {clauses}.",
        "There are more than {limit} wildcards: {clauses} was left out.",
    ),
    "many_clauses": (
        "الكلمات أكثر من {limit}: لم تُحتسب أكثرها ورودًا ({count}): {clauses}.",
        "There are more than {limit} clauses: the {count} commonest were left out: {clauses}.",
    ),
    "too_many_expansions": (
        "تطابق النجمة {found} كلمة: بحثنا عن أقصرها، {most} كلمة.",
        "The wildcard matches {found} words: the shortest {most} were searched.",
    ),
    "older_generation": (
        "الفهرس الأحدث معطوب: هذه نتائج الفهرس السابق {generation}.",
        "The newest index is damaged: these are results of the previous one, {generation}.",
    ),
    "partial": (
        "توقف البحث عند حدّ الوقت: قد تكون النتائج ناقصة.",
        "The search stopped at its time limit: results may be incomplete.",
    ),
}
"""Code → (Arabic, English)."""


def text(notice: Notice, language: Language) -> str:
    """A notice in a language.

    >>> text(Notice("partial"), "en")
    'The search stopped at its time limit: results may be incomplete.'
    """
    return TEXTS[notice.code][language == "en"].format(**dict(notice.values))
