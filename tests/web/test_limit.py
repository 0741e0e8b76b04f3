"""How often an address may ask."""

from web.limit import Buckets


def buckets(most: int = 4096) -> tuple[Buckets, list[float]]:
    clock = [0.0]
    return Buckets(lambda: clock[0], size=3, seconds=60, most=most), clock


def test_so_many_at_once_then_one_each_time_the_bucket_has_filled_a_little() -> None:
    limit, clock = buckets()
    assert [limit.take("a") for _ in range(4)] == [0, 0, 0, 20]
    clock[0] = 19.0
    assert round(limit.take("a"), 6) == 1
    clock[0] = 20.0
    assert [limit.take("a") > 0 for _ in range(2)] == [False, True]


def test_one_address_does_not_use_up_anothers() -> None:
    limit, _ = buckets()
    assert [limit.take("a") for _ in range(3)] == [0, 0, 0]
    assert limit.take("b") == 0


def test_a_long_absence_gives_no_more_than_a_full_bucket() -> None:
    limit, clock = buckets()
    limit.take("a")
    clock[0] = 10_000.0
    assert [limit.take("a") > 0 for _ in range(4)] == [False, False, False, True]


def test_addresses_are_forgotten_and_never_more_than_so_many_are_kept() -> None:
    limit, clock = buckets(most=2)
    for address in "abcd":
        limit.take(address)
    assert list(limit._buckets) == ["c", "d"]
    clock[0] = 61.0
    limit.take("e")
    assert list(limit._buckets) == ["e"]
