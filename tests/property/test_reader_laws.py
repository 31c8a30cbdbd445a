"""What holds for the values that readers take from any input."""

from datetime import datetime, timedelta, timezone

from hypothesis import example, given
from hypothesis import strategies as st

from indexer.query.dates import published
from indexer.readers.fields import _stored_date

zones = st.timedeltas(timedelta(hours=-14), timedelta(hours=14)).map(
    lambda shift: timezone(timedelta(minutes=shift // timedelta(minutes=1)))
)
stored = st.one_of(
    st.dates().map(lambda day: day.isoformat()),
    st.datetimes(timezones=zones).map(lambda moment: moment.replace(microsecond=0).isoformat()),
    st.from_regex(
        r"[12][0-9]{3}-[01][0-9]-[0-3][0-9](T[0-2][0-9]:[0-6][0-9]:[0-6][0-9][+-][0-9]{2}:[0-9]{2})?\Z"
    ),
)


@given(stored)
@example("1441-12-01")
@example("2020-02-30")
@example("2020-07-21T14:30:00-00:00")
@example(datetime.max.replace(microsecond=0).isoformat() + "+00:00")
def test_a_date_as_stored_is_read_as_any_other(text: str) -> None:
    assert _stored_date(text) in (None, _published_or_none(text))


def _published_or_none(text: str) -> str | None:
    try:
        return published(text)
    except ValueError:
        return None
