"""The round trip of hand coding: sheets out, sheets back, settled, scored, learned from."""

import numpy as np
import openpyxl
import pandas as pd
import pytest
from sklearn.metrics import f1_score, precision_score, recall_score

from toolkit.errors import InputError, SourceError
from toolkit.narrative.adjudication import adjudicate, score_coder
from toolkit.narrative.coding import code_statements
from toolkit.narrative.codingscheme import load_scheme
from toolkit.narrative.codingsheets import CODES, SAMPLE, mask_contacts
from toolkit.narrative.handcoding import export_for_coding, import_coding
from toolkit.narrative.sampling import draw_sample
from toolkit.narrative.supervised import train_coder


@pytest.fixture
def statements() -> pd.DataFrame:
    rows = [
        {
            "statement": f"r{report}.html#{at}",
            "report": f"r{report}.html",
            "level": "county" if report < 15 else "township",
            "kind": "improvement" if at == 3 else "problem",
            "text": f"第{report}号单位第{at}条信息更新不及时",
            "code": "timeliness",
            "confidence": 0.9,
            "simulated": True,
        }
        for report in range(20)
        for at in range(1, 4)
    ]
    return pd.DataFrame(rows)


def fill(path, answers) -> None:
    """Write (row number, column letter, value) into a workbook."""
    book = openpyxl.load_workbook(path)
    for row, column, value in answers:
        book[CODES][f"{column}{row + 1}"] = value
    book.save(path)


def test_strata_get_their_share_and_every_row_its_probability(statements):
    sample = draw_sample(statements, n=13, strata="level", seed=1)
    assert sample["stratum"].value_counts().to_dict() == {"county": 10, "township": 3}
    assert sample.groupby("stratum")["probability"].first().to_dict() == pytest.approx(
        {"county": 10 / 45, "township": 0.2}
    )


def test_weighted_samples_estimate_a_total_without_bias(statements):
    odd = statements.assign(odd=statements.index % 7 == 0)
    totals = []
    for seed in range(300):
        sample = draw_sample(odd, n=12, strata=["level", "kind"], seed=seed)
        totals.append((sample["odd"] / sample["probability"]).sum())
    assert np.mean(totals) == pytest.approx(odd["odd"].sum(), abs=4 * np.std(totals) / np.sqrt(300))


def test_a_missing_stratum_is_a_stratum_and_too_few_rows_are_refused(statements):
    statements.loc[0, "level"] = None
    assert set(draw_sample(statements, n=10, strata="level")["stratum"]) == {"county", "township", "missing"}
    with pytest.raises(InputError, match="cannot be drawn from 3 strata"):
        draw_sample(statements, n=2, strata="level")


def test_every_coder_gets_the_overlap_and_an_equal_part_of_the_rest(statements, tmp_path):
    sample = export_for_coding(statements, tmp_path, coders=["li", "wu"], overlap=0.5, n=20)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["coding_li.xlsx", "coding_wu.xlsx"]
    assert sample.groupby("coder").size().to_dict() == {"li": 15, "wu": 15}
    assert sample["statement"].value_counts().value_counts().to_dict() == {2: 10, 1: 10}
    assert sample["probability"].unique().tolist() == pytest.approx([1 / 3])
    assert sample["simulated"].all()


def test_the_same_seed_draws_the_same_sample(statements, tmp_path):
    first, again, other = (export_for_coding(statements, tmp_path, n=10, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert set(first["statement"]) != set(other["statement"])


def test_the_sheets_are_blind_to_machine_and_agency_and_have_scheme_and_lists(statements, tmp_path):
    path = export_for_coding(statements, tmp_path, coders=["li"], n=10)["path"][0]
    book = openpyxl.load_workbook(path)
    seen = [str(value) for row in book[CODES].iter_rows(values_only=True) for value in row]
    assert not any("timeliness" in value or ".html" in value for value in seen)
    everywhere = {str(v) for sheet in book for row in sheet.iter_rows(values_only=True) for v in row}
    assert "0.9" not in everywhere
    assert [sheet.title for sheet in book if sheet.sheet_state == "visible"][1] == "scheme 类目"
    assert book["scheme 类目"].max_row == 21
    lists = {rule.formula1: str(rule.sqref) for rule in book[CODES].data_validations.dataValidation}
    assert set(lists) == {"'_lists'!$A$1:$A$21", "'_lists'!$B$1:$B$19"}
    assert "不要改动原文" in str([cell.value for cell in book["instructions 说明"]["A"]])


def test_contacts_are_masked_and_figures_are_not():
    text = "邮箱gk@abc.gov.cn，手机13812345678，电话(0527)83552345，公开信息20231231条，占12345678.9%"
    masked = mask_contacts(text)
    assert "@" not in masked and "13812345678" not in masked and "83552345" not in masked
    assert "20231231条" in masked and "12345678.9%" in masked


def test_texts_that_excel_would_take_for_formulas_come_back_as_they_were(tmp_path):
    odd = ["=1+1不及时", "+更新慢", "更新\x0b慢\n不及时", "  更新慢  "]
    frame = pd.DataFrame({"statement": range(4), "kind": "problem", "text": odd})
    export_for_coding(frame, tmp_path, coders=["li"])
    hand = import_coding(tmp_path)
    assert set(hand.findings["rule"]) == {"uncoded"}
    assert set(hand.codes["text"]) == {"=1+1不及时", "+更新慢", "更新慢\n不及时", "  更新慢  "}


def test_labels_codes_and_choices_of_the_list_are_all_read(statements, tmp_path):
    problems = statements[statements["kind"] == "problem"].head(3)
    path = export_for_coding(problems, tmp_path, coders=["li"])["path"][0]
    fill(
        path,
        [
            (1, "D", "timeliness 时效性"),
            (2, "D", "时效性"),
            (3, "D", "timeliness"),
            (3, "E", "platform 平台建设与技术"),
        ],
    )
    hand = import_coding(path)
    assert hand.codes["code"].tolist() == ["timeliness"] * 3
    assert hand.codes["second_code"].tolist()[2] == "platform"
    assert hand.findings.empty
    assert hand.codes["probability"].eq(1).all() and hand.codes["simulated"].all()


WRONG = [
    pytest.param([(1, "D", "speed")], "unknown_code", id="unknown code"),
    pytest.param([(1, "D", "timeliness"), (1, "C", "更新及时")], "changed_text", id="changed text"),
    pytest.param([(1, "D", "timeliness"), (1, "A", None)], "missing_row", id="row without number"),
    pytest.param([(1, "D", "timeliness"), (2, "D", "platform"), (2, "A", 1)], "repeated_row", id="number twice"),
    pytest.param([(1, "D", "uncodable 无法编码")], "uncodable", id="uncodable"),
    pytest.param([], "uncoded", id="left empty"),
]


@pytest.mark.parametrize(("answers", "rule"), WRONG)
def test_what_cannot_be_accepted_is_missing_and_a_finding(statements, tmp_path, answers, rule):
    path = export_for_coding(statements[statements["kind"] == "problem"].head(2), tmp_path, coders=["li"])["path"][0]
    fill(path, answers)
    hand = import_coding(path)
    finding = hand.findings[hand.findings["no"] == 1].iloc[-1]
    assert (finding["rule"], finding["coder"], finding["source"]) == (rule, "li", "coding_li.xlsx")
    assert len(hand.codes) == 2
    assert hand.codes["code"].isna()[0]


def test_a_code_of_the_other_kind_is_refused(statements, tmp_path):
    path = export_for_coding(statements[statements["kind"] == "improvement"].head(1), tmp_path, coders=["li"])["path"][
        0
    ]
    fill(path, [(1, "D", "imbalance 发展不平衡")])
    assert import_coding(path).findings["rule"].tolist() == ["wrong_kind"]


def test_a_row_added_by_the_coder_is_noticed(statements, tmp_path):
    path = export_for_coding(statements.head(1), tmp_path, coders=["li"])["path"][0]
    fill(path, [(1, "D", "timeliness"), (2, "A", 99), (2, "C", "自己加的一条")])
    hand = import_coding(path)
    assert hand.findings["rule"].tolist() == ["unknown_row"]
    assert len(hand.codes) == 1


def test_other_files_and_two_sheets_of_one_coder_are_refused(statements, tmp_path):
    path = export_for_coding(statements.head(2), tmp_path / "a", coders=["li"])["path"][0]
    with pytest.raises(InputError, match="another workbook by li"):
        import_coding([path, path])
    with pytest.raises(InputError, match="there is no workbook"):
        import_coding(tmp_path)
    (tmp_path / "b.xlsx").write_bytes(b"no workbook")
    with pytest.raises(SourceError, match="cannot be read"):
        import_coding(tmp_path / "b.xlsx")
    book = openpyxl.load_workbook(path)
    del book[SAMPLE]
    book.save(tmp_path / "c.xlsx")
    with pytest.raises(SourceError, match="has no sheets"):
        import_coding(tmp_path / "c.xlsx")


@pytest.mark.parametrize(
    ("change", "options", "says"),
    [
        pytest.param({"statement": 1}, {}, "stands twice", id="repeated statement"),
        pytest.param({"kind": "achievement"}, {}, "neither problem nor", id="other kind"),
        pytest.param({}, {"overlap": 2}, "overlap is 2", id="overlap no share"),
        pytest.param({}, {"coders": ["a/b"]}, "coders are", id="name no file name"),
    ],
)
def test_wrong_exports_are_named(statements, tmp_path, change, options, says):
    with pytest.raises(InputError, match=says):
        export_for_coding(statements.assign(**change), tmp_path, **options)


@pytest.fixture
def hand(statements, tmp_path):
    """Two coders, twelve shared problems; they differ on the third."""
    sample = export_for_coding(
        statements[statements["kind"] == "problem"].head(12), tmp_path, coders=["li", "wu"], overlap=1
    )
    order = {name: at for at, name in enumerate(sorted(sample["statement"].unique()))}
    for coder, rows in sample.groupby("coder"):
        codes = [("staffing" if order[s] % 2 else "timeliness") for s in rows["statement"]]
        codes = ["platform" if coder == "wu" and order[s] == 2 else c for s, c in zip(rows["statement"], codes)]
        fill(rows["path"].iloc[0], [(no, "D", code) for no, code in zip(rows["no"], codes)])
    return import_coding(tmp_path)


def test_agreement_stands_before_adjudication_with_intervals_by_report(hand):
    table = hand.agreement().set_index("code")
    assert table.loc["all", "percent"] == pytest.approx(11 / 12)
    assert table.loc["all", ["coder_a", "coder_b", "n"]].tolist() == ["li", "wu", 12]
    assert table.loc["staffing", "verdict"] == "reliable"
    assert table.loc["all", "alpha_low"] < table.loc["all", "alpha"] <= table.loc["all", "alpha_high"]


def test_adjudication_keeps_what_is_open_open_and_records_who_and_why(hand, tmp_path):
    before = adjudicate(hand)
    assert before.statements["status"].value_counts().to_dict() == {"agreed": 11, "open": 1}
    assert before.statements["code"].isna().sum() == 1
    assert before.open[["li", "wu"]].iloc[0].tolist() == ["timeliness", "platform"]
    before.open.assign(code="platform", who="li+wu", why="故障在栏目").to_excel(
        tmp_path / "decisions.xlsx", index=False
    )
    after = adjudicate(hand, tmp_path / "decisions.xlsx").statements.set_index("statement")
    decided = after[after["status"] == "decided"].iloc[0]
    assert decided[["code", "who", "why"]].tolist() == ["platform", "li+wu", "故障在栏目"]
    assert after["probability"].eq(1).all()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"statement": "elsewhere#1"}, "nobody coded", id="unknown statement"),
        pytest.param({"code": "speed"}, "'speed' is no code", id="unknown code"),
        pytest.param({"why": " "}, "who decided and why", id="no reason"),
    ],
)
def test_decisions_without_ground_are_refused(hand, change, says):
    decision = adjudicate(hand).open.assign(code="platform", who="li", why="x").assign(**change)
    with pytest.raises(InputError, match=says):
        adjudicate(hand, decision)


def test_scores_are_scikit_learns_with_the_weights_of_the_sample():
    rng = np.random.default_rng(0)
    names = np.array(["staffing", "timeliness", "platform"])
    truth = rng.choice(names, 120)
    said = np.where(rng.random(120) < 0.7, truth, rng.choice(names, 120))
    probability = rng.choice([0.1, 0.5], 120)
    hand = pd.DataFrame({"statement": range(120), "code": truth, "probability": probability})
    table = score_coder(hand.assign(code=said), hand).set_index("code")
    weights = 1 / probability
    assert table.loc["all", "accuracy"] == pytest.approx(np.average(truth == said, weights=weights))
    assert table.loc["all", "f1"] == pytest.approx(f1_score(truth, said, average="macro", sample_weight=weights))
    for at, code in enumerate(sorted(names)):
        options = {"labels": sorted(names), "average": None, "sample_weight": weights}
        assert table.loc[code, "precision"] == pytest.approx(precision_score(truth, said, **options)[at])
        assert table.loc[code, "recall"] == pytest.approx(recall_score(truth, said, **options)[at])
    assert (table["f1_low"] < table["f1"]).all() and (table["f1"] < table["f1_high"]).all()


def test_a_code_the_machine_left_missing_is_an_error_and_rare_codes_stay_out_of_the_macro_f1():
    hand = pd.DataFrame({"statement": range(6), "code": ["staffing"] * 5 + ["platform"]})
    machine = pd.DataFrame({"statement": range(6), "code": ["staffing"] * 4 + [None, "staffing"]})
    table = score_coder(machine, hand).set_index("code")
    assert table.loc["all", "accuracy"] == pytest.approx(4 / 6)
    assert table.loc["all", "f1"] == table.loc["staffing", "f1"] == pytest.approx(8 / 10)
    assert np.isnan(table.loc["platform", "precision"])


def test_statements_without_a_settled_code_are_not_scored(hand):
    machine = code_statements(hand.codes.drop_duplicates("statement").drop(columns="code"))
    assert score_coder(machine, adjudicate(hand))["n"][0] == 11


@pytest.fixture
def taught() -> pd.DataFrame:
    words = {"timeliness": "更新不及时", "staffing": "人手不足", "platform": "网站功能弱"}
    rows = [
        (f"{agency}#{code}", f"a{agency}", "problem", f"{agency}局{text}", code)
        for agency in range(6)
        for code, text in words.items()
    ]
    return pd.DataFrame(rows, columns=["statement", "agency", "kind", "text", "code"])


def test_the_trained_coder_is_scored_on_agencies_it_has_not_seen(taught):
    coder = train_coder(taught, folds=3)
    assert coder.held_out.groupby("group")["fold"].nunique().eq(1).all()
    assert coder.held_out["fold"].nunique() == 3
    assert coder.scores.loc[0, ["code", "n", "accuracy"]].tolist() == ["all", 18, 1.0]


def test_words_that_only_one_agency_uses_do_not_help_on_another(taught):
    secret = taught.assign(text=[f"{agency}{code}" for agency, code in zip("甲乙丙丁戊己", range(6)) for _ in range(3)])
    assert train_coder(secret).scores["accuracy"][0] <= 0.5


def test_the_trained_coder_has_the_interface_of_the_rules(taught):
    new = pd.DataFrame(
        {"kind": ["problem"] * 3, "text": ["人手不足", None, "更新慢"], "simulated": True}, index=[5, 6, 7]
    )
    learned, ruled = train_coder(taught).code_statements(new), code_statements(new)
    assert list(learned.columns) == list(ruled.columns) and learned.index.equals(ruled.index)
    assert learned.dtypes.equals(ruled.dtypes)
    assert learned["code"].tolist() == ["staffing", pd.NA, "timeliness"]
    assert learned["rule"].dropna().eq("model").all()


def test_the_rules_can_be_a_feature(taught):
    odd = taught.assign(
        text=["无联络员", "检索不便", "久不维护更新"] * 6, code=["staffing", "platform", "timeliness"] * 6
    )
    coder = train_coder(odd, scheme=load_scheme())
    new = pd.DataFrame({"kind": ["problem"], "text": ["兼职为主"]})
    assert coder.code_statements(new)["code"][0] == "staffing"


def test_too_little_to_learn_from_is_refused(taught):
    with pytest.raises(InputError, match="one agency or one code"):
        train_coder(taught[taught["agency"] == "a0"])
    with pytest.raises(InputError, match="lack region"):
        train_coder(taught, groups="region")
