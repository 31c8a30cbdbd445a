"""Whatever bytes a file holds, reading it gives articles and refusals, never an error."""

import gzip
import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.query import dates
from indexer.readers import SUFFIXES, Record, Refused, dry_run, read

PIECES = st.sampled_from(
    [
        *(b'{"body": "', b'"}', b"[", b"]", b"{", b"}", b",", b'"', b"\n", b"\r\n", b"\t", b";", b"\\u0000"),
        *(
            b"id,body\n",
            b'"body"',
            b'"title": ',
            b"1e999",
            b"\\ud800",
            b"sep=",
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"\0",
        ),
        *(
            b"<p>",
            b"</p>",
            b"<!--",
            b"<![CDATA[",
            b"<html>",
            b"<script>",
            b"&#0;",
            b"&#xd800;",
            b"&lt;",
            b"<meta charset=",
        ),
        *(
            b"<?xml encoding='",
            b"utf-16",
            b"rot13",
            b"'?>",
            b"<rss version='2.0'><channel><item>",
            b"<description>",
        ),
        *("نص الخبر ".encode(encoding) for encoding in ("utf-8", "utf-16-le", "cp1256", "iso8859-6")),
    ]
)
BYTES = st.one_of(
    st.binary(max_size=300), st.lists(st.one_of(PIECES, st.binary(max_size=4)), max_size=40).map(b"".join)
)


@pytest.mark.parametrize("suffix", sorted(SUFFIXES))
@settings(max_examples=60)
@given(data=BYTES, packed=st.booleans())
def test_no_bytes_raise_out_of_read(suffix: str, data: bytes, packed: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (f"a{suffix}.gz" if packed else f"a{suffix}")
        path.write_bytes(gzip.compress(data) if packed else data)
        for item in read([folder]):
            assert isinstance(item, Record | Refused)
            repr(item).encode()
            if isinstance(item, Record):
                assert re.fullmatch(r"[\w.:~-]{1,200}", item.article.id)
                assert item.article.title and item.article.body
                (item.article.title + item.article.body).encode()
        (preview,) = dry_run([folder])
        repr(preview).encode()


@pytest.mark.parametrize("suffix", [".jsonl.gz", ".txt.gz", ".csv.gz"])
@settings(max_examples=40, deadline=None)
@given(data=st.binary(max_size=200), cut=st.integers(0, 60))
def test_no_damaged_gzip_raises_out_of_read(suffix: str, data: bytes, cut: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        packed = gzip.compress(data)
        Path(folder, f"a{suffix}").write_bytes(packed[: max(0, len(packed) - cut)] + data[:cut])
        assert all(isinstance(item, Record | Refused) for item in read([folder]))


@settings(max_examples=300, deadline=None)
@given(
    text=st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(
                [
                    "2020",
                    "1441",
                    "21",
                    "7",
                    "-",
                    "/",
                    ":",
                    " ",
                    "تموز",
                    "كانون",
                    "الثاني",
                    "ذو الحجة",
                    "هـ",
                    "م",
                    "H",
                ]
            ),
            max_size=12,
        ).map("".join),
    ),
    order=st.sampled_from(dates.ORDERS),
)
def test_a_date_is_read_or_refused_and_what_is_read_stays(text: str, order: str) -> None:
    try:
        iso = dates.published(text, order)
    except ValueError:
        iso = None
    if iso is not None:
        assert dates.published(iso, order) == iso
    try:
        first, last = dates.span(text)
    except ValueError:
        return
    assert first <= last
