"""The interface in Arabic and English: one table of texts, plurals, dates and directions.

Sentences with something inserted become *bits*, so that a template can isolate every inserted value
(``<bdi>``) and no value ever garbles the words round it.
"""

import string
import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import cache
from types import SimpleNamespace
from typing import Literal, NamedTuple

from babel import Locale
from hijridate import Gregorian
from werkzeug.datastructures import LanguageAccept

from indexer import messages
from indexer.messages import Language
from indexer.model import Notice

LANGUAGES: tuple[Language, ...] = ("ar", "en")
"""The first is the default."""

NAMES: dict[Language, str] = {"ar": "العربية", "en": "English"}

Kind = Literal["text", "value", "query", "number", "strong", "code"]


class Bit(NamedTuple):
    """A stretch of a sentence: fixed words, or a value to be isolated; `href` makes a link of it."""

    text: str
    kind: Kind = "text"
    href: str | None = None


Bits = tuple[Bit, ...]

# --- the table --------------------------------------------------------------------------------------------

TEXTS: dict[str, tuple[str, str]] = {
    # masthead and foot
    "name": ("راصد", "Rasid"),
    "logo": ("راصد، الصفحة الأولى", "Rasid, home"),
    "tagline": ("بحث في أخبار السياسة العربية", "Search in Arabic political news"),
    "skip": ("انتقل إلى المحتوى", "Skip to content"),
    "nav": ("أقسام الموقع", "Site"),
    "nav_search": ("بحث", "Search"),
    "nav_help": ("مساعدة", "Help"),
    "nav_status": ("الأرشيف", "Archive"),
    "coverage": ("ما في الأرشيف", "What the archive holds"),
    "coverage_line": ("في الأرشيف {articles} من {sources}.", "The archive holds {articles} from {sources}."),
    "coverage_span": ("من {first} إلى {last}", "{first} to {last}"),
    "updated": ("آخر تحديث {day}، الساعة {time} بالتوقيت العالمي.", "Last updated {day}, {time} UTC."),
    "not_covered": ("حدود الأرشيف", "What it does not cover"),
    "api": ("واجهة برمجية (API)", "API"),
    "no_tracking": ("بلا ملفات تعريف ارتباط ولا تتبّع", "No cookies, no tracking"),
    # the form
    "query_label": ("عبارة البحث", "Search query"),
    "search": ("ابحث", "Search"),
    "options": ("خيارات البحث وصيغه", "Options and syntax"),
    "match_legend": ("كيف تُطابَق الكلمات", "How words match"),
    "match_exact": ("كما كُتبت، ولا يُحسب التشكيل", "As written, vowel marks aside"),
    "match_spelling": ("مع اختلاف الإملاء: أ/ا، ى/ي، ة/ه", "Spelling aside: hamza, final ya and ta"),
    "match_stem": ("بكل صيغ الكلمة: و، بـ، الـ … والجمع", "All forms of a word: prefixes, suffixes, plurals"),
    "match_wide": (
        "بحث موسّع: كتابات الأسماء وما يقاربها",
        "Widely: other spellings of names, near spellings",
    ),
    "from_date": ("من تاريخ", "From"),
    "to_date": ("إلى تاريخ", "To"),
    "date_hint": (
        "مثل {example} أو تموز 2020 أو رمضان 1445",
        "For example {example}, July 2020 or Ramadan 1445",
    ),
    "date_example": ("2020/07", "2020-07"),
    "operator_label": ("كم كلمة تكفي", "How many words must match"),
    "operator_auto": ("كلها أولًا، ثم بعضها", "All first, then some"),
    "operator_and": ("كلها", "All"),
    "operator_or": ("أي واحدة منها", "Any"),
    "quick_forms": ("صيغ سريعة", "Quick forms"),
    "all_forms": ("كل صيغ البحث", "All forms of a query"),
    # home
    "home_title": ("ابحث في أخبار السياسة العربية", "Search Arabic political news"),
    "how_to_ask": ("كيف تسأل", "How to ask"),
    # timeline
    "time_all": ("المقالات في كل {unit}", "Articles per {unit}"),
    "time_matching": (
        "المقالات المطابقة في كل {unit}. أعلاها {peak}: {count}. اختر فترة لتقصر البحث عليها.",
        "Matching articles per {unit}. Most in {peak}: {count}. Select one to narrow the search.",
    ),
    "unit_month": ("شهر", "month"),
    "unit_year": ("سنة", "year"),
    "unit_month_head": ("الشهر", "Month"),
    "unit_year_head": ("السنة", "Year"),
    "oldest_side": ("الأقدم يمينًا", "Oldest at left"),
    "years": ("السنوات", "Years"),
    "as_table": ("الأرقام في جدول", "Figures as a table"),
    "articles_head": ("المقالات", "Articles"),
    # results
    "results_title": ("نتائج البحث", "Search results"),
    "read_words": ("نعرض المقالات التي تضم {q} {level}.", "Articles that have {q}, {level}."),
    "read_tree": ("فُهم البحث هكذا: {q}، {level}.", "The search was read as {q}, {level}."),
    "read_all": ("نعرض كل مقالات الأرشيف، الأحدث أولًا.", "All articles of the archive, newest first."),
    "level_exact": ("كما كُتبت", "as written"),
    "level_spelling": ("مع اختلاف الإملاء", "spelling aside"),
    "level_stem": ("بكل صيغها", "in all forms"),
    "level_wide": ("بحثًا موسّعًا", "widely"),
    "ask_exact": ("ابحث عن الكلمات كما كُتبت", "Search for the words as written"),
    "ask_stem": ("ابحث بكل صيغ الكلمات", "Search for all forms of the words"),
    "did_you_mean": ("هل تقصد", "Did you mean"),
    "question_mark": ("؟", "?"),
    "comma": ("،", ","),
    "took": ("في {ms} ملّي ثانية", "in {ms} ms"),
    "sort": ("ترتيب النتائج", "Sort"),
    "sort_relevance": ("الأكثر صلة", "Relevance"),
    "sort_newest": ("الأحدث", "Newest"),
    "sort_oldest": ("الأقدم", "Oldest"),
    "to_filters": ("التصفية", "Filters"),
    "to_results": ("عد إلى النتائج", "Back to results"),
    "related": ("بعض الكلمات لا كلها: {articles}", "Some of the words, not all: {articles}"),
    "undated": ("بلا تاريخ", "undated"),
    "matched": ("المطابقة:", "Matched:"),
    "appeared_as": ("ظهرت بصورة", "appeared as"),
    "pager": ("صفحات النتائج", "Result pages"),
    "page": ("صفحة", "Page"),
    "previous": ("السابق", "Previous"),
    "next": ("التالي", "Next"),
    "export": ("تصدير هذه النتائج:", "Take these results:"),
    # filters
    "filters": ("تصفية النتائج", "Filter results"),
    "filters_on": ("عوامل التصفية المفعّلة", "Active filters"),
    "remove": ("أزل", "Remove"),
    "remove_all": ("أزل الكل", "Remove all"),
    "exclude": ("استبعد", "Exclude"),
    "more": ("المزيد", "More"),
    "source": ("المصدر", "Source"),
    "section": ("القسم", "Section"),
    "author": ("الكاتب", "Author"),
    "year": ("السنة", "Year"),
    "chip_in": ("{field}: {value}", "{field}: {value}"),
    "chip_out": ("{field}: ليس {value}", "{field}: not {value}"),
    "chip_from": ("من {value}", "From {value}"),
    "chip_to": ("إلى {value}", "To {value}"),
    # notices
    "warning": ("تنبيه:", "Note:"),
    "bad_parameter": (
        "القيمة {value} لا تصلح لـ {parameter}، فتركناها.",
        "{value} does not fit {parameter}, so it was left out.",
    ),
    "query_cut": (
        "العبارة أطول من {most} حرف، فبحثنا عن أولها وتركنا الباقي.",
        "The query is longer than {most} characters: the rest was left out.",
    ),
    "page_beyond": ("لا نتائج بعد هذه الصفحة.", "There are no results this far."),
    "page_first": ("إلى الصفحة الأولى", "To the first page"),
    "relaxed": (
        "لا مقال يضم كل الكلمات، فعرضنا ما يضم بعضها.",
        "No article has all the words; these have some of them.",
    ),
    "relaxed_undo": ("اطلب الكلمات كلها", "Ask for all words"),
    "rescued_keyboard": (
        "كُتبت {q} ولوحة المفاتيح على لغة أخرى، فعرضنا نتائج {searched}.",
        "{q} was typed on another keyboard layout; these are results for {searched}.",
    ),
    "rescued_latin": (
        "لا نتائج لـ {q} بالحروف اللاتينية، فعرضنا نتائج {searched}.",
        "Nothing is written {q} in Latin letters; these are results for {searched}.",
    ),
    "rescued_spelling": (
        "لا نتائج لـ {q}، فعرضنا نتائج {searched}.",
        "Nothing was found for {q}; these are results for {searched}.",
    ),
    "rescue_undo": ("ابحث عنها كما كُتبت", "Search for it as typed"),
    # nothing found
    "zero_title": ("لا مقال يضم هذه الكلمات", "No article has these words"),
    "zero_filtered": ("لا مقال يضم هذه الكلمات ضمن التصفية", "No article has these words within the filters"),
    "zero_empty": ("لا مقالات ضمن هذه التصفية", "No articles within these filters"),
    "try_instead": ("جرّب بدلًا من ذلك", "Try instead"),
    "without_filters": ("ابحث بلا تصفية", "Search without filters"),
    "zero_help": ("راجع صيغ البحث", "See the forms of a query"),
    "why_spelling": ("كتابة أقرب إلى ما في الأرشيف", "a spelling that the archive has"),
    "why_keyboard": ("كما لو كانت لوحة المفاتيح عربية", "as typed on an Arabic keyboard"),
    "why_latin": ("الاسم بحروفه العربية", "the name in Arabic letters"),
    "why_fewer_words": ("بكلمات أقل", "with fewer words"),
    "why_wider_dates": ("في كل التواريخ", "in all dates"),
    # how a word matched: name, reason
    "via_exact": ("كما كُتبت", "exact"),
    "via_spelling": ("إملاء مختلف", "spelling"),
    "via_clitic": ("مع حرف متصل", "prefix"),
    "via_stem": ("صيغة أخرى", "other form"),
    "via_plural": ("جمع أو مفرد", "plural"),
    "via_variant": ("كتابة أخرى للاسم", "variant"),
    "via_fuzzy": ("كتابة قريبة", "near"),
    "because_exact": ("الحروف هي الحروف", "the same letters"),
    "because_spelling": (
        "اختلف التشكيل أو رسم الهمزة أو الياء أو التاء",
        "marks, hamza or final letters differ",
    ),
    "because_clitic": ("اتصلت بها و أو فـ أو بـ أو لـ أو الـ", "a joined and, in, to, or the article"),
    "because_stem": ("صيغة أخرى من الكلمة نفسها", "another form of the same word"),
    "because_plural": ("جمع الكلمة أو مفردها", "its plural or singular"),
    "because_variant": ("اسم يُكتب بأكثر من صورة", "a name that is spelt in several ways"),
    "because_fuzzy": ("كلمة قريبة في حروفها", "a word with nearly the same letters"),
    # article
    "back_to": ("عد إلى نتائج {q}", "Back to the results of {q}"),
    "cite": ("استشهد بالمقال", "Cite this article"),
    "citation": ("أرشيف راصد", "Rasid archive"),
    "permalink": ("الرابط الدائم", "Permanent link"),
    "at_source": ("في المصدر", "At the source"),
    "revisions": ("النسخ المحفوظة", "Revisions kept"),
    "added": ("أُضيف إلى الأرشيف", "Added to the archive"),
    "input_id": ("معرّفه عند المصدر", "Its id at the source"),
    "as_json": ("المقال بصيغة JSON", "The article as JSON"),
    # status
    "status_title": ("ما في الأرشيف", "What the archive holds"),
    "status_about": ("أرقام الأرشيف", "In figures"),
    "status_articles": ("المقالات", "Articles"),
    "status_sources": ("المصادر", "Sources"),
    "status_span": ("التواريخ", "Dates"),
    "status_undated": ("بلا تاريخ", "Undated"),
    "status_generation": ("جيل الفهرس", "Index generation"),
    "status_engine": ("المحرك", "Engine"),
    "status_analysis": ("بصمة التحليل", "Analysis"),
    "status_lexicon": ("بصمة المعجم", "Lexicon"),
    "status_built": ("بُني في", "Built"),
    "status_release": ("الإصدار", "Release"),
    "status_limits": (
        "لا يحوي الأرشيف الصور ولا التعليقات، ولا ما لم يُضَف إليه: غياب الخبر هنا لا يعني أنه لم يقع.",
        "The archive holds no pictures, no comments, and nothing that was not added to it: "
        "that an event is missing here does not mean that it did not happen.",
    ),
    # help
    "help_title": ("صيغ البحث", "How to search"),
    "help_toc": ("في هذه الصفحة", "On this page"),
    "help_live": ("كل مثال في هذه الصفحة رابط، فجرّبه.", "Every example on this page is a link: try it."),
    "help_type": ("تكتب", "You type"),
    "help_find": ("فتجد", "You find"),
    "help_keys": ("الاختصارات", "Keys"),
    "help_keys_line": (
        "{slash} إلى مربع البحث، من أي لوحة مفاتيح. الاختصارات زيادة، وكل شيء يُبلَغ بمفتاح {tab} وحده.",
        "{slash} goes to the search box, on any keyboard. Everything can be reached with {tab} alone.",
    ),
    "help_api": (
        "كل عنوان يُطلب بـ GET ويجيب بصيغة JSON، وما في الصفحات كله في الواجهة البرمجية.",
        "Every address is asked with GET and answers in JSON; what the pages show is all there.",
    ),
    "help_problems": ("الأخطاء بصيغة RFC 9457:", "Errors, as in RFC 9457:"),
    "help_grade": ("الدرجة", "Way"),
    "help_because": ("لأن", "Because"),
    "help_appeared": ("فظهر", "It shows"),
    "help_typed": ("كتبتَ", "You typed"),
    # errors
    "error_title": ("تعذّر تنفيذ الطلب", "The request failed"),
    "error_parameter": ("معامل لا يصلح", "A parameter does not fit"),
    "error_query": ("في صيغة البحث خطأ", "The query has a fault"),
    "error_too_long": ("العبارة طويلة جدًا", "The query is too long"),
    "error_not_found": ("لا صفحة هنا", "There is no page here"),
    "error_article": ("لا مقال بهذا المعرّف", "There is no article of that id"),
    "error_gone": ("انتهت صلاحية هذا الموضع", "This place is gone"),
    "error_method": ("طريقة لا تُقبل هنا", "Only GET is answered here"),
    "error_host": ("اسم مضيف غير متوقع", "Unexpected host name"),
    "error_archive": ("تعذّر فتح الأرشيف", "The archive cannot be used"),
    "error_busy": ("الخدمة مشغولة", "The service is busy"),
    "error_unexpected": ("تعذّر تنفيذ الطلب الآن", "This cannot be answered right now"),
    "error_no_index": ("الأرشيف فارغ", "The archive is empty"),
    "error_index": ("الفهرس لا يُفتح", "The index cannot be opened"),
    "error_at": ("عند الحرف {n}", "at character {n}"),
    "error_as_text": ("ابحث عنها نصًّا كما هي", "Search for it as plain words"),
    "error_home": ("إلى الصفحة الأولى", "To the home page"),
    "gone_hint": ("ابدأ البحث من جديد.", "Start the search again."),
    "empty_reader": (
        "الخادم يعمل، لكن لا فهرس مفتوحًا يُبحث فيه. إن كنت قارئًا فعد لاحقًا.",
        "The server runs, but there is no open index to search in. If you came to read, come back later.",
    ),
    "empty_keeper": ("لمن يدير الخادم", "For whoever runs the server"),
    "empty_then": (
        "شغّل هذا الأمر ثم حدّث الصفحة. لا حاجة إلى إعادة تشغيل الخادم.",
        "Run this command, then reload the page. The server need not be restarted.",
    ),
    "empty_commands": ("أوامر الفهرسة", "Commands"),
}
"""Key → (Arabic, English). A notice whose code is here is ours; the others are in `indexer.messages`."""

COUNTS: dict[str, dict[Language, dict[str, str]]] = {
    "articles": {
        "ar": {
            "zero": "لا مقالات",
            "one": "مقال واحد",
            "two": "مقالان",
            "few": "{n} مقالات",
            "many": "{n} مقالًا",
            "other": "{n} مقال",
        },
        "en": {"one": "1 article", "other": "{n} articles"},
    },
    "results": {
        "ar": {
            "zero": "لا نتائج",
            "one": "نتيجة واحدة",
            "two": "نتيجتان",
            "few": "{n} نتائج",
            "many": "{n} نتيجة",
            "other": "{n} نتيجة",
        },
        "en": {"one": "1 result", "other": "{n} results"},
    },
    "sources": {
        "ar": {
            "zero": "لا مصادر",
            "one": "مصدر واحد",
            "two": "مصدران",
            "few": "{n} مصادر",
            "many": "{n} مصدرًا",
            "other": "{n} مصدر",
        },
        "en": {"one": "1 source", "other": "{n} sources"},
    },
    "from_sources": {
        "ar": {
            "zero": "غير مصدر مسمّى",
            "one": "مصدر واحد",
            "two": "مصدرين",
            "few": "{n} مصادر",
            "many": "{n} مصدرًا",
            "other": "{n} مصدر",
        },
        "en": {"zero": "no named source", "one": "1 source", "other": "{n} sources"},
    },
    "words": {
        "ar": {
            "zero": "لا كلمات",
            "one": "كلمة واحدة",
            "two": "كلمتان",
            "few": "{n} كلمات",
            "many": "{n} كلمة",
            "other": "{n} كلمة",
        },
        "en": {"one": "1 word", "other": "{n} words"},
    },
}
"""Noun → language → plural form (CLDR's names) → text. «from_sources» stands after من."""

MONTHS = (
    ("يناير/كانون الثاني", "January"),
    ("فبراير/شباط", "February"),
    ("مارس/آذار", "March"),
    ("أبريل/نيسان", "April"),
    ("مايو/أيار", "May"),
    ("يونيو/حزيران", "June"),
    ("يوليو/تموز", "July"),
    ("أغسطس/آب", "August"),
    ("سبتمبر/أيلول", "September"),
    ("أكتوبر/تشرين الأول", "October"),
    ("نوفمبر/تشرين الثاني", "November"),
    ("ديسمبر/كانون الأول", "December"),
)
"""Both Arabic names, of the Nile and of the Levant; the English one."""

HIJRI_MONTHS = (
    ("محرم", "Muharram"),
    ("صفر", "Safar"),
    ("ربيع الأول", "Rabi‘ I"),
    ("ربيع الآخر", "Rabi‘ II"),
    ("جمادى الأولى", "Jumada I"),
    ("جمادى الآخرة", "Jumada II"),
    ("رجب", "Rajab"),
    ("شعبان", "Sha‘ban"),
    ("رمضان", "Ramadan"),
    ("شوال", "Shawwal"),
    ("ذو القعدة", "Dhu al-Qa‘da"),
    ("ذو الحجة", "Dhu al-Hijja"),
)
"""Months of the Umm al-Qura calendar."""

HIJRI_YEAR = ("{day} {month} {year} هـ", "{day} {month} {year} AH")


# --- texts ------------------------------------------------------------------------------------------------


def _side(language: Language) -> int:
    return LANGUAGES.index(language)


@cache
def texts(language: Language) -> SimpleNamespace:
    """All texts of a language by name, for templates.

    >>> texts("en").search
    'Search'
    """
    return SimpleNamespace(**{key: pair[_side(language)] for key, pair in TEXTS.items()})


def text(key: str, language: Language) -> str:
    """One text."""
    return TEXTS[key][_side(language)]


def bits(key: str, language: Language, **inserted: str | Bit) -> Bits:
    """A text with values inserted, every value its own bit.

    >>> bits("coverage_span", "en", first="1 May", last=Bit("2 May", "strong"))
    (Bit(text='1 May', kind='value', href=None), Bit(text=' to ', kind='text', href=None), \
Bit(text='2 May', kind='strong', href=None))
    """
    return filled(text(key, language), inserted)


def filled(template: str, inserted: Mapping[str, str | Bit]) -> Bits:
    """A template's words and its values, in order."""
    made: list[Bit] = []
    for words, name, _, _ in string.Formatter().parse(template):
        if words:
            made.append(Bit(words))
        if name is not None:
            value = inserted.get(name, "")
            made.append(value if isinstance(value, Bit) else Bit(value, "value"))
    return tuple(made)


def notice_bits(notice: Notice, language: Language) -> Bits:
    """A notice with its values isolated; a code without a text shows itself."""
    pair = TEXTS.get(notice.code) or messages.TEXTS.get(notice.code) or (notice.code, notice.code)
    return filled(pair[_side(language)], dict(notice.values))


def notice_text(notice: Notice, language: Language) -> str:
    """A notice as plain text, for documents.

    >>> notice_text(Notice("query_cut", (("most", "1,024"),)), "en")
    'The query is longer than 1,024 characters: the rest was left out.'
    """
    return "".join(bit.text for bit in notice_bits(notice, language))


# --- numbers ----------------------------------------------------------------------------------------------


def counted(count: int, noun: str, language: Language) -> str:
    """A number with its noun in the plural form that it asks for.

    >>> [counted(n, "articles", "ar") for n in (1, 2, 3, 11, 100, 103)]
    ['مقال واحد', 'مقالان', '3 مقالات', '11 مقالًا', '100 مقال', '103 مقالات']
    """
    forms = COUNTS[noun][language]
    form = "zero" if count == 0 and "zero" in forms else Locale(language).plural_form(count)
    return forms[form].format(n=f"{count:,}")


# --- dates ------------------------------------------------------------------------------------------------


def day_of(published: str | None) -> date | None:
    """The day of an article's date, None where there is none."""
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:
        return None


def day_text(day: date, language: Language) -> str:
    """A day in words.

    >>> day_text(date(2026, 10, 14), "ar"), day_text(date(2026, 10, 14), "en")
    ('14 أكتوبر/تشرين الأول 2026', '14 October 2026')
    """
    return f"{day.day} {month_text(day.year, day.month, language)}"


def month_text(year: int, month: int, language: Language) -> str:
    """A month in words."""
    return f"{MONTHS[month - 1][_side(language)]} {year}"


def hijri_text(day: date, language: Language) -> str | None:
    """The day in the Umm al-Qura calendar, None outside its tables.

    >>> hijri_text(date(2026, 10, 14), "ar")
    '3 جمادى الأولى 1448 هـ'
    """
    try:
        year, month, number = Gregorian(day.year, day.month, day.day).to_hijri().datetuple()
    except OverflowError:
        return None
    side = _side(language)
    return HIJRI_YEAR[side].format(day=number, month=HIJRI_MONTHS[month - 1][side], year=year)


def short_day(day: date, language: Language) -> str:
    """A day as typed: with slashes in Arabic, where hyphens would show in the wrong order."""
    return day.isoformat().replace("-", "/") if language == "ar" else day.isoformat()


# --- language and direction -------------------------------------------------------------------------------


def preferred(asked: str | None, accepted: LanguageAccept) -> Language:
    """The language that was asked for by name, else the accepted one, else Arabic."""
    best = accepted.best_match(LANGUAGES)
    return next(
        (language for language in LANGUAGES if language in (asked, None if asked in LANGUAGES else best)),
        "ar",
    )


def direction(words: str, language: Language = "ar") -> Literal["rtl", "ltr"]:
    """Right to left as soon as there is one Arabic letter; where there is no letter at all, as the page.

    >>> direction("title:الهدنة"), direction("JCPOA"), direction("")
    ('rtl', 'ltr', 'rtl')
    """
    letters = [letter for letter in words if letter.isalpha()]
    if any(unicodedata.bidirectional(letter) in ("AL", "R") for letter in letters):
        return "rtl"
    return "ltr" if letters or language == "en" else "rtl"
