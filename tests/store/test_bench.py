"""性能比对: fair rounds. What is measured is never a test."""

from infra.bench import run
from infra.bench.ground import Ground, compare


def test_every_variant_runs_in_every_round_and_ratios_are_taken_within_the_round() -> None:
    told: list[str] = []
    # The third round meets a noisy neighbour that slows both; a ratio of medians would not notice that they agree.
    ours, theirs = iter((200.0, 220.0, 20.0)), iter((100.0, 100.0, 10.0))
    ground = Ground("", 3, {}, told.append)
    rows = compare(
        ground,
        {"theirs": lambda: {"per_second": next(theirs)}, "ours": lambda: {"per_second": next(ours)}},
        base="theirs",
    )
    assert {row["name"]: row["ratio"] for row in rows} == {"theirs": 1.0, "ours": 2.0}
    assert sorted(told) == sorted(f"round {n}/3: {name}" for n in (1, 2, 3) for name in ("ours", "theirs"))


def test_a_lower_cost_is_a_higher_ratio() -> None:
    ground = Ground("", 1, {}, lambda _: None)
    variants = {"theirs": lambda: {"cpu_us": 20.0}, "ours": lambda: {"cpu_us": 4.0}}
    assert [r["ratio"] for r in compare(ground, variants, base="theirs", by="cpu_us")] == [1.0, 5.0]


def test_a_measurement_says_on_which_machine_and_how_it_was_counted(postgres_server: str) -> None:
    found = run("replay", database_url=postgres_server, rounds=1)
    assert found["machine"]["postgresql"]["fsync"] == "on"
    assert found["machine"]["cores"] >= 1
    assert "Processor time of a replay" in found["how"]
    assert found["rows"][0]["name"] == "library, decode and project"
