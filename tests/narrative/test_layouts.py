"""Layouts of chapter five beyond the plain ones: signs, headings, lists, last year's problems, what is done."""

import pytest

from toolkit.narrative.statements import split_statements


def both(chapter):
    found = split_statements(chapter)
    return [found.loc[found["kind"] == kind, "text"].tolist() for kind in ("problem", "improvement")]


SIGNS = {
    "half-width stops": (
        "存在问题:一是发布不及时;二是内容单薄.\n改进措施:一是提高时效性;二是拓宽内容.",
        [["发布不及时", "内容单薄"], ["提高时效性", "拓宽内容"]],
    ),
    "half-width stop before the next sentence": ("公开意识不强.更新不及时.", [["公开意识不强", "更新不及时"], []]),
    "decimal": ("网站得分仅有3.5分,低于平均分.", [["网站得分仅有3.5分,低于平均分"], []]),
    "decimal at the end of a cut line": ("我局得分落后于平均分\n1.5分。", [["我局得分落后于平均分\n1.5分"], []]),
    "version": ("2.0版系统功能不完善.", [["2.0版系统功能不完善"], []]),
    "digits": ("1.内容较少.2.更新不及时.", [["内容较少", "更新不及时"], []]),
    "numerals": ("一.内容较少.\n二.更新不及时.", [["内容较少", "更新不及时"], []]),
    "paren and stop": ("(1).内容较少.(2).更新不及时.", [["内容较少", "更新不及时"], []]),
    "nested numbers": (
        "5.1存在问题\n公开意识不足；流程不规范。\n5.2改进措施\n加强学习教育，提升公开意识；制定操作流程。",
        [["公开意识不足", "流程不规范"], ["加强学习教育，提升公开意识", "制定操作流程"]],
    ),
    "nested numbers, items too": (
        "5.1 存在问题\n5.1.1 更新不及时\n5.1.2 内容单薄\n5.2 改进情况\n5.2.1 加强培训\n5.2.2 拓宽渠道",
        [["更新不及时", "内容单薄"], ["加强培训", "拓宽渠道"]],
    ),
    "an item that only seems a measure": ("一是更新不及时;二是公开内容空乏。", [["更新不及时", "公开内容空乏"], []]),
}


@pytest.mark.parametrize(("chapter", "statements"), SIGNS.values(), ids=SIGNS)
def test_signs_and_numbers(chapter, statements):
    assert both(chapter) == statements
