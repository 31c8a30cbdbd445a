"""Text out of HTML that came inside a feed or a table.

Not a parser: only tags that HTML has count, so «a < b» and <رويترز> stay. One pass of a pattern whose
repetitions never overlap keeps it linear, whatever the input (the standard library's parser is not).
"""

import html
import re

PARAGRAPHS = (
    "address|article|aside|blockquote|center|dd|div|dl|dt|fieldset|figcaption|figure|footer|form"
    "|h1|h2|h3|h4|h5|h6|header|hr|li|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul"
)
"""Tags that set paragraphs apart."""

INLINE = (
    "a|abbr|acronym|audio|b|bdi|bdo|big|body|br|button|caption|cite|code|col|colgroup|data|del|dfn|em|embed"
    "|font|head|html|i|iframe|img|input|ins|kbd|label|link|mark|meta|noscript|object|param|picture|q|s|samp"
    "|script|small|source|span|strike|strong|style|sub|sup|svg|time|title|tt|u|var|video|wbr"
)

DROPPED = ("script", "style", "noscript", "iframe", "svg", "head")
"""Tags whose content is no text."""

NOTE = "markup removed"

_ATTRIBUTES = r"\s*(?:/\s*)?|\s[^<>=]*=[^<>]*|\s+[\w-]+\s*"
"""None, some with a value, or a single bare one: «a<b and c>d» is no tag."""

_TAG = re.compile(
    rf"<(?P<end>/?)(?P<name>{PARAGRAPHS}|{INLINE})(?:{_ATTRIBUTES})>"
    r"|(?P<open><!--)|(?P<close>-->)|<!doctype[^<>]*>|<!\[CDATA\[|\]\]>",
    re.IGNORECASE,
)
_PARAGRAPHS = frozenset(PARAGRAPHS.split("|"))
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_BREAKS = re.compile(r" *\n *")


def without_markup(text: str) -> tuple[str, bool]:
    """The text without HTML, and whether there was any.

    Paragraphs are set apart by a blank line, `br` by a line end; entities are decoded. Where no tag makes
    paragraphs, line ends stay as they are.

    >>> without_markup("<p>قال &quot;نعم&quot;</p><p>ثم <b>غادر</b></p>")
    ('قال "نعم"\\n\\nثم غادر', True)
    >>> without_markup("إذا كان a < b و c > d")
    ('إذا كان a < b و c > d', False)
    """
    if "<" not in text and "&" not in text:  # as nearly every body
        return text, False
    tags = list(_TAG.finditer(text))
    if not any(tag["name"] for tag in tags):
        plain = _unescaped(text)
        return plain, plain != text
    breaks = any(tag["name"].lower() in _PARAGRAPHS | {"br"} for tag in tags if tag["name"])
    return _assembled(_pieces(text, tags, breaks)) if breaks else "".join(_pieces(text, tags, breaks)), True


def _unescaped(text: str) -> str:
    """The text with complete entities decoded; a bare & stays.

    >>> _unescaped("R&D &amp; &laquo;نص&raquo;")
    'R&D & «نص»'
    """
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)


def _pieces(text: str, tags: list[re.Match[str]], flowing: bool) -> list[str]:
    """The text between tags with breaks for them; what comments and dropped tags enclose is left out."""
    pieces: list[str] = []
    hidden, start = "", 0
    for tag in tags:
        if not hidden:
            piece = _unescaped(text[start : tag.start()])
            pieces += (_BLANKS.sub(" ", piece) if flowing else piece, _break(tag))
        hidden = _hidden_after(tag, hidden)
        start = tag.end()
    if not hidden:
        piece = _unescaped(text[start:])
        pieces.append(_BLANKS.sub(" ", piece) if flowing else piece)
    return pieces


def _hidden_after(tag: re.Match[str], hidden: str) -> str:
    """What hides the text after a tag: a comment, a dropped tag's name, or nothing."""
    name = (tag["name"] or "").lower()
    if hidden == "comment":
        return "" if tag["close"] else hidden
    if hidden:
        return "" if tag["end"] and name == hidden else hidden
    if tag["open"]:
        return "comment"
    return name if name in DROPPED and not tag["end"] and not tag[0].endswith("/>") else ""


def _break(tag: re.Match[str]) -> str:
    name = (tag["name"] or "").lower()
    return "\n\n" if name in _PARAGRAPHS else "\n" if name == "br" else ""


def _assembled(pieces: list[str]) -> str:
    """Pieces as paragraphs: no blanks at their ends, never more than one blank line."""
    lines = _BREAKS.sub("\n", "".join(pieces))
    return re.sub(r"\n{3,}", "\n\n", lines).strip()
