"""The geometry of the charts: sums, scales, nothing at all, words that do not collide."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from apps.backoffice.start import charts
from apps.backoffice.start.charts import Funnel, Lengths, Panel
from apps.backoffice.start.shapes import SMALL_DIGIT, SMALL_HAN, round_up, steps_to
from apps.cards.enums import Stage
from apps.reporting.enums import Milestone
from apps.reporting.figures import MilestoneFigures, PlaceFigures, StageLength

MONDAY = date(2026, 9, 7)


def weeks(number):
    return [MONDAY + timedelta(weeks=week) for week in range(number)]


def panel(numbers):
    return charts.panels([("提交", numbers)], weeks(len(numbers)))[0]


@pytest.mark.parametrize(
    ("number", "end"), [(1, 1), (3, 3), (7, 8), (9, 10), (11, 20), (56, 60), (801, 1000)]
)
def test_a_scale_ends_at_a_round_number_that_holds_the_largest(number, end):
    assert round_up(number) == end


@pytest.mark.parametrize("top", [1, 2, 3, 4, 5, 6, 8, 10, 20, 30, 50, 60, 80, 100, 300])
def test_a_scale_is_divided_evenly_from_zero_to_its_end(top):
    steps = list(steps_to(top))
    assert (steps[0], steps[-1]) == (0, top)
    assert 2 <= len(steps) <= 6
    assert len({after - before for before, after in pairwise(steps)}) == 1


def test_all_panels_share_one_scale_from_zero():
    first, second = charts.panels([("提交", [2, 8]), ("缴费", [1, 4])], weeks(2))
    assert first.top == second.top == 8
    assert [bar.height for bar in first.bars] == [15, 60]
    assert [bar.height for bar in second.bars] == [7.5, 30]
    assert all(bar.y + bar.height == Panel.BASE for bar in first.bars + second.bars)
    assert (first.total, first.this_week) == (10, 8)


def test_only_the_week_under_way_is_open():
    assert [bar.is_open for bar in panel([1, 2, 3]).bars] == [False, False, True]


@pytest.mark.parametrize("number", [1, 4, 12, 26, 52])
def test_bars_stand_apart_inside_the_panel(number):
    bars = panel([number] * number).bars
    assert bars[0].x >= Panel.LEFT
    assert bars[-1].x + bars[-1].width <= Panel.WIDTH
    assert all(bar.x + bar.width < following.x for bar, following in pairwise(bars))


@pytest.mark.parametrize("index", [0, 25, 51])
def test_the_number_of_the_best_week_stays_inside_and_above_every_bar(index):
    numbers = [3] * 52
    numbers[index] = 1234
    found = panel(numbers)
    left, right = found.best.extent(SMALL_DIGIT, SMALL_HAN)
    assert left >= Panel.LEFT
    assert right <= Panel.WIDTH
    assert found.best.words == "1234"
    assert all(found.best.y < bar.y for bar in found.bars)


def test_the_names_of_the_first_and_the_last_week_do_not_overlap():
    first, last = charts.panels([("提交", [0])], [date(2026, 12, 28)])[0].weeks
    assert first.extent(SMALL_DIGIT, SMALL_HAN)[1] < last.extent(SMALL_DIGIT, SMALL_HAN)[0]


def test_without_any_number_a_panel_has_flat_bars_and_no_best_week():
    found = panel([0] * 12)
    assert {bar.height for bar in found.bars} == {0}
    assert (found.best, found.top) == (None, 1)


def steps(*pairs):
    way = [milestone for milestone in Milestone if milestone != Milestone.SENT]
    return [
        MilestoneFigures(name, reached, ended)
        for name, (reached, ended) in zip(way, pairs, strict=True)
    ]


def test_the_funnel_says_where_the_others_are():
    rows = charts.funnel(steps((20, 5), (16, 2), (12, 0), (10, 0), (5, 0), (5, 0))).rows
    assert [(row.reached, row.waiting, row.ended) for row in rows] == [
        (20, 1, 3),
        (16, 2, 2),
        (12, 2, 0),
        (10, 5, 0),
        (5, 0, 0),
        (5, 0, 0),
    ]
    assert [row.percent for row in rows] == [100, 80, 60, 50, 25, 25]
    assert rows[0].note.words == "1 件还在这步，3 件已终止"
    assert rows[-1].note is None
    widths = [row.bar.width / (Funnel.RIGHT - Funnel.LEFT) for row in rows]
    assert widths == pytest.approx([1, 0.8, 0.6, 0.5, 0.25, 0.25])


def test_every_step_adds_up():
    rows = charts.funnel(steps((20, 5), (16, 2), (12, 0), (10, 0), (5, 0), (5, 0))).rows
    for row, following in pairwise(rows):
        assert row.reached == following.reached + row.waiting + row.ended


def test_the_words_of_the_funnel_stay_inside_even_for_many():
    for row in charts.funnel(steps(*[(9999, 0)] * 6)).rows:
        assert row.number.extent()[1] <= Funnel.WIDTH
        assert row.label.extent()[1] <= Funnel.LEFT


def test_a_funnel_of_nothing_has_no_bars():
    assert {row.bar.width for row in charts.funnel(steps(*[(0, 0)] * 6)).rows} == {0}


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(0, 0, 0), (1, 1000, 1), (999, 1000, 99), (2, 3, 67), (3, 3, 100)],
)
def test_a_percentage_never_rounds_to_nothing_or_to_all(part, whole, percent):
    assert charts.percentage(part, whole) == percent


def lengths(*pairs, promise_days=3):
    found = [
        StageLength(stage, 10 if median is not None else 0, median, most)
        for stage, (median, most) in zip(Stage, pairs, strict=True)
    ]
    return charts.lengths(found, promise_days=promise_days)


def test_the_lengths_are_drawn_on_one_scale_from_zero():
    found = lengths((1, 3), (4, 8), (2, 4), (0, 0))
    unit = (Lengths.RIGHT - Lengths.LEFT) / 8
    assert [row.usual.width for row in found.rows] == [unit, 4 * unit, 2 * unit, 0]
    assert [row.most.width for row in found.rows] == [2 * unit, 4 * unit, 2 * unit, 0]
    assert found.promise_x == Lengths.LEFT + 3 * unit
    assert found.rows[0].words.words == "一半 1 天内，九成 3 天内"
    assert found.rows[3].words.words == "一半 当天，九成 当天"


def test_a_stage_that_nobody_has_passed_says_so():
    found = lengths(*[(None, None)] * 4)
    assert {(row.usual, row.words.words) for row in found.rows} == {(None, "还没有办完的")}


@pytest.mark.parametrize("days", [1, 3, 8, 30])
def test_the_promise_is_written_inside_the_chart(days):
    left, right = lengths(*[(1, 2)] * 4, promise_days=days).promise.extent(SMALL_DIGIT, SMALL_HAN)
    assert left >= 0
    assert right <= Lengths.WIDTH


@pytest.mark.parametrize("most", [1, 4, 9, 45, 130])
def test_the_numbers_along_the_scale_do_not_overlap(most):
    ticks = lengths(*[(1, most)] * 4, promise_days=1).ticks
    for tick, following in pairwise(ticks):
        assert tick.extent()[1] < following.extent()[0]
    assert ticks[-1].extent()[1] <= Lengths.WIDTH


def place(submitted, **fields):
    values = {"city": "济南市", "bank": "银行", "in_hand": 1, "overdue": 0, "review_days": 1}
    return PlaceFigures(submitted=submitted, **values | fields)


def test_places_beyond_the_first_are_added_up():
    found = charts.places([place(8), place(4), place(2, overdue=1), place(1)], limit=2)
    assert [row.width for row in found.rows] == [100, 50]
    assert (found.others, found.submitted, found.in_hand, found.overdue) == (2, 3, 2, 1)


def test_no_places_leave_nothing():
    found = charts.places([])
    assert (found.rows, found.others) == ([], 0)


def test_places_with_cases_in_hand_only_have_a_bar_of_no_length():
    assert charts.places([place(0)]).rows[0].width == 0
