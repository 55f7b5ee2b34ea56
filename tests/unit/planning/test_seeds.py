"""Numbers that follow from a published text, as anybody can compute them again."""

import hashlib

from tidu.planning.seeds import BITS, ticket, weights


def test_weights_are_three_bytes_each_of_the_published_function():
    stream = hashlib.shake_256("2026-1\n案卷".encode()).digest(6)

    found = weights("2026-1", "案卷", 2)

    assert found.tolist() == [
        int.from_bytes(stream[:3], "big"),
        int.from_bytes(stream[3:], "big"),
    ]
    assert found.max() < 2**BITS


def test_a_longer_row_begins_like_a_shorter_one():
    assert weights("s", "n", 2).tolist() == weights("s", "n", 5).tolist()[:2]


def test_a_ticket_is_the_hash_of_seed_and_name():
    assert ticket("s", "甲") == hashlib.sha256("s\n甲".encode()).hexdigest()
    assert ticket("s", "甲") != ticket("t", "甲")
