"""Any sizes of strata: a count is dealt out whole."""

from hypothesis import given
from hypothesis import strategies as st

from tidu.casework.draw import DrawRule, numbers_by_stratum


@given(
    st.dictionaries(st.sampled_from("abcdefg"), st.integers(1, 40), min_size=1),
    st.integers(0, 6),
    st.data(),
)
def test_a_count_is_always_dealt_out_and_no_stratum_overdrawn(sizes, least, data):
    needed = sum(min(least, size) for size in sizes.values())
    count = data.draw(st.integers(needed, sum(sizes.values())))

    found = numbers_by_stratum(sizes, DrawRule(count=count, least=least))

    assert sum(found.values()) == count
    assert all(min(least, sizes[n]) <= found[n] <= sizes[n] for n in sizes)
