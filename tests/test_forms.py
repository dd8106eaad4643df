"""Forms of descriptive texts: what the standards write is taken, and nothing like it."""

from __future__ import annotations

from datetime import datetime

from hypothesis import example, given
from hypothesis import strategies as st

from scrdata import forms
from tests.strategies import LAW

FORMS = [forms.is_instant, forms.is_address, forms.is_place, forms.is_email, forms.is_licence_name]


@LAW
@given(st.datetimes(), st.sampled_from(["Z", "z", "+00:00", "-23:59", "+05:45"]), st.sampled_from("Tt"))
def test_any_instant_is_taken(moment: datetime, offset: str, letter: str) -> None:
    """Every date and time that Python writes, with an offset of hours and minutes, is one of RFC 3339."""
    assert forms.is_instant(moment.isoformat().replace("T", letter) + offset)


@LAW
@given(st.from_regex(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z\Z"))
@example("2016-12-31T23:59:60Z")
@example("2009-02-30T10:00:00Z")
def test_an_instant_has_a_day_and_a_time(text: str) -> None:
    """What is written like an instant is one if the calendar has the day and the day has the time, or a leap second."""
    try:
        datetime.fromisoformat(text.replace(":60Z", ":59Z"))
    except ValueError:
        assert not forms.is_instant(text)
    else:
        assert forms.is_instant(text)


@LAW
@given(
    st.text(),
    st.sampled_from([forms.is_instant, forms.is_address, forms.is_place, forms.is_email, forms.is_licence_name]),
)
def test_no_form_has_room_for_controls(text: str, form: object) -> None:
    """Whatever is taken can be printed in one line."""
    assert callable(form)
    assert text.isprintable() or not form(text)
