"""The letters, marks and invisible characters that the chain speaks of, by name.

Arabic letters come from pyarabic; what it does not name (Persian and Urdu keyboards, controls,
Quranic marks) is named here. Character classes are ready to stand inside ``[…]`` of a pattern.
"""

from pyarabic.araby import (
    ALEF,
    ALEF_HAMZA_ABOVE,
    ALEF_HAMZA_BELOW,
    ALEF_MADDA,
    ALEF_MAKSURA,
    ALEF_WASLA,
    BEH,
    FEH,
    HAMZA,
    HEH,
    KAF,
    LAM,
    SEEN,
    TATWEEL,
    TEH_MARBUTA,
    WAW,
    YEH,
)

FARSI_YEH = "\u06cc"
YEH_BARREE = "\u06d2"
KASHMIRI_YEH = "\u06cd"  # yeh with tail, Pashto keyboards
KEHEH = "\u06a9"  # Persian and Urdu kaf
SWASH_KAF = "\u06aa"
HEH_GOAL = "\u06c1"  # Urdu heh
HEH_DOACHASHMEE = "\u06be"
TEH_MARBUTA_GOAL = "\u06c3"
AE = "\u06d5"  # Kurdish and Uyghur, looks like a final heh
DOTLESS_BEH = "\u066e"

THOUSANDS = "\u066c"
DECIMAL = "\u066b"

ARTICLE = ALEF + LAM

ARABIC_MARKS = "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u08d3-\u08ff"
"""Vowel marks, hamza and madda as combining marks, Quranic marks: never part of a term."""

LATIN_MARKS = "\u0300-\u036f"

CONTROLS = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
"""Joiners, bidi controls, zero-width and soft-hyphen characters: invisible, never part of a term."""

MARK_FORMS = "\u037a\ufc5e-\ufc63\ufcf2-\ufcf4\ufe70-\ufe7f"
"""Marks as presentation forms, which stand on a space or a tatweel of their own: they go before anything
is taken apart, or that space would stand inside a term."""

IGNORED = ARABIC_MARKS + MARK_FORMS + LATIN_MARKS + CONTROLS + TATWEEL
"""What may stand inside a word without belonging to its term."""

DIGITS = "0-9\u0660-\u0669\u06f0-\u06f9"

ARABIC_LETTERS = (
    "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06ee\u06ef\u06fa-\u06fc\u06ff"
    "\u0750-\u077f\u0870-\u0887\u0889-\u088e\u08a0-\u08c9\ufb50-\ufbb1"
    "\ufbd3-\ufc5d\ufc64-\ufcf1\ufcf5-\ufd3d\ufd50-\ufdfb\ufe80-\ufefc"
)

BASIC_LETTERS = "\u0621-\u063a\u0641-\u064a"
"""The letters of an Arabic keyboard."""

__all__ = [
    "AE",
    "ALEF",
    "ALEF_HAMZA_ABOVE",
    "ALEF_HAMZA_BELOW",
    "ALEF_MADDA",
    "ALEF_MAKSURA",
    "ALEF_WASLA",
    "ARABIC_LETTERS",
    "ARABIC_MARKS",
    "ARTICLE",
    "BASIC_LETTERS",
    "BEH",
    "CONTROLS",
    "DECIMAL",
    "DIGITS",
    "DOTLESS_BEH",
    "FARSI_YEH",
    "FEH",
    "HAMZA",
    "HEH",
    "HEH_DOACHASHMEE",
    "HEH_GOAL",
    "IGNORED",
    "KAF",
    "KASHMIRI_YEH",
    "KEHEH",
    "LAM",
    "LATIN_MARKS",
    "MARK_FORMS",
    "SEEN",
    "SWASH_KAF",
    "TATWEEL",
    "TEH_MARBUTA",
    "TEH_MARBUTA_GOAL",
    "THOUSANDS",
    "WAW",
    "YEH",
    "YEH_BARREE",
]
