"""The guide to the query language: every form with an example from this archive, in Arabic and English."""

from collections.abc import Mapping
from typing import NamedTuple, Protocol

from indexer.messages import Language
from searchapp import i18n, links
from searchapp.i18n import LANGUAGES, Bit, Bits
from searchapp.links import Args


class Addresses(Protocol):
    """Who reads: see `page.Reader`."""

    @property
    def language(self) -> Language: ...

    def address(self, path: str, args: Args = ()) -> str: ...


class Example(NamedTuple):
    """A query, its direction, where it leads, what it means and how many articles it finds here."""

    q: str
    dir: str
    href: str
    finds: Bits
    found: str = ""


class Live(NamedTuple):
    """What this archive gives to the guide: values for its examples, and what each example finds."""

    values: Mapping[str, str]
    counts: Mapping[str, int]


class Section(NamedTuple):
    """A part of the guide: an anchor, a heading, a sentence, examples."""

    anchor: str
    title: str
    intro: Bits
    examples: tuple[Example, ...]


class Grade(NamedTuple):
    """A way in which a word can match, with an example."""

    via: str
    name: str
    typed: str
    appeared: str
    because: str


class Endpoint(NamedTuple):
    """An address of the API and what it answers."""

    address: str
    answers: str


Pair = tuple[str, str]
"""Arabic and English; {…} inserts a `SIGNS` value."""

SIGNS: dict[str, str | Bit] = {
    **{name: Bit(f"{name}:", "code") for name in ("title", "body", "source", "section", "author")},
    **{name: Bit(sign, "code") for name, sign in (("OR", "OR"), ("NOT", "NOT"), ("bar", "|"), ("two", "~2"))},
    "guillemets": Bit("« »"),
    "quotes": Bit("“ ”"),
}
"""Signs and Latin words of the query language, isolated in the sentences about them."""

HOME_EXAMPLES: tuple[tuple[str, Pair], ...] = (
    (
        "زيارة رئيس الوزراء",
        ("الكلمات كلها، بكل صيغها: «زار» و«زيارات» و«لرئيس».", "All the words, in all their forms."),
    ),
    (
        '"مجلس الأمن" -سوريا',
        ("العبارة كما هي، من دون مقالات عن سوريا.", "The phrase, without articles on Syria."),
    ),
    ("(النفط أو الغاز) تاريخ:2020/07", ("إحدى الكلمتين، في تموز/يوليو 2020.", "Either word, in July 2020.")),
)
"""On the front page."""

QUICK: tuple[tuple[str, Pair], ...] = (
    ('"مجلس الأمن"', ("عبارة متصلة", "a phrase")),
    ("النفط أو الغاز", ("إحداهما تكفي", "either word")),
    ("العقوبات -النفط", ("الأولى من دون الثانية", "the first without the second")),
    ("عنوان:الهدنة", ("في العنوان وحده", "in the title only")),
    ('"موسكو طهران"~5', ("متقاربتان", "near each other")),
)
"""Beside the form."""

SECTIONS: tuple[tuple[str, Pair, Pair, tuple[tuple[str, Pair], ...]], ...] = (
    (
        "words",
        ("الكلمات والعبارات", "Words and phrases"),
        (
            "اكتب كما تشاء: الهمزات والتشكيل وشكل الأرقام لا تغيّر النتائج. "
            "والعبارات والكلمات ذات النجمة لا تُصرَّف.",
            "Type as you like: hamza, vowel marks and the shape of digits change nothing. "
            "Phrases and wildcards are not inflected.",
        ),
        (
            (
                "المفاوضات النووية",
                (
                    "المقالات التي تضم الكلمتين بكل صيغهما، ثم ما يضم إحداهما",
                    "Articles with both words, then with one",
                ),
            ),
            (
                '"مجلس الأمن"',
                (
                    "العبارة متصلة كما هي؛ وتصلح {guillemets} و{quotes} أيضًا",
                    "The phrase; {guillemets} and {quotes} work too",
                ),
            ),
            ('="مُدَرِّس"', ("الكلمة بتشكيلها نفسه، حرفًا حرفًا", "The word as written, vowel marks included")),
            ("+الوزير", ("الكلمة بلا صيغها الأخرى", "The word without its other forms")),
            ('"موسكو طهران"~5', ("الكلمتان وبينهما خمس كلمات على الأكثر", "Both words, within five words")),
            ("كاظ*", ("كل كلمة تبدأ بهذه الحروف", "Every word that begins with these letters")),
            (
                "*اظمي",
                (
                    "كل كلمة تنتهي بها (ثلاثة حروف على الأقل)",
                    "Every word that ends so (at least three letters)",
                ),
            ),
            ("كا?مي", ("حرف واحد أيًّا كان في موضع العلامة", "Any one letter in place of the sign")),
            (
                "غورباتشوف~",
                ("الكلمة وما يقاربها في حروفها؛ و{two} أوسع", "The word and near spellings; {two} is wider"),
            ),
        ),
    ),
    (
        "logic",
        ("الجمع والاستثناء", "And, or, not"),
        (
            "تُكتب «أو» بين كلمتين فتعني إحداهما، ومثلها {OR} و{bar}، أما الواو و«ليس» فكلمات كغيرها.",
            "Write أو or {OR} in capitals; small and, or, not are words.",
        ),
        (
            ("النفط أو الغاز", ("إحدى الكلمتين أو كلتاهما", "Either word or both")),
            ("النفط OR الغاز", ("مثلها بالحروف اللاتينية الكبيرة", "The same")),
            ("النفط | الغاز", ("مثلها بالعلامة", "The same")),
            (
                "العقوبات -النفط",
                ("الأولى من دون الثانية، ومثلها {NOT}", "The first without the second; {NOT} is the same"),
            ),
            ("(البصرة أو كركوك) النفط", ("ما بين القوسين يُحسب أولًا", "What is in brackets counts first")),
        ),
    ),
    (
        "fields",
        ("الحقول والتواريخ", "Fields and dates"),
        (
            "لكل حقل اسمان، ولا مسافة بعد النقطتين. والتاريخ ميلادي بأسماء الشهور كلها، أو هجري.",
            "Each field has two names; no space after the colon. "
            "Dates are Gregorian, with all month names, or Hijri.",
        ),
        (
            ("عنوان:الهدنة", ("في العنوان وحده؛ ومثلها {title}", "In the title only; also {title}")),
            ("نص:الهدنة", ("في النص وحده؛ ومثلها {body}", "In the text only; also {body}")),
            ("مصدر:{source}", ("في اسم المصدر؛ ومثلها {source}", "In the name of the source; also {source}")),
            ("قسم:{section}", ("في اسم القسم؛ ومثلها {section}", "In the section; also {section}")),
            ("كاتب:{author}", ("في اسم الكاتب؛ ومثلها {author}", "In the author's name; also {author}")),
            ("تاريخ:{month}", ("ما نُشر في ذلك الشهر", "Published in that month")),
            (
                "تاريخ:[{month}/01 إلى {month}/15]",
                ("ما نُشر بين اليومين، وكلاهما داخل", "Between two days, both included"),
            ),
            ("date:[{iso}-01 TO {iso}-15]", ("مثلها بالحروف اللاتينية", "The same in Latin letters")),
            ("تاريخ:رمضان1441", ("الشهر الهجري بتقويم أم القرى", "A Hijri month, Umm al-Qura")),
        ),
    ),
)

VALUES = {
    "source": "وكالة",
    "section": "اقتصاد",
    "author": "محمد",
    "month": "2020/07",
    "iso": "2020-07",
}
"""What stands in the examples where the archive has nothing better."""

ENDPOINTS: tuple[tuple[str, Pair], ...] = (
    (
        "/api/v1/search?q=…",
        (
            "نتائج البحث، بالمعاملات نفسها؛ ومعها format=csv أو jsonl تأتي كلها",
            "search results, with the same parameters; all of them with format=csv or jsonl",
        ),
    ),
    ("/api/v1/articles/<id>", ("مقال بنصه وبياناته", "an article, its text and its facts")),
    ("/api/v1/articles/<id>/similar", ("ما يشبهه من المقالات", "articles like it")),
    ("/api/v1/articles/<id>/cite?format=ris", ("الاستشهاد به", "its citation")),
    (
        "/api/v1/timeline?q=…&q=…",
        ("عدد المقالات عبر الزمن، لأربعة أبحاث معًا", "articles over time, up to four queries"),
    ),
    ("/api/v1/suggest?q=…", ("تكملة ما يُكتب", "completions")),
    ("/api/v1/analyze?text=…", ("طريق كل كلمة في التحليل", "each word's way through the analysis")),
    ("/api/v1/status", ("ما في الأرشيف", "what the archive holds")),
    ("/api/v1/openapi.json", ("وصف الواجهة كلها (OpenAPI 3.1)", "all of this as OpenAPI 3.1")),
    ("/feed.atom?q=…", ("خلاصة Atom لأي بحث", "an Atom feed of any query")),
    ("/metrics", ("أرقام التشغيل لـ Prometheus", "figures of operation for Prometheus")),
)

GRADES: tuple[tuple[str, str, str], ...] = (
    ("exact", "فيينا", "فيينا"),
    ("spelling", "الاتفاق", "الإتِّفاق"),
    ("clitic", "بغداد", "وببغداد"),
    ("stem", "زيارة", "زيارته"),
    ("plural", "وزير", "الوزراء"),
    ("variant", "فيينا", "ڤيينا"),
    ("fuzzy", "غورباتشوف", "جورباتشوف"),
)
"""Way of matching, as typed, as it appears in a text."""


def quick(language: Language) -> tuple[Example, ...]:
    """The forms beside the search form; they lead nowhere."""
    return tuple(Example(q, i18n.direction(q), "", _said(pair, language)) for q, pair in QUICK)


def examples(reader: Addresses) -> tuple[Example, ...]:
    """The front page's examples."""
    return tuple(_example(q, pair, reader) for q, pair in HOME_EXAMPLES)


def sections(reader: Addresses, live: Live | None = None) -> tuple[Section, ...]:
    """The guide; `live` makes its examples those of an archive."""
    known = live or Live({}, {})
    return tuple(
        Section(
            anchor,
            _of(title, reader.language),
            _said(intro, reader.language),
            tuple(_example(in_place(q, known.values), pair, reader, known.counts) for q, pair in rows),
        )
        for anchor, title, intro, rows in SECTIONS
    )


def queries(values: Mapping[str, str]) -> tuple[str, ...]:
    """Every example of the guide with values of an archive."""
    return tuple(in_place(q, values) for _, _, _, rows in SECTIONS for q, _ in rows)


def in_place(q: str, values: Mapping[str, str]) -> str:
    """An example with its values; those of several words in quotes.

    >>> in_place("مصدر:{source}", {"source": "وكالة النخيل"})
    'مصدر:"وكالة النخيل"'
    """
    quoted = {name: f'"{value}"' if len(value.split()) > 1 else value for name, value in values.items()}
    return q.format_map({**VALUES, **quoted})


def grades(language: Language) -> tuple[Grade, ...]:
    """The ways of matching."""
    return tuple(
        Grade(via, i18n.text(f"via_{via}", language), typed, appeared, i18n.text(f"because_{via}", language))
        for via, typed, appeared in GRADES
    )


def endpoints(language: Language) -> tuple[Endpoint, ...]:
    """The addresses of the API."""
    return tuple(Endpoint(address, _of(pair, language)) for address, pair in ENDPOINTS)


def _example(q: str, finds: Pair, reader: Addresses, counts: Mapping[str, int] | None = None) -> Example:
    href = reader.address(links.SEARCH, (("q", q),))
    count = (counts or {}).get(q)
    shown = "" if count is None else i18n.counted(count, "articles", reader.language)
    return Example(q, i18n.direction(q), href, _said(finds, reader.language), shown)


def _of(pair: Pair, language: Language) -> str:
    return pair[LANGUAGES.index(language)]


def _said(pair: Pair, language: Language) -> Bits:
    return i18n.filled(_of(pair, language), SIGNS)
