"""Files to articles: every encoding, every format, every fault with its place."""

import csv
import gzip
import io
import json
import socket
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from indexer.errors import MissingExtra, ParameterError
from indexer.model import Article
from indexer.readers import Options, Place, Preview, Record, Refused, Skipped, dry_run, read, sources
from indexer.readers import jsonlines as jsonlines_format
from indexer.readers.encoding import decoded
from indexer.readers.markup import without_markup
from indexer.readers.titles import LONGEST, first_sentence

NEWS = "بيروت: أعلن رئيس الوزراء أن الحكومة ستجتمع غداً في القصر، وقال «نعمل معاً»."
SHORT = "وزير الخارجية يزور باريس"


def written(folder: Path, name: str, content: str | bytes) -> str:
    """The path of a new file."""
    data = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return str(folder / name)


def outcomes(folder: Path, name: str, content: str | bytes, options: Options | None = None) -> list[object]:
    return list(read([written(folder, name, content)], options))


def articles(found: Iterable[object]) -> list[Article]:
    return [item.article for item in found if isinstance(item, Record)]


def one(found: Iterable[object]) -> Article:
    """The only outcome, which is an article."""
    (item,) = found
    assert isinstance(item, Record), item
    return item.article


def refusals(found: Iterable[object]) -> list[tuple[str, str]]:
    """(place, reason) of everything that is refused."""
    return [(item.place.at, item.reason) for item in found if isinstance(item, Refused)]


def jsonl(*records: object) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


# --- encodings --------------------------------------------------------------------------------------------

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1256", "iso8859-6")


def plain_for(encoding: str) -> str:
    """The news in letters that the encoding has."""
    return NEWS.replace("«", "").replace("»", "") if encoding == "iso8859-6" else NEWS


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_text_is_read_in_its_encoding(tmp_path: Path, encoding: str) -> None:
    text = plain_for(encoding)
    assert one(outcomes(tmp_path, "a.txt", text.encode(encoding))).body == text


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", ["a.jsonl", "a.json", "a.csv", "a.jsonl.gz"])
def test_a_stream_is_read_in_its_encoding(tmp_path: Path, name: str, encoding: str) -> None:
    text = plain_for(encoding)
    table = f'id,body\n1,"{text}"\n'
    content = table if name == "a.csv" else jsonl({"id": 1, "body": text})
    assert one(outcomes(tmp_path, name, content.encode(encoding))).body == text


@pytest.mark.parametrize("encoding", ["cp1256", "iso8859-6"])
@pytest.mark.parametrize("text", [SHORT, "مجلس النواب", "أنباء عن اتفاق قريب بين الطرفين", "CNN: تطورات"])
def test_short_arabic_is_told_apart(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding)) == (encoding, text)


def test_a_stream_of_ascii_is_judged_where_arabic_begins(tmp_path: Path) -> None:
    lines = jsonl({"body": "ascii only"}).encode() * 10_000 + jsonl({"body": SHORT}).encode("cp1256")
    assert articles(outcomes(tmp_path, "a.jsonl", lines))[-1].body == SHORT


def test_damaged_bytes_refuse_their_own_record_only(tmp_path: Path) -> None:
    lines = jsonl({"body": NEWS}).encode() + b'{"body": "\xd8"}\n' + jsonl({"body": SHORT}).encode()
    found = outcomes(tmp_path, "a.jsonl", lines)
    assert [article.body for article in articles(found)] == [NEWS, SHORT]
    assert [at for at, _ in refusals(found)] == ["line 2"]


@pytest.mark.parametrize(
    "data", [bytes(range(256)), b"\x89PNG\r\n\x1a\n\x00\x00", "café déjà".encode("cp1252")]
)
def test_what_is_no_known_encoding_is_refused(tmp_path: Path, data: bytes) -> None:
    ((at, reason),) = refusals(outcomes(tmp_path, "a.txt", data))
    assert at == "" and reason


def test_damaged_utf8_is_refused_with_the_byte(tmp_path: Path) -> None:
    ((_, reason),) = refusals(outcomes(tmp_path, "a.txt", NEWS.encode() + b"\xff " + NEWS.encode()))
    assert reason == f"byte {len(NEWS.encode()) + 1} is no UTF-8"


# --- paths ------------------------------------------------------------------------------------------------


def test_folders_are_read_in_order_without_hidden_files(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("c.txt", "b/1.txt", "a.txt", ".hidden.txt", ".git/d.txt"):
        written(tmp_path, name, name)
    files = [item.place.file for item in read([str(tmp_path)]) if isinstance(item, Record)]
    assert files == [str(tmp_path / name) for name in ("a.txt", "b/1.txt", "c.txt")]


def test_loops_of_links_end(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    written(tmp_path, "a/1.txt", NEWS)
    found = list(read([str(tmp_path)]))
    assert len(articles(found)) == 1
    assert len(refusals(found)) == 1


def test_other_suffixes_are_skipped(tmp_path: Path) -> None:
    name = written(tmp_path, "README.md", "# seeds")
    assert list(read([name])) == [Skipped(name, ".md")]
    assert list(read([str(tmp_path)])) == [Skipped(name, ".md")]


@pytest.mark.parametrize("name", ["gone.txt", "gone", "gone.md", "nul\0.txt"])
def test_a_path_that_does_not_exist_is_refused(tmp_path: Path, name: str) -> None:
    ((at, reason),) = refusals(read([str(tmp_path / name)]))
    assert at == "" and reason


def test_standard_input_is_jsonl_and_stays_open() -> None:
    stdin = io.BytesIO(jsonl({"body": NEWS}).encode("cp1256"))
    (found,) = read(["-"], stdin=stdin)
    assert isinstance(found, Record)
    assert (found.article.body, found.place) == (NEWS, Place("stdin", "line 1"))
    assert not stdin.closed


# --- fields -----------------------------------------------------------------------------------------------


def test_every_alias_reaches_its_field(tmp_path: Path) -> None:
    record = {
        "Headline": "عنوان",
        "CONTENT": "نص",
        "المصدر": "صحيفة",
        "الكاتب": "كاتبة",
        "Category": "سياسة",
        "الرابط": "https://news.example/1",
        "pub Date": "21 تموز 2020",
    }
    article = one(outcomes(tmp_path, "a.jsonl", jsonl(record)))
    assert (article.title, article.body, article.source) == ("عنوان", "نص", "صحيفة")
    assert (article.author, article.section, article.url) == ("كاتبة", "سياسة", "https://news.example/1")
    assert article.published == "2020-07-21"


@pytest.mark.parametrize(
    "column", ["date", "published_at", "pubDate", "created_at", "PublishedAt", "التاريخ", "تاريخ النشر"]
)
def test_every_usual_name_of_the_date_is_known(tmp_path: Path, column: str) -> None:
    assert one(outcomes(tmp_path, "a.jsonl", jsonl({"body": NEWS, column: "2020-07-21"}))).published


def test_a_mapping_wins_over_the_aliases(tmp_path: Path) -> None:
    options = Options(mapping=(("body", "Leitartikel"), ("title", "text")))
    article = one(outcomes(tmp_path, "a.jsonl", jsonl({"Leitartikel": NEWS, "text": SHORT}), options))
    assert (article.title, article.body) == (SHORT, NEWS)


def test_the_whole_text_is_preferred_to_the_summary(tmp_path: Path) -> None:
    found = outcomes(tmp_path, "a.jsonl", jsonl({"summary": "s", "body": NEWS}, {"summary": "s", "body": ""}))
    assert [article.body for article in articles(found)] == [NEWS, "s"]


def test_an_option_names_the_source_of_all(tmp_path: Path) -> None:
    options = Options(source="أرشيف")
    assert one(outcomes(tmp_path, "a.jsonl", jsonl({"body": NEWS, "source": "x"}), options)).source == "أرشيف"


@pytest.mark.parametrize(
    ("column", "value", "text"),
    [
        ("author", 7, "7"),
        ("author", 1.50, "1.5"),
        ("author", None, None),
        ("author", "", None),
        ("author", " N/A ", None),
        ("author", ["أ", "ب"], "أ، ب"),
        ("source", {"id": None, "name": "CNN"}, "CNN"),
        ("section", "  سياسة \n دولية ", "سياسة دولية"),
    ],
)
def test_values_become_text_or_nothing(tmp_path: Path, column: str, value: object, text: str | None) -> None:
    article = one(outcomes(tmp_path, "a.jsonl", jsonl({"body": NEWS, column: value})))
    assert getattr(article, column) == text


RECORD_FAULTS: list[tuple[dict[str, object], str]] = [
    ({"title": "عنوان"}, "there is no body"),
    ({"body": None}, "there is no body"),
    ({"body": " \n"}, "there is no body"),
    ({"body": "2020 - 15!"}, "the body holds no letter"),
    ({"body": "<p></p>"}, "there is no body"),
    ({"body": {"text": NEWS}}, "body is an object; expected text"),
    ({"body": [NEWS]}, "body is a list; expected text"),
    ({"body": True}, "body is true or false; expected text"),
    ({"body": NEWS, "source": {"id": 1}}, "source is an object; expected text"),
    ({"body": NEWS + "\0"}, "body holds a NUL character"),
    ({"body": NEWS, "title": "a\ud800"}, "title holds a NUL character or bytes that are no text"),
    ({"body": NEWS, "date": "أمس"}, "published «أمس»: not a date"),
    ({"body": NEWS, "date": "12/31/2018"}, "published «12/31/2018»: there is no month 31"),
]


@pytest.mark.parametrize(("record", "reason"), RECORD_FAULTS)
def test_a_record_that_does_not_fit_is_refused_with_its_place(
    tmp_path: Path, record: dict[str, object], reason: str
) -> None:
    content = jsonl({"body": NEWS}) + json.dumps(record) + "\n" + jsonl({"body": SHORT})
    found = outcomes(tmp_path, "a.jsonl", content)
    assert len(articles(found)) == 2
    ((at, said),) = refusals(found)
    assert at == "line 2"
    assert said.startswith(reason)


def test_the_date_order_is_an_option(tmp_path: Path) -> None:
    content = jsonl({"body": NEWS, "date": "03/04/2018"})
    assert one(outcomes(tmp_path, "a.jsonl", content)).published == "2018-04-03"
    assert one(outcomes(tmp_path, "a.jsonl", content, Options(date_order="mdy"))).published == "2018-03-04"


@pytest.mark.parametrize(
    ("options", "named"),
    [({"mapping": (("text", "Content"),)}, "text is no field"), ({"date_order": "dym"}, "dym")],
)
def test_options_that_mean_nothing_are_refused_early(options: dict[str, object], named: str) -> None:
    with pytest.raises(ParameterError, match=named):
        Options(**options)  # type: ignore[arg-type]


def test_the_body_stays_as_given_but_for_nfc(tmp_path: Path) -> None:
    body = "  مُحَمَّد \r\n\r\n الأول\u0627\u0653 \u200f a < b & c "
    article = one(outcomes(tmp_path, "a.jsonl", jsonl({"title": " ع \n ن ", "body": body})))
    assert article.body == body.replace("\u0627\u0653", "آ").replace("مُحَمَّد", "مُحَمَّد")
    assert article.title == "ع ن"


# --- ids --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("own", ["42", "خبر-1", "a.b:c~d_e", "x" * 200])
def test_an_id_that_fits_is_kept(tmp_path: Path, own: str) -> None:
    article = one(outcomes(tmp_path, "a.jsonl", jsonl({"id": own, "body": NEWS})))
    assert (article.id, article.input_id) == (own, None)


@pytest.mark.parametrize("own", ["https://news.example/1", "a b", "x" * 201])
def test_an_id_that_does_not_fit_becomes_a_digest_and_is_kept_beside_it(tmp_path: Path, own: str) -> None:
    article = one(outcomes(tmp_path, "a.jsonl", jsonl({"id": own, "body": NEWS})))
    assert len(article.id) == 32 and article.input_id == own


def test_long_numbers_are_kept_digit_for_digit(tmp_path: Path) -> None:
    article = one(outcomes(tmp_path, "a.jsonl", '{"id": 123456789012345678901234567890, "body": "نص"}'))
    assert article.id == "123456789012345678901234567890"


def test_a_prefix_stands_before_every_given_id(tmp_path: Path) -> None:
    content = jsonl({"id": 1, "body": NEWS}, {"body": NEWS})
    numbered, unnamed = articles(outcomes(tmp_path, "a.jsonl", content, Options(id_prefix="bbc-")))
    assert numbered.id == "bbc-1" and not unnamed.id.startswith("bbc-")


def test_without_an_id_the_address_makes_it_else_the_text(tmp_path: Path) -> None:
    first = {"url": "https://news.example/1", "body": NEWS}
    content = jsonl(
        first, first | {"body": SHORT}, {"body": NEWS}, {"body": NEWS}, {"body": NEWS, "source": "x"}
    )
    by_url, same_url, by_text, same_text, other_source = (
        a.id for a in articles(outcomes(tmp_path, "a.jsonl", content))
    )
    assert by_url == same_url != by_text == same_text != other_source


# --- titles -----------------------------------------------------------------------------------------------

TITLES = {
    "إيلاف من لندن: وصل الوزير اليوم. وقال إنه عائد.": "وصل الوزير اليوم.",
    "دبي، الإمارات العربية المتحدة (CNN)-- أعلن البيت الأبيض عقوبات جديدة": "أعلن البيت الأبيض عقوبات جديدة",
    "نورنيوز- قال المتحدث إن المفاوضات مستمرة": "قال المتحدث إن المفاوضات مستمرة",
    "لندن: تراجعت أسعار النفط": "تراجعت أسعار النفط",
    "بيروت (رويترز) - اجتمع المجلس": "اجتمع المجلس",
    "بيروت - أ ف ب: اجتمع المجلس": "اجتمع المجلس",
    "وصل الوزير\nوقال إنه عائد": "وصل الوزير",
    "سأل: ماذا بعد؟ ثم غادر": "ماذا بعد؟",
    "قال د. سمير إن القرار صدر. ثم غادر.": "قال د. سمير إن القرار صدر.",
    "النائب السابق في البرلمان ووزير الدفاع قال: لا": "النائب السابق في البرلمان ووزير الدفاع قال: لا",
    "لندن:": "لندن:",
    "لقاء بو-تفليقة في العاصمة": "لقاء بو-تفليقة في العاصمة",
    "\n\n  وصل  الوزير ": "وصل الوزير",
}


@pytest.mark.parametrize(("body", "title"), TITLES.items())
def test_a_missing_title_is_the_first_sentence_without_the_dateline(body: str, title: str) -> None:
    assert first_sentence(body) == title


def test_a_long_first_sentence_is_cut_at_a_word() -> None:
    title = first_sentence("اجتماع " * 100)
    assert len(title) <= LONGEST + 1 and title.endswith("اجتماع…")
    assert len(first_sentence("ا" * 500)) == LONGEST


def test_the_body_keeps_the_dateline(tmp_path: Path) -> None:
    article = one(outcomes(tmp_path, "a.txt", "لندن: تراجعت الأسعار"))
    assert (article.title, article.body) == ("تراجعت الأسعار", "لندن: تراجعت الأسعار")


# --- markup -----------------------------------------------------------------------------------------------

MARKUP = {
    "<p>أول</p><p>ثان</p>": "أول\n\nثان",
    "<P CLASS='x'>أول\n سطر</P>\n\n<div>ثان</div>": "أول سطر\n\nثان",
    "أول<br>ثان<br/>ثالث": "أول\nثان\nثالث",
    "قال <b>نعم</b>\nثم غادر": "قال نعم\nثم غادر",
    "<script>var a = '<p>';</script><p>نص</p><style>p {}</style>": "نص",
    "<p>نص</p><!-- <p>سر</p> -->": "نص",
    "<p>&quot;نعم&quot; &amp; &#1604;&#x627; R&D</p>": '"نعم" & لا R&D',
    "قال &quot;نعم&quot;\nثم": 'قال "نعم"\nثم',
    "<ul><li>أ</li><li>ب</li></ul>": "أ\n\nب",
    "<p>a &lt;b&gt; c</p>": "a <b> c",
}

NO_MARKUP = (
    "a < b و c > d",
    "<رويترز> نص",
    "س&ج",
    "AT&T",
    "1<2>0",
    "if a<b and c>d",
    "<CNN> نص",
    "<-- سهم -->",
)


@pytest.mark.parametrize(("html", "text"), MARKUP.items())
def test_markup_gives_its_text(html: str, text: str) -> None:
    assert without_markup(html) == (text, True)


@pytest.mark.parametrize("text", NO_MARKUP)
def test_signs_that_are_no_markup_stay(text: str) -> None:
    assert without_markup(text) == (text, False)


@pytest.mark.parametrize("piece", ["<", "<p", "<!--", "<a '", "&", "&#", "<p>", "<![CDATA[", "--><p "])
def test_markup_takes_linear_time(piece: str) -> None:
    def seconds(times: int) -> float:  # the least of some runs: a busy machine slows single ones
        runs = []
        for _ in range(4):
            start = time.process_time()
            without_markup(piece * times)
            runs.append(time.process_time() - start)
        return min(runs)

    assert seconds(300_000) < 120 * max(seconds(10_000), 0.01)  # thirty times the text; a square would be 900


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", '{"title": "<b>ع</b>", "body": "<p>نص</p>"}'),
        ("a.json", '[{"title": "<b>ع</b>", "body": "<p>نص</p>"}]'),
        ("a.csv", "title,body\n<b>ع</b>,<p>نص</p>\n"),
    ],
)
def test_markup_in_tables_is_taken_out_and_noted(tmp_path: Path, name: str, content: str) -> None:
    (found,) = outcomes(tmp_path, name, content)
    assert isinstance(found, Record)
    assert (found.article.title, found.article.body, found.notes) == ("ع", "نص", ("markup removed",))


# --- text, JSONL and JSON ---------------------------------------------------------------------------------


def test_a_text_file_is_one_article_with_nothing_but_its_body(tmp_path: Path) -> None:
    (found,) = outcomes(tmp_path, "2020-07-21 خبر.txt", NEWS)
    assert isinstance(found, Record)
    article = found.article
    assert (article.body, article.published, article.source, found.place.at) == (NEWS, None, None, "")


def test_lines_may_be_blank_end_in_crlf_and_start_with_a_mark(tmp_path: Path) -> None:
    content = "\ufeff" + '{"body": "أ"}\r\n\r\n\ufeff{"body": "ب\u2028\x85"}\n\n{"body": "ج"}'
    found = outcomes(tmp_path, "a.ndjson", content)
    assert [article.body for article in articles(found)] == ["أ", "ب\u2028\x85", "ج"]
    assert [item.place.at for item in found if isinstance(item, Record)] == ["line 1", "line 3", "line 5"]


def test_the_last_of_two_equal_keys_counts(tmp_path: Path) -> None:
    assert one(outcomes(tmp_path, "a.jsonl", '{"body": "أ", "body": "ب"}')).body == "ب"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{bad", "not JSON"),
        ("[1]", "a list where an object"),
        ("5", "a single value where an object"),
        ('{"body": "' + NEWS, "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
    ],
)
def test_a_bad_line_is_refused_and_the_next_is_read(tmp_path: Path, line: str, reason: str) -> None:
    found = outcomes(tmp_path, "a.jsonl", line + "\n" + jsonl({"body": NEWS}))
    assert len(articles(found)) == 1
    ((at, said),) = refusals(found)
    assert at == "line 1" and said.startswith(reason)


def test_not_a_number_is_nothing(tmp_path: Path) -> None:
    assert one(outcomes(tmp_path, "a.jsonl", '{"body": "نص", "author": NaN}')).author is None


@pytest.mark.parametrize("content", ['[{"body": "أ"}, {"body": "ب"}]', '{"body": "أ"}\n{"body": "ب"}'])
def test_json_is_an_array_or_objects_in_a_row(tmp_path: Path, content: str) -> None:
    assert [article.body for article in articles(outcomes(tmp_path, "a.json", content))] == ["أ", "ب"]


@pytest.mark.parametrize("content", ["[]", "", " \n"])
def test_no_records_are_no_fault(tmp_path: Path, content: str) -> None:
    assert outcomes(tmp_path, "a.json", content) == []
    assert outcomes(tmp_path, "a.jsonl", content.replace("[]", "")) == []


def test_an_array_longer_than_what_is_held_is_read_to_its_end(tmp_path: Path) -> None:
    records = [{"id": n, "body": f"{NEWS} {n}" * (1 + n % 50)} for n in range(2000)]
    found = articles(outcomes(tmp_path, "a.json", json.dumps(records, ensure_ascii=False, indent=1)))
    assert [article.body for article in found] == [record["body"] for record in records]


@pytest.mark.parametrize(
    ("content", "at", "reason"),
    [
        ('[{"body": "أ"}, {bad]', "record 2", "not JSON"),
        ('[{"body": "أ"} {"body": "ب"}]', "record 2", "expected , or ]"),
        ('[{"body": "أ"}', "record 2", "expected , or ]"),
        ('[{"body": "أ"}, ' + "[" * 100_000, "record 2", "nested too deeply"),
    ],
)
def test_a_damaged_array_gives_what_comes_before(tmp_path: Path, content: str, at: str, reason: str) -> None:
    found = outcomes(tmp_path, "a.json", content)
    assert len(articles(found)) == 1
    ((where, said),) = refusals(found)
    assert where == at and said.startswith(reason)


# --- tables -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_the_delimiter_is_found(tmp_path: Path, name: str, delimiter: str) -> None:
    rows = [["id", "العنوان", "النص"], ["1", "ع, ب; ج | د", 'قال "نعم"،\nثم\r\nغادر'], ["2", "ع", "نص"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    first, second = articles(outcomes(tmp_path, name, text.getvalue()))
    assert (first.title, first.body) == (rows[1][1], rows[1][2])
    assert second.id == "2"


def test_other_signs_in_the_header_do_not_mislead(tmp_path: Path) -> None:
    content = '"id";"title, subtitle, kicker | more";body\n1;ع;نص\n'
    assert one(outcomes(tmp_path, "a.csv", content)).body == "نص"


def test_a_quotation_at_the_start_of_an_unquoted_cell_is_text(tmp_path: Path) -> None:
    content = 'id\tbody\n1\t"نعم" قال الوزير\n2\t"سطر\nثان"\n3\t"مقتبس"\n'
    found = articles(outcomes(tmp_path, "a.tsv", content))
    assert [article.body for article in found] == ['"نعم" قال الوزير', "سطر\nثان", "مقتبس"]


def test_the_line_that_names_the_separator_is_obeyed(tmp_path: Path) -> None:
    assert one(outcomes(tmp_path, "a.csv", "sep=;\r\nid;body\r\n1;نص, آخر\r\n")).body == "نص, آخر"


def test_a_table_of_one_column_is_read(tmp_path: Path) -> None:
    assert one(outcomes(tmp_path, "a.csv", "\ufeffالنص\n\nخبر\n\n")).body == "خبر"


def test_cells_may_be_of_any_size(tmp_path: Path) -> None:
    body = "كلمة " * 100_000
    assert one(outcomes(tmp_path, "a.csv", f'id,body\n1,"{body}"\n')).body == body


def test_of_two_columns_of_one_name_the_first_filled_counts(tmp_path: Path) -> None:
    found = articles(outcomes(tmp_path, "a.csv", "body,body\nأ,ب\n,ج\n"))
    assert [article.body for article in found] == ["أ", "ج"]


def test_empty_cells_may_miss_or_stand_over(tmp_path: Path) -> None:
    assert len(articles(outcomes(tmp_path, "a.csv", "body,author\nنص\nنص آخر,,,\n"))) == 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,ع,نص,زائد", "4 cells, but the header has 3"),
        ("1,ع,", "there is no body"),
        ('1,ع,"نص لا ينتهي', 'a quotation mark " is never closed'),
    ],
)
def test_a_bad_row_is_refused_with_its_line(tmp_path: Path, row: str, reason: str) -> None:
    found = outcomes(tmp_path, "a.csv", f'id,title,body\n0,ع,"أ\nب"\n{row}\n')
    assert len(articles(found)) == 1
    ((at, said),) = refusals(found)
    assert at == "line 4" and said.startswith(reason)


@pytest.mark.parametrize(
    ("content", "options", "reason"),
    [
        ("id,Leit\n1,نص\n", Options(), "no column holds the body; the columns are: id, Leit"),
        ("id,body\n1,نص\n", Options(mapping=(("title", "Kopf"),)), "there is no column Kopf"),
        ("", Options(), "the file is empty"),
        ('id,"body', Options(), 'a quotation mark " is never closed'),
    ],
)
def test_a_table_without_the_columns_is_refused_once(
    tmp_path: Path, content: str, options: Options, reason: str
) -> None:
    ((at, said),) = refusals(outcomes(tmp_path, "a.csv", content, options))
    assert at == "" and said.startswith(reason)


# --- pages and feeds --------------------------------------------------------------------------------------

PARAGRAPH = "وصل رئيس الوزراء إلى العاصمة اليوم في زيارة رسمية تستمر يومين يلتقي فيها كبار المسؤولين. "
PAGE = f"""<!doctype html><html lang="ar"><head><meta charset="{{charset}}"><title>زيارة رسمية</title>
<meta property="og:site_name" content="صحيفة"><meta name="author" content="سمير حداد">
<meta property="article:published_time" content="2020-07-21T14:30:00+03:00">
<link rel="canonical" href="https://news.example/1"></head>
<body><nav><a href="/">الرئيسية</a></nav><article><h1>زيارة رسمية</h1>
<p>{PARAGRAPH * 2}</p><p>وقال إن {PARAGRAPH}</p></article><footer>حقوق النشر 2021</footer></body></html>"""

RSS = """<?xml version="1.0" encoding="{charset}"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>صحيفة</title>
<item><title>عنوان &amp;quot;أول&amp;quot;</title><link>https://news.example/1</link><guid>n-1</guid>
<pubDate>Tue, 21 Jul 2020 14:30:00 +0300</pubDate><dc:creator>كاتب</dc:creator><category>سياسة</category>
<description>ملخص</description>
<content:encoded><![CDATA[<p>نص كامل</p><p>ثان &amp; آخر</p>]]></content:encoded></item>
<item><title>بلا نص</title></item></channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>صحيفة</title><entry><id>n-1</id><title>عنوان</title>
<link href="https://news.example/1"/><updated>2020-07-21T14:30:00Z</updated><author><name>كاتب</name></author>
<summary>نص الخبر</summary></entry></feed>"""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1256", "iso-8859-6"])
@pytest.mark.parametrize("name", ["a.html", "a.htm.gz"])
def test_a_page_gives_its_article(tmp_path: Path, name: str, charset: str) -> None:
    article = one(outcomes(tmp_path, name, PAGE.format(charset=charset).encode(charset)))
    assert (article.title, article.source, article.author) == ("زيارة رسمية", "صحيفة", "سمير حداد")
    assert (article.url, article.published) == ("https://news.example/1", "2020-07-21")
    assert article.body == f"{(PARAGRAPH * 2).strip()}\n\nوقال إن {PARAGRAPH.strip()}"


def test_a_page_that_declares_the_wrong_encoding_is_read_all_the_same(tmp_path: Path) -> None:
    assert (
        PARAGRAPH.strip()
        in one(outcomes(tmp_path, "a.html", PAGE.format(charset="utf-8").encode("cp1256"))).body
    )


@pytest.mark.parametrize("content", ["", "<html></html>", "<p>نص</p>", "http://news.example/", "a.txt"])
def test_a_page_without_an_article_is_refused(tmp_path: Path, content: str) -> None:
    assert refusals(outcomes(tmp_path, "a.html", content)) == [("", "no article was found in this page")]


@pytest.mark.parametrize("charset", ["utf-8", "windows-1256", "iso-8859-6"])
@pytest.mark.parametrize("name", ["a.xml", "a.rss"])
def test_a_feed_gives_its_entries(tmp_path: Path, name: str, charset: str) -> None:
    found = outcomes(tmp_path, name, RSS.format(charset=charset).encode(charset))
    (article,) = articles(found)
    assert (article.id, article.title, article.body) == ("n-1", 'عنوان "أول"', "نص كامل\n\nثان & آخر")
    assert (article.source, article.author, article.section) == ("صحيفة", "كاتب", "سياسة")
    assert (article.url, article.published) == ("https://news.example/1", "2020-07-21T14:30:00+03:00")
    assert refusals(found) == [("entry 2", "there is no body")]


def test_atom_is_read_with_its_summary_and_the_source_of_the_options(tmp_path: Path) -> None:
    article = one(outcomes(tmp_path, "a.atom", ATOM, Options(source="أرشيف")))
    assert (article.id, article.body, article.source) == ("n-1", "نص الخبر", "أرشيف")
    assert article.published == "2020-07-21T14:30:00+00:00"


@pytest.mark.parametrize("content", ["", "<a/>", "نص", "<urlset><url/></urlset>", "http://news.example/feed"])
def test_xml_that_is_no_feed_is_refused(tmp_path: Path, content: str) -> None:
    assert refusals(outcomes(tmp_path, "a.xml", content)) == [("", "neither RSS nor Atom")]


def test_entities_of_a_feed_reach_no_file_and_do_not_explode(tmp_path: Path) -> None:
    secret = written(tmp_path, "secret.txt", "سر الدولة")
    laughs = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    content = (
        f'<!DOCTYPE r [<!ENTITY a0 "هاها">{laughs}<!ENTITY f SYSTEM "file://{secret}">]>'
        "<rss version='2.0'><channel><item><title>ع</title><description>خبر &f; &a9;</description></item>"
        "</channel></rss>"
    )
    for item in outcomes(tmp_path, "a.xml", content):
        assert "سر" not in repr(item) and len(repr(item)) < 10_000


def test_no_reader_opens_a_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*args: object) -> None:
        raise AssertionError("a reader opened a connection")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    linked = '<!DOCTYPE r SYSTEM "http://news.example/r.dtd">' + ATOM
    assert outcomes(tmp_path, "a.html", PAGE.format(charset="utf-8"))
    assert outcomes(tmp_path, "b.html", "http://news.example/")
    assert outcomes(tmp_path, "a.xml", linked)
    assert outcomes(tmp_path, "b.xml", "http://news.example/feed")


@pytest.mark.parametrize(("name", "library"), [("a.html", "trafilatura"), ("a.xml", "feedparser")])
def test_a_missing_library_is_named_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtra, match=rf"{library} is not installed: pip install 'rasid\[web\]'"):
        outcomes(tmp_path, name, "<p>نص</p>")


# --- limits -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.txt", "a.html", "a.xml", "a.txt.gz"])
def test_a_file_over_the_cap_is_refused_before_any_work(tmp_path: Path, name: str) -> None:
    found = outcomes(tmp_path, name, b"a" * (sources.LONGEST_FILE + 1))
    assert refusals(found) == [("", "larger than 16 MiB; split it")]


def test_a_gzip_bomb_is_refused(tmp_path: Path) -> None:
    bomb = written(tmp_path, "a.txt.gz", b" " * 2**25)
    assert refusals(read([bomb])) == [("", "larger than 16 MiB; split it")]


def test_a_line_over_the_cap_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonlines_format, "LONGEST_RECORD", 100)
    content = jsonl({"body": "ا" * 1000}, {"body": "ا" * 80}, {"body": "ا" * 200})
    found = outcomes(tmp_path, "a.jsonl", content)
    assert len(articles(found)) == 1
    assert [at for at, _ in refusals(found)] == ["line 1", "line 3"]


def test_a_gzip_file_that_was_cut_gives_what_can_be_read(tmp_path: Path) -> None:
    whole = gzip.compress(jsonl(*({"id": n, "body": f"{NEWS} {n * 7919}"} for n in range(5000))).encode())
    (tmp_path / "a.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    found = list(read([str(tmp_path)]))
    assert articles(found)
    *_, last = found
    assert isinstance(last, Refused) and last.reason.startswith("not a whole gzip file")


def test_what_is_called_gz_and_is_not_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(NEWS.encode())
    ((_, reason),) = refusals(read([str(tmp_path)]))
    assert reason.startswith("not a whole gzip file")


# --- dry run ----------------------------------------------------------------------------------------------


def test_a_dry_run_tells_format_encoding_columns_samples_and_faults(tmp_path: Path) -> None:
    rows = "".join(f"{n};نص الخبر رقم {n};21/07/2020;x\n" for n in range(30))
    content = "id;النص;التاريخ;Extra\n" + rows + "bad;نص;أمس;x\n" * 25
    name = written(tmp_path, "a.csv", content.encode("cp1256"))
    (preview,) = dry_run([name])
    assert isinstance(preview, Preview)
    assert (preview.file, preview.format, preview.encoding) == (name, "CSV", "Windows-1256")
    assert preview.columns == (("id", "id"), ("النص", "body"), ("التاريخ", "published"), ("Extra", None))
    assert [sample.article.id for sample in preview.samples] == ["0", "1", "2"]
    assert (preview.records, preview.refused, len(preview.faults)) == (30, 25, 20)
    assert preview.faults[0].place == Place(name, "line 32")


def test_a_dry_run_names_what_is_skipped_and_what_is_missing(tmp_path: Path) -> None:
    readme = written(tmp_path, "README.md", "x")
    skipped, missing = dry_run([readme, str(tmp_path / "gone.csv")])
    assert skipped == Skipped(readme, ".md")
    assert isinstance(missing, Preview) and missing.faults[0].reason == "no such file or folder"
