"""What `make bench` measures of payments is real: every line is paid, booked, matched and told."""

from benchmarks.payments import OUT, measure


async def test_every_measured_line_goes_out_and_comes_back() -> None:
    found = await measure(20)  # asserts itself that nothing was held, lost or left unmatched
    assert found["lines"] == 20
    assert found["seconds"].keys() == {*OUT, "answer", "match", "of which reading"}
    assert all(rate > 0 for rate in found["per_second"].values())
