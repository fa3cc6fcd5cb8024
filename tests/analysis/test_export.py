"""Exports read back: what was written is what stands in the frame."""

import datetime
import re

import numpy as np
import openpyxl
import pandas as pd
import pytest
from docx import Document

from toolkit.analysis.export import BOOK, codebook_of, export
from toolkit.analysis.writing.regression_tables import regression_table
from toolkit.analysis.writing.sentences import quote_sentence
from toolkit.analysis.writing.stata import stata_names
from toolkit.analysis.writing.tables import Table, escaped, printed
from toolkit.errors import InputError


def frame():
    return pd.DataFrame(
        {
            "report": pd.array(["甲/2023.txt", "=SUM(A1)", None], dtype="string"),
            "year": pd.array([2023, None, 2021], dtype="Int64"),
            "disclosure_rate": pd.array([0.5, None, 1.0], dtype="Float64"),
            "granted": pd.array([3, 4, 5], dtype="Int64"),
            "published": pd.to_datetime(["2024-01-31", None, "2022-01-05"]),
            "any_suits": pd.array([True, None, False], dtype="boolean"),
            "odds": [0.5, np.inf, np.nan],
            "theme": ["staffing", 3, None],
            "text": ["长" * 3000, "a\x0bb", "100% _x_ & {y}"],
            "simulated": [False, False, False],
        }
    )


def test_csv_opens_in_excel_and_reads_back(tmp_path):
    files = export(frame(), tmp_path / "表.csv")
    assert [file.name for file in files] == ["表.csv", "表.codebook.csv"]
    assert files[0].read_bytes().startswith(b"\xef\xbb\xbf")
    back = pd.read_csv(files[0])
    assert back["disclosure_rate"].tolist()[0] == 0.5 and back["disclosure_rate"].isna().sum() == 1
    book = pd.read_csv(files[1], encoding="utf-8-sig").set_index("name")
    assert book.loc["disclosure_rate", ["label_zh", "label_en", "n", "n_missing"]].tolist() == [
        "公开率",
        "disclosure rate",
        2,
        1,
    ]
    assert "(granted + partly_granted) / outcomes_total" in book.loc["disclosure_rate", "meaning"]


def test_stata_reads_back_with_chinese_labels(tmp_path):
    path = tmp_path / "data.dta"
    files = export(frame().rename(columns={"text": "a very long name that Stata would never take"}), path)
    with pd.io.stata.StataReader(path) as reader:
        data, labels = reader.read(convert_categoricals=False), reader.variable_labels()
    assert b"<release>118</release>" in path.read_bytes()[:60] and labels["disclosure_rate"] == "公开率"
    assert all(len(label) <= 80 for label in labels.values())
    assert data["disclosure_rate"].isna().tolist() == [False, True, False] and data["granted"].tolist() == [3, 4, 5]
    assert data["granted"].dtype == np.int8 and data["year"].iloc[0] == 2023 and np.isnan(data["year"].iloc[1])
    assert data["any_suits"].tolist()[0] == 1.0 and np.isnan(data["any_suits"].iloc[1])
    assert data["report"].tolist() == ["甲/2023.txt", "=SUM(A1)", ""] and data["theme"].tolist() == [
        "staffing",
        "3",
        "",
    ]
    assert data["published"].iloc[0] == pd.Timestamp(2024, 1, 31) and pd.isna(data["published"].iloc[1])
    assert data["a_very_long_name_that_Stata_would"[:32]].iloc[0] == "长" * 3000
    notes = pd.read_csv(files[1], encoding="utf-8-sig").set_index("name")["note"]
    assert notes["odds"] == "1 infinite values are missing" and notes.filter(like="very long").iloc[0].startswith(
        "Stata name: a_very"
    )
    again = export(frame(), tmp_path / "b" / "data.dta")[0].read_bytes()
    assert again == export(frame(), tmp_path / "c" / "data.dta")[0].read_bytes()


@pytest.mark.parametrize(
    "given, wanted",
    [
        (["year"], ["year"]),
        (["2023"], ["_2023"]),
        (["float", "str5"], ["_float", "_str5"]),
        (["公开率"], ["公开率"]),
        (["a-b", "a b"], ["a_b", "a_b_2"]),
        (["x" * 40, "x" * 41], ["x" * 32, "x" * 30 + "_2"]),
        (["Year", "year"], ["Year", "year_2"]),
    ],
    ids=["kept", "digit", "reserved", "chinese", "same after cleaning", "too long", "case"],
)
def test_stata_names(given, wanted):
    assert list(stata_names(given).values()) == wanted


def test_long_labels_are_cut_for_stata(tmp_path):
    export(pd.DataFrame({"x": [1]}), tmp_path / "a.dta", codebook={"x": "很" * 100}, title="题" * 100)
    with pd.io.stata.StataReader(tmp_path / "a.dta") as reader:
        assert reader.variable_labels()["x"] == "很" * 79 + "…" and reader.data_label == "题" * 79 + "…"


def test_empty_frames_can_be_written(tmp_path):
    for suffix in (".csv", ".xlsx", ".dta", ".parquet", ".tex", ".docx"):
        assert export(frame().head(0), tmp_path / f"empty{suffix}")[0].exists()
    assert len(pd.read_stata(tmp_path / "empty.dta")) == 0


@pytest.mark.parametrize("header, first", [("name", "report"), ("label", "报告")])
def test_excel_has_data_and_codebook(tmp_path, header, first):
    files = export(frame(), tmp_path / "a.xlsx", header=header)
    assert [file.name for file in files] == ["a.xlsx"]
    book = openpyxl.load_workbook(files[0])
    assert book.sheetnames == ["data", "codebook"] and book["data"]["A1"].value == first
    assert book["data"]["A3"].value == "=SUM(A1)" and book["data"]["A3"].data_type == "s"
    rows = list(book["data"].iter_rows(min_row=2, values_only=True))
    assert rows[1][1:3] == (None, None) and rows[0][4] == datetime.datetime(2024, 1, 31) and rows[1][6] == "inf"
    assert rows[1][8] == "a\ufffdb"
    assert [cell.value for cell in book["codebook"][1]] == list(BOOK)


def test_excel_marks_what_it_cannot_hold(tmp_path):
    export(pd.DataFrame({"text": ["长" * 40_000]}), tmp_path / "a.xlsx")
    text = openpyxl.load_workbook(tmp_path / "a.xlsx")["data"]["A2"].value
    assert len(text) == 32_767 and text.endswith("…[Excel: 32767]")
    with pytest.raises(InputError, match="1,048,576 rows"):
        export(pd.DataFrame({"x": np.zeros(1_048_576)}), tmp_path / "b.xlsx")


def test_parquet_keeps_types(tmp_path):
    export(frame(), tmp_path / "a.parquet")
    back = pd.read_parquet(tmp_path / "a.parquet")
    assert back["year"].dtype == "Int64" and back["theme"].tolist()[:2] == ["staffing", "3"]
    assert np.isinf(back["odds"].iloc[1])


def test_latex_is_a_three_line_table_with_everything_escaped(tmp_path):
    part = frame()[["text", "disclosure_rate", "granted"]].tail(2).assign(simulated=True)
    path, _ = export(
        part, tmp_path / "a.tex", header="label", title="公开率 & 问题", note="50% 样本", source="年度报告"
    )
    text = path.read_text(encoding="utf-8")
    assert [text.count(rule) for rule in ("\\toprule", "\\midrule", "\\bottomrule")] == [
        1,
        1,
        1,
    ] and "\\hline" not in text
    assert "\\caption{公开率 \\& 问题（模拟数据）}" in text and "100\\% \\_x\\_ \\& \\{y\\} & 1 & 5" in text
    assert "注：50\\% 样本 — 为缺失。" in text and "资料来源：年度报告" in text and "& — & 4 &" in text
    body = text.split("\\midrule\n")[1].split("\\bottomrule")[0]
    assert len({len(re.findall(r"(?<!\\)&", line)) for line in body.strip().split("\n")}) == 1


def test_word_is_a_three_line_table_title_above_note_below(tmp_path):
    table = regression_table(models(), {"(1)": ["year"]})
    path, _ = export(table, tmp_path / "a.docx", title="表1 回归结果", source="各级政府年度报告")
    document = Document(str(path))
    order = [child.tag.split("}")[1] for child in document.element.body if child.tag.endswith(("}p", "}tbl"))]
    assert order == ["p", "tbl", "p", "p"] and document.paragraphs[0].text == "表1 回归结果"
    assert document.paragraphs[1].text == "注：括号内为标准误；* p < 0.1，** p < 0.05，*** p < 0.01。 — 为缺失。"
    assert document.paragraphs[2].text == "资料来源：各级政府年度报告"
    cells = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert (
        cells[0] == ["", "(1)", "(2)"] and cells[1] == ["人员力量", "−0.210***", "0.123"] and cells[2][1] == "(0.050)"
    )
    xml = document.tables[0]._tbl.xml
    assert xml.count('w:sz="12"') == 3 * 2 and xml.count('w:sz="6"') == 3
    assert xml.count("<w:top ") == 3 and xml.count("<w:bottom ") == 6 and "<w:left " not in xml


def models():
    rows = [
        ("(1)", "staffing", -0.21, 0.05, 0.001, 812, 41, "disclosure_rate"),
        ("(2)", "staffing", 0.1234, 0.08, 0.12, 640, 39, "any_suits"),
        ("(2)", "timeliness", np.nan, np.nan, np.nan, 640, 39, "any_suits"),
    ]
    return pd.DataFrame(rows, columns=["model", "term", "estimate", "se", "p", "n", "clusters", "outcome"])


def test_regression_table():
    table = regression_table(models(), {"(1)": ["year", "level"], "(2)": ["year"]}, labels={"timeliness": "更新慢"})
    assert table[" "].tolist() == [
        "人员力量",
        "",
        "更新慢",
        "",
        "年份固定效应",
        "层级固定效应",
        "被解释变量",
        "样本量",
        "聚类数",
    ]
    assert table["(1)"].tolist() == ["−0.210***", "(0.050)", "", "", "是", "是", "公开率", "812", "41"]
    assert table["(2)"].tolist() == ["0.123", "(0.080)", "—", "", "是", "否", "是否有行政诉讼", "640", "39"]
    with pytest.raises(InputError, match="twice"):
        regression_table(pd.concat([models(), models()]))
    with pytest.raises(InputError, match="no column se"):
        regression_table(models().drop(columns="se"))


@pytest.mark.parametrize(
    "value, text",
    [(0.0004, "<0.001"), (-0.0004, "−0.000"), (0.0, "0"), (True, "True"), (np.inf, "∞"), (pd.NaT, "—"), ("x", "x")],
    ids=["tiny", "tiny negative", "zero", "flag", "endless", "no date", "text"],
)
def test_printed(value, text):
    assert printed(value) == text


def test_a_column_of_rates_has_decimals_throughout():
    rows = Table(pd.DataFrame({"rate": [0.5, 1.0, None], "n": [1.0, 2.0, None]})).rows()
    assert rows == [["0.500", "1"], ["1.000", "2"], ["—", "—"]]


def test_escaped_keeps_the_text():
    assert escaped("\\") == "\\textbackslash{}" and escaped("公开率") == "公开率"


@pytest.mark.parametrize("suffix", ["", ".xls", ".sav"])
def test_unknown_suffix(tmp_path, suffix):
    with pytest.raises(InputError, match="no export"):
        export(frame(), tmp_path / f"a{suffix}")
    assert not list(tmp_path.iterdir())


def test_silence_columns_that_stand_twice_are_refused(tmp_path):
    twice = pd.concat([frame(), frame()], axis=1)
    for suffix in (".csv", ".dta", ".xlsx", ".parquet", ".tex", ".docx"):
        with pytest.raises(InputError, match="twice: report"):
            export(twice, tmp_path / f"a{suffix}")
    with pytest.raises(InputError, match="DataFrame"):
        export(frame()["year"], tmp_path / "a.csv")
    with pytest.raises(InputError, match="header"):
        export(frame(), tmp_path / "a.csv", header="both")


def test_a_named_index_becomes_a_column_and_own_labels_go_first(tmp_path):
    export(frame().set_index("report"), tmp_path / "a.csv")
    assert pd.read_csv(tmp_path / "a.csv").columns[0] == "report"
    own = pd.DataFrame({"name": ["granted"], "label_zh": ["同意公开"], "unit": ["件"]})
    book = codebook_of(frame(), own).set_index("name")
    assert book.loc["granted", ["label_zh", "unit"]].tolist() == ["同意公开", "件"]
    assert book.loc["granted", "label_en"] == "disclosed in full"
    with pytest.raises(InputError, match="no column name"):
        codebook_of(frame(), pd.DataFrame({"x": [1]}))


ROW = {"theme": "staffing", "indicator": "disclosure_rate", "effect_name": "cliffs_delta", "effect": -0.21}
ROW |= {"low": -0.33, "high": -0.08, "n": 812, "p": 0.0005, "q": 0.004}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "change",
    [
        {},
        {"q": 0.4},
        {"effect_name": "odds_ratio", "effect": 1.4},
        {"effect_name": "phi"},
        {"effect": np.nan},
        {"q": np.nan, "p": np.nan},
    ],
    ids=["clear", "unclear", "odds", "phi", "empty", "no p"],
)
def test_sentences_say_name_never_have(lang, change):
    sentence = quote_sentence(pd.Series({**ROW, **change}), lang)
    assert ("指出“人员力量”" if lang == "zh" else "name") in sentence and not re.search(r"\bha(ve|s)\b", sentence)
    if not change:
        assert "−0.21" in sentence and "[−0.33, −0.08]" in sentence and "q = .004" in sentence and "812" in sentence
    if change.get("q") or "p" in change:
        assert ("未发现" if lang == "zh" else "not shown to differ") in sentence


def test_sentence_of_an_empty_row_tells_why_and_simulated_is_said():
    sentence = quote_sentence({**ROW, "effect": np.nan, "reason": "4 agencies on one side", "simulated": True}, "en")
    assert sentence.startswith("[simulated data] No estimate") and "4 agencies on one side" in sentence


def test_sentence_of_a_share():
    row = {
        "theme": "staffing",
        "year": 2023,
        "level": "county",
        "share": 0.25,
        "k": 5,
        "n": 20,
        "low": 0.1,
        "high": 0.5,
    }
    assert quote_sentence(row) == "2023年县级，25.0% 的报告指出“人员力量”（5/20，95%置信区间 [10.0%, 50.0%]）。"
    assert quote_sentence(row, "en").startswith('In 2023, 25.0% of the reports (County) name "Staffing" (5/20')
    with pytest.raises(InputError):
        quote_sentence({"x": 1})
