"""The seed post's calculations against published values, closed forms and simulations of another kind."""

from __future__ import annotations

import base64
import io
import json
import math
import random
import re
import zlib
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import redirect_stdout
from fractions import Fraction
from inspect import getdoc, signature
from itertools import accumulate, pairwise, product
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbblog.shared import calling

EXAMPLES = Path(__file__).resolve().parent.parent / "example_notebooks"
SECTIONS = (
    "capacity", "load_balancer", "application_servers", "database", "cache_size", "cache_patterns", "scaling",
    "retries", "circuit_breaker", "availability", "estimate",
)  # fmt: skip
MIME = "application/vnd.nbblog.interact.v1+json"
MOST_STATES = 600


def run_cells(name: str, changed: tuple[str, str] = ("", "")) -> dict[str, Any]:
    """What the notebook's code cells define, run from top to bottom, with one text replaced by another."""
    cells = nbformat.read(EXAMPLES / f"{name}.ipynb", as_version=nbformat.NO_CONVERT).cells
    names: dict[str, Any] = {"__name__": "__main__"}
    with redirect_stdout(io.StringIO()):
        for cell in cells:
            if cell.cell_type == "code":
                source = "\n".join(line for line in cell.source.splitlines() if not line.startswith("%"))
                exec(compile(source.replace(*changed), cell.id, "exec"), names)
    return names


PROGRAM = run_cells("system-design")


@pytest.fixture
def program() -> dict[str, Any]:
    """The functions of the seed post."""
    return PROGRAM


def find_table(answer: tuple[Any, ...]) -> Any:
    """The dict, or the list of dicts, of an answer."""
    return next(part for part in answer if isinstance(part, (dict, list)))


def find_chart(answer: tuple[Any, ...]) -> dict[str, Any]:
    """The specification of an answer's chart."""
    spec: dict[str, Any] = answer[-1].spec
    return spec


# Every section


def saved_sections(name: str) -> dict[str, Any]:
    """What the notebook's file holds of its sections, by their functions' names."""
    cells = nbformat.read(EXAMPLES / f"{name}.ipynb", as_version=nbformat.NO_CONVERT).cells
    bundles = [output.get("data", {}).get(MIME) for cell in cells for output in cell.get("outputs", ())]
    return {bundle["name"]: bundle for bundle in bundles if bundle}


SAVED = saved_sections("system-design")


def saved_answers(name: str) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Each state of a section, as arguments, with its answer."""
    stored = json.loads(zlib.decompress(base64.b64decode(SAVED[name]["states"]["data"])))
    controls = SAVED[name]["controls"]
    states = product(*(control["stops"] for control in controls))
    for state, answer in zip(states, stored["answers"], strict=True):
        yield dict(zip((control["name"] for control in controls), state, strict=True)), stored["distinct"][answer]


def test_the_post_has_all_its_sections() -> None:
    """One section for each system that the post speaks of, in its order."""
    assert tuple(SAVED) == SECTIONS


@pytest.mark.parametrize("name", SECTIONS)
def test_every_answer_of_a_section_is_baked(name: str) -> None:
    """A reader needs nothing more for any combination of the controls."""
    states = SAVED[name]["states"]
    assert states["baked"] == states["total"] <= MOST_STATES
    assert states["pure"]


@pytest.mark.parametrize("name", SECTIONS)
def test_baked_answers_are_what_the_function_says(program: dict[str, Any], name: str) -> None:
    """In every state, what the notebook has stored is what its code gives now."""
    for arguments, stored in saved_answers(name):
        assert json.loads(json.dumps(calling.answer(program[name], arguments))) == stored


@pytest.mark.parametrize("name", SECTIONS)
def test_an_answer_is_a_sentence_and_something_to_look_at(name: str) -> None:
    """Each answer begins with whole sentences, and a table or a chart follows."""
    for _, (sentence, *rest) in saved_answers(name):
        assert sentence["kind"] == "prose"
        assert sentence["text"].endswith(".")
        assert not re.search(r"\b(?:nan|inf|None)\b(?! alone)|\de[+-]\d", sentence["text"])
        assert {part["kind"] for part in rest} - {"prose"}
        assert {part["kind"] for part in rest} <= {"prose", "table", "plot"}


@pytest.mark.parametrize("name", SECTIONS)
def test_every_control_changes_the_answer(program: dict[str, Any], name: str) -> None:
    """From the author's settings, moving any one control leads to other answers."""
    controls = SAVED[name]["controls"]
    default = {control["name"]: control["stops"][control["default"]] for control in controls}
    for control in controls:
        answers = [repr(program[name](**{**default, control["name"]: stop})) for stop in control["stops"]]
        assert len(set(answers)) > 1, control["name"]


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_begins_with_its_question(program: dict[str, Any], name: str) -> None:
    """The first line of a docstring is the question that the section answers, and its controls number two to four."""
    title = (getdoc(program[name]) or "").splitlines()[0]
    assert title.endswith("?")
    assert 2 <= len(signature(program[name]).parameters) <= 4


# Capacity


def test_capacity_by_hand(program: dict[str, Any]) -> None:
    """Ten million users with 20 requests a day make 200 million: 2,315 a second, and the rest follows."""
    answer = program["capacity"](users=10_000_000, requests=20, reads=90, size=10)
    assert answer[0].startswith("7 servers carry the busiest minutes, and 22 more")
    assert list(find_table(answer).values()) == [2_300, 6_900, 690, 0.5, 220]
    assert find_chart(answer)["series"][0]["y"] == [7, 2, 22]


def test_a_small_site_still_has_servers_to_spare(program: dict[str, Any]) -> None:
    """Ten thousand users are a few requests a second; one server would do, and two are kept."""
    answer = program["capacity"](users=10_000, requests=5, reads=99, size=1)
    assert find_chart(answer)["series"][0]["y"] == [2, 2, 3]


def test_writes_fill_disks_and_reads_fill_lines(program: dict[str, Any]) -> None:
    """The more of the same requests are reads, the more is sent and the less is stored."""
    tables = [find_table(program["capacity"](reads=reads)) for reads in (50, 90, 99)]
    sent = [table["Gigabits a second, at the peak"] for table in tables]
    stored = [table["Terabytes a year, with copies"] for table in tables]
    assert sent == sorted(sent)
    assert stored == sorted(stored, reverse=True)


# Load balancer


def slowest(program: dict[str, Any], **settings: Any) -> dict[str, float]:
    """What 1 of 100 requests waits, by policy."""
    rows = find_table(program["load_balancer"](**settings))
    return {row["policy"]: row["1 of 100 waits, ms"] for row in rows}


LOADS = list(product((2, 10, 30), (50, 70, 80, 90, 95), ("alike", "mixed", "a few huge")))


@pytest.mark.parametrize(("servers", "busy", "requests"), LOADS)
def test_two_choices_beat_one(program: dict[str, Any], servers: int, busy: int, requests: str) -> None:
    """The better of two random servers makes shorter waits and shorter queues than one random server."""
    answer = find_table(program["load_balancer"](servers, busy, requests))
    rows = {row["policy"]: row for row in answer}
    for column in ("1 of 100 waits, ms", "longest queue"):
        assert rows["Two choices"][column] < rows["Random"][column]


@pytest.mark.parametrize(("servers", "busy", "requests"), [load for load in LOADS if load[2] != "alike"])
def test_least_connections_beat_turns(program: dict[str, Any], servers: int, busy: int, requests: str) -> None:
    """Where requests differ, looking at the queues is no worse than taking turns."""
    waits = slowest(program, servers=servers, busy=busy, requests=requests)
    assert waits["Least connections"] <= waits["Round robin"]


def test_turns_are_best_where_all_requests_are_alike(program: dict[str, Any]) -> None:
    """With equal requests, taking turns needs no knowledge of the queues."""
    waits = slowest(program, servers=10, busy=80, requests="alike")
    assert min(waits, key=lambda policy: waits[policy]) == "Round robin"


@pytest.mark.parametrize("load", [0.5, 0.8])
def test_a_random_choice_makes_queues_of_one_server_each(program: dict[str, Any], load: float) -> None:
    """Random arrivals dealt out at random: each server is an M/M/1 queue, whose average wait is a closed form."""
    waits, _ = program["deal_out"]("Random", 20, load, program["SIZES"]["mixed"], requests=100_000)
    assert sum(waits) / len(waits) == pytest.approx(10 * load / (1 - load), rel=0.05)


@pytest.mark.parametrize("load", [0.7, 0.9])
def test_two_choices_as_mitzenmacher_computed_them(program: dict[str, Any], load: float) -> None:
    """With very many servers a request is in the system for the sum of load ** (2 ** i - 2), i from 1 on."""
    expected = sum(load ** (2**i - 2) for i in range(1, 12))
    waits, _ = program["deal_out"]("Two choices", 200, load, program["SIZES"]["mixed"], requests=120_000)
    assert 1 + sum(waits) / len(waits) / 10 == pytest.approx(expected, rel=0.05)


# Application servers


def exact_erlang_c(servers: int, load: Fraction) -> Fraction:
    """The formula as it stands in the books, in exact fractions."""
    last = load**servers / math.factorial(servers) * servers / (servers - load)
    return last / (sum(load**k / math.factorial(k) for k in range(servers)) + last)


@pytest.mark.parametrize(
    ("servers", "load", "published"),
    [(1, 0.5, 0.5), (2, 1, 0.3333), (3, 2, 0.4444), (12, 10, 0.4494), (14, 10, 0.1741), (6, 5, 0.5875)],
)
def test_erlang_c_is_that_of_the_tables(
    program: dict[str, Any], servers: int, load: float, published: float
) -> None:
    """The chance to wait is the one in printed tables."""
    assert program["erlang_c"](servers, load) == pytest.approx(published, abs=5e-5)


@given(st.integers(1, 120), st.fractions(Fraction(1, 100), Fraction(99, 100), max_denominator=100))
def test_erlang_c_is_exact(servers: int, busy: Fraction) -> None:
    """The recursion gives what the formula gives in exact fractions."""
    load = servers * busy
    assert PROGRAM["erlang_c"](servers, float(load)) == pytest.approx(float(exact_erlang_c(servers, load)), rel=1e-9)


@given(st.integers(1, 200), st.floats(0.01, 250))
def test_more_servers_or_less_load_never_make_it_worse(servers: int, load: float) -> None:
    """The chance to wait falls with the servers, and rises with the load."""
    chance = PROGRAM["erlang_c"]
    assert chance(servers + 1, load) <= chance(servers, load) <= chance(servers, load * 1.1) <= 1


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_one_server_waits_as_a_single_queue_does(program: dict[str, Any], limit: float) -> None:
    """For one server, the share that waits longer is load × e to the power of −(1 − load) × limit."""
    assert program["wait_longer"](1, 0.8, limit) == pytest.approx(0.8 * math.exp(-0.2 * limit))


@pytest.mark.parametrize(
    ("rate", "takes", "limit"), list(product((50, 100, 200, 500, 1_000), (20, 50, 200), (0, 10, 100)))
)
def test_as_few_servers_as_are_enough(program: dict[str, Any], rate: int, takes: int, limit: int) -> None:
    """With the number that the sentence names 99 of 100 wait no longer than the limit; with one less, fewer do."""
    sentence = program["application_servers"](rate, takes, limit)[0]
    enough, load = int(sentence.split()[1]), rate * takes / 1000
    assert program["wait_longer"](enough, load, limit / takes) <= 0.01
    assert program["wait_longer"](enough - 1, load, limit / takes) > 0.01


# Database


@pytest.mark.parametrize(
    ("store", "settings"),
    [
        ("PostgreSQL", {"rows": 10**8, "reads": 10_000, "writes": 5_000, "joins": True}),
        ("MongoDB", {"rows": 10**10, "reads": 10_000, "writes": 50_000, "joins": False}),
        ("Redis", {"rows": 10**6, "reads": 100_000, "writes": 5_000, "joins": False}),
        ("None alone", {"rows": 10**8, "reads": 10_000, "writes": 50_000, "joins": True}),
    ],
)
def test_each_store_wins_where_the_post_says(program: dict[str, Any], store: str, settings: dict[str, Any]) -> None:
    """Relations, many writes and fast access lead to the store of the post's table; too much for one is said."""
    assert program["database"](**settings)[0] == f"{store}."


def test_servers_for_a_store_by_hand(program: dict[str, Any]) -> None:
    """A billion rows of 1 KB are 1,000 GB: 20 servers of 50 GB. 100,000 reads are 3⅓ servers' work, 5,000 writes ½."""
    needed = program["servers_needed"]
    assert needed("Redis", 1_000, 1_000, 100) == 20
    assert needed("PostgreSQL", 1_000, 100_000, 5_000) == 4
    assert needed("PostgreSQL", 1_000, 100_000, 10_001) is None
    assert needed("MongoDB", 10_000, 1_000, 100) == 5


@given(st.sampled_from(["MongoDB", "Redis"]), *[st.floats(1, 1e6)] * 3)
def test_more_work_never_needs_fewer_servers(store: str, gigabytes: float, reads: float, writes: float) -> None:
    """More data, more reads or more writes: as many servers, or more."""
    needed = PROGRAM["servers_needed"]
    least = needed(store, gigabytes, reads, writes)
    assert least >= 1
    assert min(needed(store, 2 * gigabytes, reads, writes), needed(store, gigabytes, 2 * reads, 2 * writes)) >= least


# Cache


def lru_hits(items: int, skew: float, size: int, requests: int = 150_000) -> float:
    """The hit ratio of a real cache that drops the least recently used, on a seeded trace; a third is warm-up."""
    rng = random.Random(3)
    weights = list(accumulate((rank + 1) ** -skew for rank in range(items)))
    cache: OrderedDict[int, None] = OrderedDict()
    hits = 0
    for turn, item in enumerate(rng.choices(range(items), cum_weights=weights, k=requests)):
        if item in cache:
            cache.move_to_end(item)
            hits += turn >= requests // 3
        else:
            cache[item] = None
            if len(cache) > size:
                cache.popitem(last=False)
    return hits / (requests - requests // 3)


@pytest.mark.parametrize("skew", [0.6, 0.8, 1.0, 1.2])
@pytest.mark.parametrize("share", [0.01, 0.1, 0.3])
def test_che_is_as_good_as_a_real_cache(program: dict[str, Any], skew: float, share: float) -> None:
    """The approximation is within two percentage points of a simulated cache of 5,000 items."""
    approximated = program["hit_ratio"](program["popularity"](skew, 5_000), 5_000 * share)
    assert approximated == pytest.approx(lru_hits(5_000, skew, round(5_000 * share)), abs=0.02)


@pytest.mark.parametrize("skew", [0.6, 1.2])
@pytest.mark.parametrize("size", [10, 1_000])
def test_grouping_the_ranks_changes_nothing_one_sees(program: dict[str, Any], skew: float, size: int) -> None:
    """A hundred groups give the hit ratio of 20,000 single items, to a fifth of a percentage point."""
    weights = [rank**-skew for rank in range(1, 20_001)]
    total = sum(weights)
    single = [(1, weight / total) for weight in weights]
    hit_ratio = program["hit_ratio"]
    assert hit_ratio(program["popularity"](skew, 20_000), size) == pytest.approx(hit_ratio(single, size), abs=0.002)


@pytest.mark.parametrize("skew", [0.6, 0.8, 1.0, 1.2])
def test_popularity_is_a_distribution(program: dict[str, Any], skew: float) -> None:
    """All items are there, and all chances together are 1."""
    groups = program["popularity"](skew)
    assert sum(count for count, _ in groups) == 1_000_000
    assert sum(count * chance for count, chance in groups) == pytest.approx(1)


def test_a_cache_without_skew_holds_what_it_has_room_for(program: dict[str, Any]) -> None:
    """When all items are asked for alike, a cache of a tenth of them answers a tenth of the requests."""
    assert program["hit_ratio"](program["popularity"](0, 10_000), 1_000) == pytest.approx(0.1, abs=1e-6)


def test_a_larger_cache_answers_more(program: dict[str, Any]) -> None:
    """The curve rises, and it rises faster with more skew."""
    curves = [find_chart(program["cache_size"](skew=skew))["series"][0]["y"] for skew in (0.6, 0.8, 1.0, 1.2)]
    assert all(before < after for curve in curves for before, after in pairwise(curve))
    assert all(low < high for less, more in pairwise(curves) for low, high in zip(less, more, strict=True))


def test_latency_with_a_cache_by_hand(program: dict[str, Any]) -> None:
    """Every request asks the cache for 1 ms, and those that miss the database for 100 ms."""
    sentence, shares, _ = program["cache_size"](skew=1.0, share=10.0, miss=100)
    hits = int(shares.split()[3])
    assert sentence == f"A request takes {1 + 100 - hits} ms on average instead of 100 ms."


# Cache patterns


def test_cache_patterns_by_hand(program: dict[str, Any]) -> None:
    """900 reads a second of 1,000 records are 9 of each in 10 s, of which the first misses: a tenth; 100 are writes."""
    rows = [list(row.values()) for row in find_table(program["cache_patterns"](rate=1_000, writes=10, delay=10))]
    assert rows == [
        ["Cache-aside", 3, 20, 190, 10, 0],
        ["Write-through", 1, 21, 100, 0, 0],
        ["Write-back", 1, 1, 63, 0, 1_000],
    ]


def test_a_copy_that_expires_answers_what_the_formula_says(program: dict[str, Any]) -> None:
    """A simulated record, read 2 times while a copy lives, is found in 2 of 3 cases."""
    rng, now, expires, hits = random.Random(5), 0.0, 0.0, 0
    for _ in range(60_000):
        now += rng.expovariate(2)
        if now < expires:
            hits += 1
        else:
            expires = now + 1
    assert hits / 60_000 == pytest.approx(2 / 3, abs=0.01)
    row = find_table(program["cache_patterns"](rate=100, writes=1, delay=60))[0]
    reads = 99 * 60 / 1_000
    assert row["read, ms"] == pytest.approx(1 + 20 / (1 + reads), rel=0.05)


def test_nothing_is_written_back_more_often_than_written(program: dict[str, Any]) -> None:
    """Write-back asks the database at most as often as write-through does, and the less often the longer it waits."""
    for rate, writes in product((100, 1_000, 10_000), (1, 10, 50)):
        loads = []
        for delay in (1, 10, 60, 300):
            _, through, back = find_table(program["cache_patterns"](rate, writes, delay))
            assert back["database/s"] <= through["database/s"]
            loads.append(back["database/s"])
        assert loads == sorted(loads, reverse=True)


# Scaling


@pytest.mark.parametrize(("contention", "crosstalk"), [(0.0, 0.001), (0.01, 0.0001), (0.05, 0.01)])
def test_throughput_is_greatest_where_gunther_says(
    program: dict[str, Any], contention: float, crosstalk: float
) -> None:
    """The best number of machines is the square root of (1 − contention) / crosstalk."""
    best = max(range(1, 2_000), key=lambda n: program["throughput"](n, contention, crosstalk))
    assert best == pytest.approx(math.sqrt((1 - contention) / crosstalk), abs=1)


@given(st.integers(1, 10_000), st.floats(0.001, 1))
def test_without_crosstalk_it_is_amdahls_law(n: int, contention: float) -> None:
    """Then n machines do 1 / (contention + (1 − contention) / n) times the work, and never 1 / contention times."""
    gain = PROGRAM["throughput"](n, contention, 0) / PROGRAM["throughput"](1, contention, 0)
    assert gain == pytest.approx(1 / (contention + (1 - contention) / n))
    assert gain <= 1 / contention + 1e-9


def test_without_contention_and_crosstalk_it_is_a_straight_line(program: dict[str, Any]) -> None:
    """A thousand requests a second for each machine."""
    assert [program["throughput"](n, 0, 0) for n in (1, 2, 64)] == [1_000, 2_000, 64_000]


def test_scaling_by_hand(program: dict[str, Any]) -> None:
    """16 machines at 1 % and 0.1 %: 16,000 / (1 + 0.15 + 0.24) = 11,511; at $1.60 an hour, $0.0386 a million."""
    sentence, limit, rows, _ = program["scaling"](contention=1, crosstalk=0.1, n=16)
    assert sentence == "16 machines do the work of 12."
    assert limit.startswith("Beyond 31,")
    assert list(rows[1].values()) == ["16 of size 1", 12_000, 1.6, 0.037]


def test_no_machine_is_bigger_than_the_biggest(program: dict[str, Any]) -> None:
    """At 64 times the hardware the bigger machine is the one of 32 times."""
    _, _, rows, chart = program["scaling"](n=64)
    assert rows[0][""] == "1 of size 32"
    assert chart.spec["series"][0]["y"][-2] == chart.spec["series"][0]["y"][-1]


# Retries


@pytest.mark.parametrize(
    ("failing", "retries", "succeed", "load"), [(50, 3, "93.75", "1.88"), (10, 1, "99", "1.1"), (90, 0, "10", "1")]
)
def test_retries_are_a_geometric_series(
    program: dict[str, Any], failing: int, retries: int, succeed: str, load: str
) -> None:
    """1 − p to the power of attempts succeed; the load is 1 + p + p² and so on."""
    sentence = program["retries"](failing, retries, "fixed")[0]
    assert sentence == f"{succeed} % succeed in the end, for {load} times the requests."


@pytest.mark.parametrize("failing", [0.1, 0.5, 0.9])
def test_retries_come_when_they_must(program: dict[str, Any], failing: float) -> None:
    """At fixed distances of half a second p, p², p³ of the clients come back, and nobody at another time."""
    counts = program["count_retries"](failing, 4, program["BACKOFFS"]["fixed"], clients=20_000)
    expected = {5 * attempt: 20_000 * failing**attempt for attempt in (1, 2, 3, 4)}
    for place, count in enumerate(counts):
        assert count == pytest.approx(expected.get(place, 0), abs=4 * math.sqrt(expected.get(place, 0)))


@pytest.mark.parametrize(("failing", "retries"), list(product((0.1, 0.5, 0.9), (1, 3, 5))))
def test_jitter_flattens_the_rush(program: dict[str, Any], failing: float, retries: int) -> None:
    """With jitter no tenth of a second sees more than half of what comes at once without it."""
    peak = {name: max(program["count_retries"](failing, retries, wait)) for name, wait in program["BACKOFFS"].items()}
    assert peak["exponential with jitter"] < peak["exponential"] / 2
    assert peak["exponential"] <= peak["fixed"]


# Circuit breaker

BREAKERS = st.tuples(st.integers(1, 25), st.integers(1, 6), st.integers(1, 6), st.integers(1, 12))


@given(BREAKERS)
def test_a_breaker_takes_only_the_steps_it_may(settings: tuple[int, int, int, int]) -> None:
    """It opens from closed, tries from open, and closes or opens again after one try."""
    states = [state for _, _, state in PROGRAM["one_minute"](*settings)]
    assert states[0] == "closed"
    assert {(before, after) for before, after in pairwise(states) if before != after} <= {
        ("closed", "open"),
        ("open", "half-open"),
        ("half-open", "open"),
        ("half-open", "closed"),
    }
    assert ("half-open", "half-open") not in set(pairwise(states))


@given(BREAKERS)
def test_a_breaker_only_ever_spares_waiting(settings: tuple[int, int, int, int]) -> None:
    """A request takes as long as without the breaker, or is refused at once."""
    outage, timeout, _, pause = settings
    plain = PROGRAM["one_minute"](outage, timeout, math.inf, pause)
    assert {state for _, _, state in plain} == {"closed"}
    for (_, without, _), (_, guarded, state) in zip(plain, PROGRAM["one_minute"](*settings), strict=True):
        assert guarded == (0 if state == "open" else without)


def test_a_breakers_timeline(program: dict[str, Any]) -> None:
    """Down from second 1 to 10, timeout 2 s, opens after 3 failures, tries after 3 s: step by step."""
    states = "".join(state[0] for _, _, state in program["one_minute"](outage=10, timeout=2, threshold=3, pause=3))
    # The failures of seconds 1, 2 and 3 are known at 5. The try of second 8 fails at 10; that of second 13 succeeds.
    assert states == "ccccc" + "ooo" + "h" + "oooo" + "h" + "c" * 46


def test_a_short_outage_leaves_the_breaker_closed(program: dict[str, Any]) -> None:
    """Two failures do not open a breaker that opens after three."""
    assert {state for _, _, state in program["one_minute"](2, 1, 3, 5)} == {"closed"}


def test_the_breakers_price_is_that_it_comes_back_late(program: dict[str, Any]) -> None:
    """Of 10 requests that would wait 2 s each the breaker lets 5 wait, and it sees the end of the outage 2 s late."""
    sentence, price, rows, _ = program["circuit_breaker"](outage=10, timeout=2, threshold=3, pause=3)
    assert [list(row.values())[1:] for row in rows] == [[7, 5, 10, 12], [0, 10, 20, 10]]
    assert sentence == "The breaker spares the callers 10 of 20 s of waiting."
    assert price == "The price: they notice 2 s late that the service is back."


# Availability


@pytest.mark.parametrize(
    ("part", "hours"), [(0.9, 876.6), (0.99, 87.66), (0.999, 8.766), (0.9999, 0.8766), (0.99999, 0.08766)]
)
def test_nines_as_downtime(program: dict[str, Any], part: float, hours: float) -> None:
    """Three nines are 8.77 hours a year, and each further nine a tenth of that."""
    assert program["YEAR"] / 60 * (1 - program["chance_up"](part, 1, 1, 0)) == pytest.approx(hours)


def test_parts_in_a_row_multiply(program: dict[str, Any]) -> None:
    """Ten parts of 99.9 % are up 99.0 % of the time."""
    assert program["chance_up"](0.999, 10, 1, 0) == pytest.approx(0.990045, abs=1e-6)


def test_copies_multiply_their_downtime(program: dict[str, Any]) -> None:
    """Two copies of 99 % make 99.99 %, three 99.9999 %; four such pairs in a row 99.96 %."""
    assert program["chance_up"](0.99, 1, 2, 0) == pytest.approx(0.9999)
    assert program["chance_up"](0.99, 1, 3, 0) == pytest.approx(0.999999)
    assert program["chance_up"](0.99, 4, 2, 0) == pytest.approx(0.9999**4)


@given(st.floats(0.5, 0.9999), st.integers(1, 20), st.integers(1, 4), st.floats(0, 1))
def test_availability_goes_the_way_it_must(part: float, length: int, copies: int, shared: float) -> None:
    """Longer chains are down more, further copies never; with shared causes only, copies change nothing."""
    up = PROGRAM["chance_up"]
    here = up(part, length, copies, shared)
    assert 0 <= up(part, length + 1, copies, shared) <= here <= 1
    assert here <= up(part, length, copies + 1, shared) + 1e-12
    assert up(part, length, copies, 1) == pytest.approx(part**length)


def test_availability_says_minutes_and_hours(program: dict[str, Any]) -> None:
    """One part of 99.9 % is down for 526 minutes a year, which are 8.77 hours."""
    sentence, part, _ = program["availability"](part=99.9, shared=0, length=1, copies=1)
    assert sentence == "It is down for 526 minutes a year."
    assert part == "One part alone is down for 526 minutes, or 8.77 hours."


# Estimate


def test_the_estimate_by_hand(program: dict[str, Any]) -> None:
    """10 million users post 0.1 photos of 1 MB a day, each seen 100 times."""
    sentence, _, rows = program["estimate"](share="photos", users=10, posts=0.1, views=100)
    assert [row["about"] for row in rows] == [1_000_000, 10, 1_000, 3_000, 3_000, 400, 200]
    assert sentence.startswith("About 3,000 views a second, and 400 TB a year.")


def test_rounding_a_day_and_a_year_costs_what_the_post_says(program: dict[str, Any]) -> None:
    """100,000 s for a day and 400 days for a year are 14 % too little and 10 % too much."""
    assert "14 % and 10 %" in (getdoc(program["estimate"]) or "")
    assert (round(100 * (1 - 86_400 / 100_000)), round(100 * (400 / 365 - 1))) == (14, 10)


@given(st.floats(1e-6, 1e12))
@settings(max_examples=200)
def test_an_estimate_has_two_digits(number: float) -> None:
    """Rounded numbers differ from the exact ones by a twentieth at most."""
    assert PROGRAM["digits"](number) == pytest.approx(number, rel=0.05)


# The ordinary notebook


@pytest.mark.parametrize("changed", [("", ""), ("from nbblog import interact", "from ipywidgets import interact")])
def test_the_ordinary_notebook_is_ipywidgets_but_for_one_line(changed: tuple[str, str]) -> None:
    """It runs with either package's function, and each of its three calls makes a widget of ipywidgets'."""
    import ipywidgets

    names = run_cells("interact", changed)
    made = [names[name].widget for name in ("savings", "list_planets", "beats")]
    assert all(isinstance(widget, ipywidgets.interactive) for widget in made)
    assert [len(widget.kwargs) for widget in made] == [3, 3, 2]
