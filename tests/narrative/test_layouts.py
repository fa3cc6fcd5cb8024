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
    "parens without a sign between": (
        "存在的问题：(1)意识有待加强(2)内容单一(3)更新慢。改进措施：(1)加强学习(2)丰富内容。",
        [["意识有待加强", "内容单一", "更新慢"], ["加强学习", "丰富内容"]],
    ),
    "a paren that is no number of the list": ("更新不及时，见附件(2)的说明。", [["更新不及时，见附件(2)的说明"], []]),
    "a year behind the last item": (
        "一是内容少；二是互动需加强。2024年，将加强互动。",
        [["内容少", "互动需加强"], ["加强互动"]],
    ),
    "an item that only seems a measure": ("一是更新不及时;二是公开内容空乏。", [["更新不及时", "公开内容空乏"], []]),
}


@pytest.mark.parametrize(("chapter", "statements"), SIGNS.values(), ids=SIGNS)
def test_signs_and_numbers(chapter, statements):
    assert both(chapter) == statements


LISTS = {
    "short deficits": (
        "存在公开内容不全、更新慢、人员少、经费少等问题。",
        [["公开内容不全", "更新慢", "人员少", "经费少"], []],
    ),
    "parts without a subject": ("存在公开不及时、不全面等问题。", [["公开不及时、不全面"], []]),
    "details behind a comma": (
        "一是文件管理不规范，存在格式不统一、要素不齐全的情况。",
        [["文件管理不规范，存在格式不统一、要素不齐全"], []],
    ),
    "measures": (
        "下一步我们将完善公开内容、加快更新速度、强化组织领导、增加工作人员。",
        [[], ["完善公开内容", "加快更新速度", "强化组织领导", "增加工作人员"]],
    ),
    "objects of one action": ("下一步将加强业务培训、政策解读、网站维护。", [[], ["加强业务培训、政策解读、网站维护"]]),
    "objects that are actions too": (
        "下一步将加强学习教育、宣传引导、监督检查。",
        [[], ["加强学习教育、宣传引导、监督检查"]],
    ),
    "actions on one object": ("下一步将梳理、更新公开目录。", [[], ["梳理、更新公开目录"]]),
    "instrument with its own action": (
        "今后将丰富公开形式，利用公众号、公开栏等方式开展公开，第一时间更新各栏目信息。",
        [[], ["丰富公开形式，利用公众号、公开栏等方式开展公开", "第一时间更新各栏目信息"]],
    ),
    "heading with a verb": (
        "存在的问题有：更新不及时；内容单一。改进措施是：明确分管领导；选派人员参加培训。",
        [["更新不及时", "内容单一"], ["明确分管领导", "选派人员参加培训"]],
    ),
    "frame with a verb": ("目前主要存在问题是公开形式不够灵活。", [["公开形式不够灵活"], []]),
    "shortcomings": ("也存在答复不规范、检索不便等短板。", [["答复不规范", "检索不便"], []]),
    "consequence": ("由于人手不足，导致公开不够及时。", [["由于人手不足，导致公开不够及时"], []]),
    "visits": ("改进措施：严格审核；走进企业、社区开展宣讲。", [[], ["严格审核", "走进企业、社区开展宣讲"]]),
}


@pytest.mark.parametrize(("chapter", "statements"), LISTS.values(), ids=LISTS)
def test_lists(chapter, statements):
    assert both(chapter) == statements


PROGRESS = {
    "counts": ("改进情况：举办培训班3期，培训200余人次；补充公开文件37件。", ["done", "done"]),
    "counts behind a plan": ("2024年，我局将举办培训班3期；公开文件20件以上。", ["planned", "planned"]),
    "a rule with a count": ("改进措施：每年组织培训4次；3个工作日内更新栏目。", ["planned", "planned"]),
    "an aim": ("改进措施：确保按时完成更新；清理已失效文件。", ["planned", "planned"]),
    "a rate of the year": ("改进情况：全年解读率100%；整改错别字32处。", ["done", "done"]),
    "the whole year": ("改进情况：全年发布解读材料；累计答复留言。", ["done", "done"]),
    "told later in the sentence": ("改进情况：增配专职信息员，制定了公开制度。", ["done", "done"]),
    "year and will": ("2023年将重点做好以下工作：一是组织培训4次；二是拓宽渠道。", ["planned", "planned"]),
    "将 for 把": ("改进情况：已将公开纳入考核；将公开纳入考核，约谈了落后单位。", ["done", "done"]),
    "must": ("改进情况：今年完成了网站改版。下一步，要加强培训。", ["done", "planned"]),
}


@pytest.mark.parametrize(("chapter", "progress"), PROGRESS.values(), ids=PROGRESS)
def test_progress(chapter, progress):
    assert split_statements(chapter)["progress"].tolist() == progress


LAST_YEAR = {
    "mended, then this year's": (
        "2022年存在的政策解读质量不高、业务培训不够等问题，已得到有效改进：一是全年发布解读材料86篇；二是举办培训班3期。\n"
        "2023年仍存在以下问题：一是信息质量不高；二是工作不平衡。下一步，拓宽渠道。",
        [["信息质量不高", "工作不平衡"], ["全年发布解读材料86篇", "举办培训班3期", "拓宽渠道"]],
        ["done", "done", "planned"],
    ),
    "mended without saying how": (
        "去年存在的更新不及时问题已整改到位。今年，政策解读形式单一。下一步，加强解读。",
        [["政策解读形式单一"], ["加强解读"]],
        ["planned"],
    ),
    "what was done about it": (
        "针对上年度存在的公开不及时问题，我局建立了发布台账。今年，部分栏目内容单薄。下一步，我局将加强督促。",
        [["部分栏目内容单薄"], ["我局建立了发布台账", "加强督促"]],
        ["done", "planned"],
    ),
    "some still exist": (
        "针对2022年存在的意识不强问题，我局加强了培训。但是仍存在公开内容不全、更新不及时等问题。",
        [["公开内容不全", "更新不及时"], ["我局加强了培训"]],
        ["done"],
    ),
    "not mended": ("去年存在的更新不及时问题尚未解决。", [["更新不及时问题尚未解决"], []], []),
}


@pytest.mark.parametrize(("chapter", "statements", "progress"), LAST_YEAR.values(), ids=LAST_YEAR)
def test_last_years_problems(chapter, statements, progress):
    assert both(chapter) == statements
    assert split_statements(chapter)["progress"].dropna().tolist() == progress


def test_items_one_a_line_without_a_final_sign():
    chapter = (
        "一、存在问题\n文件公开不全面，历史文件不到位\n线下渠道利用不足\n"
        "二、改进情况\n清理历史文件，补充文件37件\n在政务大厅设立公开专区，配备查阅设备"
    )
    assert both(chapter) == [
        ["文件公开不全面，历史文件不到位", "线下渠道利用不足"],
        ["清理历史文件，补充文件37件", "在政务大厅设立公开专区，配备查阅设备"],
    ]


def test_lines_cut_by_the_page_stay_one():
    chapter = "改进措施\n加强培训，定期组织学习，提高工作人\n员素质，使大家熟悉条例；完善\n制度。"
    assert both(chapter)[1] == ["加强培训，定期组织学习，提高工作人\n员素质，使大家熟悉条例", "完善\n制度"]
