"""Rules across reports: copies, years that follow each other, territories."""

from __future__ import annotations

import pandas as pd
import pytest

from toolkit.errors import SourceError
from toolkit.reports.consistency.across import Across
from toolkit.reports.consistency.years import UNIT_FACTORS

BODY = "321322沭阳县教育局"
FEES = ("active_disclosure", "fees", "amount")


def _cells(report: str, cells: dict[tuple[str, str, str], float | str]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                **{"report": report, "part": part, "item": item, "category": category},
                "value": None if isinstance(figure, str) else figure,
                "state": figure if isinstance(figure, str) else "reported",
            }
            for (part, item, category), figure in cells.items()
        ]
    ).astype({"value": "Float64"})


def _across(
    reports: list[dict[str, object]], *cells: dict[tuple[str, str, str], float | str], batches: int = 1
) -> Across:
    across = Across()
    size = -(-len(reports) // batches)
    for start in range(0, len(reports), size):
        _add(across, reports[start : start + size], *cells[start : start + size])
    return across


def _add(across: Across, reports: list[dict[str, object]], *cells: dict[tuple[str, str, str], float | str]) -> None:
    statistics = pd.concat([_cells(str(one["report"]), figures) for one, figures in zip(reports, cells)])
    texts = [{"report": one["report"], "text": one.get("text")} for one in reports if one.get("text")]
    sections = pd.DataFrame(texts, columns=["report", "text"])
    across.add({"reports": pd.DataFrame(reports), "statistics": statistics, "sections": sections})


def _years(
    *cells: dict[tuple[str, str, str], float | str], first: int = 2021, step: int = 1, **facts: object
) -> Across:
    reports = [
        {"report": f"r{first + step * place}", "agency_id": BODY, "year": first + step * place, **facts}
        for place in range(len(cells))
    ]
    return _across(reports, *cells)


def _rows(across: Across) -> list[list[object]]:
    return across.findings()[["report", "rule", "place", "lhs", "rhs"]].values.tolist()


IN, OUT = ("applications", "brought_forward", "total"), ("applications", "carried_forward", "total")
NORMATIVE = [("active_disclosure", "normative_documents", name) for name in ("issued", "repealed", "in_force")]
LIST = [("active_disclosure", "penalties", name) for name in ("items_last_year", "change")]

FOLLOW = {
    "carried over": ([{OUT: 3}, {IN: 3}], []),
    "not carried over": ([{OUT: 3}, {IN: 5}], [["r2022", "carry_over", "applications/brought_forward/total", 5, 3]]),
    "carried from a blank": ([{OUT: "blank"}, {IN: 5}], []),
    "carried into a dash": ([{OUT: 5}, {IN: "dash"}], []),
    "the stock holds": ([{NORMATIVE[2]: 597}, dict(zip(NORMATIVE, (50, 227, 420)))], []),
    "the stock does not": (
        [{NORMATIVE[2]: 597}, dict(zip(NORMATIVE, (50, 227, 421)))],
        [["r2022", "stock", "active_disclosure/normative_documents/in_force", 421, 420]],
    ),
    "the stock cannot be told": ([{NORMATIVE[2]: 597}, dict(zip(NORMATIVE, (50, "blank", 421)))], []),
    "the list holds": ([dict(zip(LIST, (40, -2))), {LIST[0]: 38}], []),
    "the list does not": (
        [dict(zip(LIST, (40, -2))), {LIST[0]: 41}],
        [["r2022", "list_change", "active_disclosure/penalties/items_last_year", 41, 38]],
    ),
}


@pytest.mark.parametrize(("cells", "found"), FOLLOW.values(), ids=FOLLOW)
def test_what_follows_from_the_year_before(cells, found):
    assert _rows(_years(*cells)) == found


def test_a_year_between_is_not_leapt_over():
    assert _rows(_years({OUT: 3}, {IN: 5}, step=2)) == []


def test_bodies_that_are_not_known_are_not_compared():
    across = _across(
        [{"report": name, "agency_id": None, "year": year} for name, year in (("a", 2021), ("b", 2022))],
        {OUT: 3},
        {IN: 5},
    )
    assert _rows(across) == []


def test_two_reports_of_one_year_count_as_far_as_they_agree():
    reports = [
        {"report": "a", "agency_id": BODY, "year": 2021},
        {"report": "b", "agency_id": BODY, "year": 2021},
        {"report": "c", "agency_id": BODY, "year": 2022},
    ]
    assert [row[:2] for row in _rows(_across(reports, {OUT: 3}, {OUT: 4}, {IN: 5}))] == [["b", "duplicate"]]
    found = [row[:2] for row in _rows(_across(reports, {OUT: 3}, {OUT: 3}, {IN: 5}))]
    assert found == [["b", "duplicate"], ["c", "carry_over"]]


def test_another_scope_is_said_in_the_note():
    reports = [
        {"report": "a", "agency_id": BODY, "year": 2021, "scope": "own"},
        {"report": "b", "agency_id": BODY, "year": 2022, "scope": "territory"},
    ]
    (note,) = _across(reports, {OUT: 3}, {IN: 50}).findings()["note"]
    assert note == "from 2021 would follow 3; the scope is another: own, then territory"


UNITS = {
    "元 for 万元": ([511_082, 4_987_120_000, 530_000], ["r2022"]),
    "growth": ([511_082, 9_000_000, 530_000], []),
    "zero before": ([0, 4_987_120_000, 0], []),
    "always large": ([961_716_000, 940_000_000, 980_000_000], []),
    "first year wrong": ([5_110_820_000, 498_712, 530_000], ["r2021"]),
    "last year wrong": ([511_082, 498_712, 5_300_000_000], ["r2023"]),
    "two years": ([511_082, 5_110_820_000], ["r2022"]),
}


@pytest.mark.parametrize(("amounts", "found"), UNITS.values(), ids=UNITS)
def test_units(amounts, found):
    across = _years(*({FEES: amount} for amount in amounts))
    assert [row[0] for row in _rows(across)] == found
    assert {row[1] for row in _rows(across)} <= {"unit_suspected"}
    assert UNIT_FACTORS[0] < 10_000 < UNIT_FACTORS[1]


TEXT = "收到政府信息公开申请三件，均已答复。" * 4


@pytest.mark.parametrize(
    ("facts", "copies"),
    [
        ([{"agency_id": BODY, "year": 2022}] * 2, {"b": "a"}),
        ([{"agency_id": BODY, "year": 2022}, {"agency_id": None, "year": None}], {"b": "a"}),
        ([{"agency_id": BODY, "year": 2022}, {"agency_id": BODY, "year": 2023}], {}),
        ([{"agency_id": BODY, "year": 2022}, {"agency_id": "321322沭阳县公安局", "year": 2022}], {}),
    ],
    ids=["twice", "a mirror without a name", "another year", "another body"],
)
@pytest.mark.parametrize("batches", [1, 2])
def test_copies(facts, copies, batches):
    reports = [{"report": name, "text": TEXT, **one} for name, one in zip("ab", facts)]
    across = _across(reports, {OUT: 0}, {OUT: 0}, batches=batches)
    assert across.duplicates() == copies
    found = across.findings()
    assert found[["report", "rule", "severity", "verdict", "note"]].values.tolist() == [
        [copy, "duplicate", "soft", "broken", f"the same text as {original}"] for copy, original in copies.items()
    ]


def test_copies_do_not_depend_on_the_order():
    reports = [{"report": name, "text": TEXT, "agency_id": BODY, "year": 2022} for name in "cab"]
    cells = {OUT: 0}
    assert _across(reports, cells, cells, cells).duplicates() == {"b": "a", "c": "a"}
    assert _across(reports[::-1], cells, cells, cells).duplicates() == {"b": "a", "c": "a"}


def test_a_mirror_that_lost_its_stops_is_a_copy():
    reports = [{"report": name, "agency_id": BODY, "year": 2022, "text": TEXT} for name in "ab"]
    reports[1]["text"] = TEXT.replace("。", ".").rstrip(".") + " "
    assert reports[1]["text"] != TEXT
    assert _across(reports, {OUT: 0}, {OUT: 0}).duplicates() == {"b": "a"}


def test_two_reports_of_a_body_and_year_with_other_texts_are_no_copies_but_told():
    reports = [
        {"report": name, "agency_id": BODY, "year": year, "text": text}
        for name, year, text in (("a", 2021, TEXT), ("b", 2021, TEXT + "更正。"), ("c", 2022, TEXT))
    ]
    across = _across(reports, {OUT: 3}, {OUT: 4}, {IN: 3})
    assert across.duplicates() == {}
    assert across.findings()[["report", "rule", "severity", "verdict", "note"]].values.tolist() == [
        ["b", "duplicate", "soft", "untestable", "another report of the same body and year: a"]
    ]


def test_a_copy_is_not_compared_with_other_years():
    reports = [
        {"report": "a", "agency_id": BODY, "year": 2021, "text": TEXT},
        {"report": "b", "agency_id": BODY, "year": 2021, "text": TEXT},
        {"report": "c", "agency_id": BODY, "year": 2022, "text": None},
    ]
    assert [row[:2] for row in _rows(_across(reports, {OUT: 3}, {OUT: 9}, {IN: 3}))] == [["b", "duplicate"]]


NEW = ("applications", "new_received", "total")
PARENT = {
    "report": "county",
    "agency_id": "321322沭阳县",
    "agency_type": "government",
    "scope": "territory",
    "year": 2023,
}
MANY = [
    *(("applications", item, "total") for item in ("new_received", "brought_forward", "granted", "outcomes_total")),
    *(("disputes", "reconsideration", item) for item in ("upheld", "corrected", "other_result", "pending", "total")),
    *(("active_disclosure", item, "decisions") for item in ("licensing", "penalties", "coercion")),
]


def _territory(
    own: dict, *children: dict, kinds: tuple[str, ...] = ("department", "department"), **facts: object
) -> Across:
    reports: list[dict[str, object]] = [PARENT | facts]
    for place, kind in zip(range(len(children)), kinds):
        body = {"report": f"child{place}", "agency_id": f"321322{place}", "parent_id": "321322沭阳县", "year": 2023}
        reports.append(body | {"agency_type": kind, "scope": "own"})
    return _across(reports, own, *children)


def test_bodies_that_sum_to_more_than_their_territory():
    (row,) = _rows(_territory({NEW: 9}, {NEW: 7}, {NEW: 4}))
    assert row == ["county", "children_sum", "applications/new_received/total", 9, 11]


@pytest.mark.parametrize(
    ("own", "children", "facts"),
    [
        ({NEW: 12}, [{NEW: 7}, {NEW: 4}], {}),
        ({NEW: "blank"}, [{NEW: 7}, {NEW: 4}], {}),
        ({NEW: 9}, [{NEW: 7}, {NEW: 4}], {"scope": "own"}),
        ({NEW: 9}, [{NEW: 7}, {NEW: 4}], {"scope": None}),
        ({NEW: 9}, [{NEW: 7}, {NEW: 4}], {"year": 2022}),
        ({NEW: 9}, [{NEW: 70}], {}),
    ],
    ids=["a body may be missing", "own blank", "own scope", "scope unknown", "another year", "one body"],
)
def test_territories_that_are_not_contradicted(own, children, facts):
    assert _rows(_territory(own, *children, **facts)) == []


def test_with_the_office_there_and_all_else_equal_a_smaller_sum_is_found():
    one, two = ({key: place + add for place, key in enumerate(MANY, 1)} for add in (0, 5))
    whole = {key: one[key] + two[key] for key in MANY}
    assert _rows(_territory(whole, one, two, kinds=("government_office", "department"))) == []
    whole[NEW] += 2
    (row,) = _rows(_territory(whole, one, two, kinds=("government_office", "department")))
    assert row[:3] == ["county", "children_sum", "applications/new_received/total"]
    assert _rows(_territory(whole, one, two)) == []


def test_nothing_added_nothing_found():
    across = Across()
    assert across.duplicates() == {} and across.findings().empty


def _in_batches(frames: dict[str, pd.DataFrame], batch: int) -> pd.DataFrame:
    across = Across()
    names = frames["reports"]["report"].tolist()
    for start in range(0, len(names), batch):
        some = names[start : start + batch]
        across.add({name: frame[frame["report"].isin(some)] for name, frame in frames.items()})
    return across.findings()


def test_a_full_folder_for_temporary_files_is_named():
    across = Across()
    across._database.execute("PRAGMA max_page_count = 8")
    reports = [{"report": f"{number:04}", "agency_id": BODY, "year": 2021} for number in range(200)]
    with pytest.raises(SourceError, match="temporary files is full") as caught:
        _add(across, reports, *[{NEW: 1}] * len(reports))
    assert "SQLITE_TMPDIR" in caught.value.hint


@pytest.mark.parametrize("at_once", [1, 7, 20])
def test_bodies_compared_apart_give_what_all_reports_give_together(monkeypatch, at_once):
    reports, cells = [], []
    for year in (2021, 2022, 2023):
        for number in range(30):
            above = "321322沭阳县" if number < 10 else f"3213{number % 4}县"
            facts = PARENT | {"agency_id": above, "parent_id": "321300宿迁市"}
            if number >= 4:
                facts = {
                    "agency_id": f"{above}{number}局",
                    "parent_id": above,
                    "agency_type": "department",
                    "scope": "own",
                }
            report = f"{year}/{number:02}"
            reports.append(facts | {"report": report, "year": year})
            cells.append(_cells(report, {NEW: 10 * number % 7, IN: number % 5, OUT: (number + year) % 5}))
    text = pd.DataFrame({"report": [f"{year}/29" for year in (2021, 2022)], "text": "同一篇报告" * 20})
    frames = {"reports": pd.DataFrame(reports), "statistics": pd.concat(cells), "sections": text}
    expected = _in_batches(frames, 90)
    assert (
        set(expected["rule"]) == {"carry_over", "children_sum", "duplicate"}
        and expected["report"].is_monotonic_increasing
    )
    monkeypatch.setattr("toolkit.reports.consistency.across._AT_ONCE", at_once)
    pd.testing.assert_frame_equal(_in_batches(frames, 7), expected)
