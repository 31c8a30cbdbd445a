"""One definition of a term, used by the index, the query and the highlighter alike.

text ─tokenize.words─▶ words with offsets ─chain.term_of─▶ Term(written, folded, light, stem)
"""

from indexer.analysis.chain import (
    ANALYSIS_NUMBER,
    Term,
    Token,
    Views,
    analysis_version,
    steps,
    term_of,
    tokens,
    views_of,
)
from indexer.analysis.normalize import fold, written

__all__ = [
    "ANALYSIS_NUMBER",
    "Term",
    "Token",
    "Views",
    "analysis_version",
    "fold",
    "steps",
    "term_of",
    "tokens",
    "views_of",
    "written",
]
