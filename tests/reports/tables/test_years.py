"""Which of several things is this year's."""

import pytest

from toolkit.reports.tables.years import of_this_year


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (["2022年", "2023年"], ["b"]),
        (["2023年度", "2022年度"], ["a"]),
        (["上年度数据", "本年度数据"], ["b"]),
        (["", "去年同期"], ["a"]),
        (["上一年", ""], ["b"]),
    ],
)
def test_labels_that_tell(labels: list[str], told: list[str]) -> None:
    assert of_this_year(["a", "b"], labels) == told


@pytest.mark.parametrize(
    "labels",
    [
        ["", ""],
        ["2023年", ""],
        ["2023年", "2023年"],
        ["上年", "上年"],
        ["上年结转申请", "本年新收申请"],
        ["2022年与2023年对比", "2023年"],
        ["上年度共收到申请三件。", ""],
        ["", "上年" + "的数据" * 20],
    ],
    ids=["none", "one year", "same year", "both last", "brought forward", "two years", "sentence", "long"],
)
def test_labels_that_do_not_tell(labels: list[str]) -> None:
    assert of_this_year(["a", "b"], labels) is None
