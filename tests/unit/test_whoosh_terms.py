"""Whoosh's own readers find in our files what was put into them."""

import warnings
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.engines.whoosh.columns import FieldPostings
from indexer.engines.whoosh.terms import TermsFile

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from whoosh.codec.whoosh3 import W3TermInfo
    from whoosh.filedb.filetables import OrderedHashReader
    from whoosh.filedb.structfile import BufferFile

FIELDS = ("folded", "stem")


def written(path: Path, terms: list[bytes]) -> bytes:
    """The file of terms of two fields; the n-th term is in document n alone, n + 1 times."""
    numbers = np.arange(len(terms), dtype=np.int32)
    postings = FieldPostings(terms, np.arange(len(terms) + 1), numbers, numbers + 1, None, None)
    lengths = np.full(len(terms), 7, np.uint8)
    with TermsFile(path, FIELDS) as file:
        for field in FIELDS:
            file.add(field, postings, lengths, 1000, np.full(len(terms), 10))
        file.finish()
    return path.read_bytes()


@settings(deadline=None)
@given(st.sets(st.binary(min_size=1, max_size=5), min_size=1, max_size=600))
@example({b"%d" % number for number in range(5000)})
def test_every_term_is_found_by_hash_and_in_order(terms: set[bytes]) -> None:
    with TemporaryDirectory() as folder:
        data = written(Path(folder) / "terms", sorted(terms))
    reader = OrderedHashReader(BufferFile(memoryview(data)), len(data))
    assert reader.extras["fieldmap"] == {"folded": 0, "stem": 1}
    keys = [number + term for number in (b"\0\0", b"\0\1") for term in sorted(terms)]
    assert list(reader.keys()) == keys
    assert all(reader.closest_key(key) == key for key in keys)
    for place, key in enumerate(keys[: len(terms)]):
        info = W3TermInfo.from_bytes(reader[key])
        assert (info.doc_frequency(), info.weight(), info.max_weight()) == (1, place + 1, place + 1)
        assert (info.min_id(), info.max_id(), info.extent()[0]) == (place, place, 1000 + 10 * place)
    assert reader.get(b"\0\2") is None and reader.get(b"\0\0") is None
