"""What holds for the words of any articles, once they are numbers."""

from itertools import accumulate, pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from indexer.analysis.tokenize import word_list
from indexer.engines.batch import REGIONS, Batch
from indexer.model import Article

any_text = st.text(
    st.sampled_from("ابتةـَُ ,،_-.#0129٠٬٣abA\u200f\u200c\ufdfa\ufdfb\ufe70\ufef5\u00a0\u2028\x1f\n\t")
)


@given(st.lists(st.tuples(any_text | st.text(), any_text), max_size=4))
@example([("الرئيس، (العراق) 12,345 – ١٢٬٣٤٥.", ""), ("", "ـكلمة ـ ـكلمة"), ("محمد\ufdfa قال\u200f", "في")])
def test_the_numbers_are_those_of_the_words_that_the_tokenizer_gives(texts: list[tuple[str, str]]) -> None:
    batch = Batch.of([Article(f"a{n}", title, body) for n, (body, title) in enumerate(texts)])
    assert len(set(batch.words)) == len(batch.words)
    for place, region in enumerate(REGIONS):
        words = [batch.words[number] for number in batch.streams[region].tolist()]
        ends = accumulate(batch.lengths[region].tolist(), initial=0)
        found = [words[start:end] for start, end in pairwise(ends)]
        assert found == [word_list(text[place]) for text in texts]
