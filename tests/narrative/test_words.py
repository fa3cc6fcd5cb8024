import json
import marshal
import pickle
import subprocess
import sys
import tempfile
import textwrap
import time
import warnings

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.errors import InputError, SourceError
from toolkit.narrative import dictionary
from toolkit.narrative.dictionary import is_word
from toolkit.narrative.wordlists import _FOLDER, LEXICONS, read_stopwords
from toolkit.narrative.words import Segmenter

with warnings.catch_warnings():
    # It compiles with warnings where it was installed uncompiled.
    warnings.simplefilter("ignore")
    import jieba

SENTENCES = [
    "依申请公开答复不及时,政务新媒体更新不及时。",
    "一是主动公开的内容不够全面、形式单一;二是公开办未及时更新栏目。",
    "2023年共受理依申请公开12件,办结率99.5%,较上年增长-3.2%。",
    "拨打12345热线,登录www.gov.cn或APP查询,T恤和卡拉OK除外",
    "按照“公开为常态、不公开为例外”的要求,梳理信息。",
]


@pytest.fixture(scope="module")
def plain():
    """jieba itself, with the lexicon, built around its cache."""
    tokenizer = jieba.Tokenizer()
    path = f"{jieba.__path__[0]}/dict.txt"
    with open(path, "rb") as source:
        tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(source)
    tokenizer.initialized = True
    with open(_FOLDER / LEXICONS["full"], "rb") as lexicon:
        tokenizer.load_userdict(lexicon)
    return tokenizer


@pytest.mark.parametrize("hmm", [False, True], ids=["dictionary", "hmm"])
@pytest.mark.parametrize("text", SENTENCES, ids=range(len(SENTENCES)))
def test_the_words_are_those_of_jieba(plain, text, hmm):
    assert Segmenter(hmm=hmm).cut(text) == [word for word in plain.cut(text, HMM=hmm) if is_word(word)]


CHARACTERS = st.sampled_from("政务信息公开不及时依申请答复内容全面形式单一工作的了在和县局办未有一二年,。 、%.-")


@settings(max_examples=300, deadline=None)
@given(text=st.text(CHARACTERS, max_size=40))
@pytest.mark.parametrize("hmm", [False, True], ids=["dictionary", "hmm"])
def test_any_text_is_cut_as_jieba_cuts_it(plain, text, hmm):
    assert Segmenter(hmm=hmm).cut(text) == [word for word in plain.cut(text, HMM=hmm) if is_word(word)]


@pytest.mark.parametrize(
    "clause",
    ["依申请公开答复不及时", "拨打12345热线登录APP查询", "政务新媒体更新123次"],
    ids=["characters", "term with digits", "numbers"],
)
def test_what_is_cut_in_pieces_is_cut_as_in_one(plain, clause):
    # At 2,000 characters, ends and middles of words and numbers come to lie.
    for shift in range(len(clause)):
        text = clause[shift:] + clause * 300
        assert Segmenter().cut(text) == plain.lcut(text, HMM=False)


def test_search_words_are_those_of_jieba(plain):
    text = "依申请公开政府信息公开工作年度报告"
    assert Segmenter().cut_for_search(text) == list(plain.cut_for_search(text, HMM=False))


def test_a_planted_cache_file_is_not_read_and_none_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "jieba.cache").write_bytes(marshal.dumps(({"公": 0, "公开办": 10**9, "公开": 1, "办": 1}, 10**9 + 2)))
    misled = jieba.Tokenizer()
    assert "公开办" in misled.lcut("公开办理", HMM=False)
    for table in (dictionary._frequencies, dictionary.build):
        table.cache_clear()
    assert Segmenter(None).cut("公开办理") == ["公开", "办理"]
    assert [path.name for path in tmp_path.iterdir()] == ["jieba.cache"]


ABUSE = """
    import json, re, sys, warnings
    warnings.simplefilter("ignore")
    import jieba
    jieba.setLogLevel(60)
    from toolkit.narrative.words import Segmenter
    text = "公开办未及时答复依申请公开"
    cut = lambda: [Segmenter(hmm=hmm).cut(text) for hmm in (False, True)]
    result = {}
    jieba.load_userdict(["公开办未及时 900000000 n", "依申 900000000 n"])
    result["user dictionary"] = cut()
    jieba.del_word("依申请公开"); jieba.del_word("办未"); jieba.del_word("公开")
    result["deleted words"] = cut()
    jieba.re_han_default = re.compile("(.+)")
    result["patched pattern"] = cut()
    before = len(jieba.dt.FREQ), jieba.dt.total
    try:
        jieba.enable_parallel(2)
    except NotImplementedError:
        pass
    result["parallel"] = cut()
    jieba.disable_parallel()
    result["untouched"] = (len(jieba.dt.FREQ), jieba.dt.total) == before
    json.dump(result, sys.stdout)
"""


@pytest.fixture(scope="module")
def abused():
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(ABUSE)], capture_output=True, check=True, timeout=60)
    return json.loads(done.stdout)


@pytest.mark.parametrize("what", ["user dictionary", "deleted words", "patched pattern", "parallel"])
def test_nothing_done_to_jieba_before_changes_a_word(abused, what):
    text = "公开办未及时答复依申请公开"
    assert abused[what] == [Segmenter(hmm=hmm).cut(text) for hmm in (False, True)]


def test_a_term_of_frequency_zero_changes_no_other_segmenter():
    assert Segmenter(user_terms=["办未 0"], hmm=True).cut("公开办未及时") == ["公开", "办未", "及时"]
    assert Segmenter(None, user_terms=["公开 0"]).cut("公开") == ["公", "开"]
    assert Segmenter(None).cut("公开") == ["公开"]


def test_jieba_is_left_as_it_was(abused):
    assert abused["untouched"] is True


def test_nothing_is_printed_logged_or_warned_and_jieba_is_not_imported():
    code = "import sys; from toolkit.narrative.words import Segmenter; s = Segmenter(); s.tag('公开'); s.fingerprint"
    code += "; assert 'jieba' not in sys.modules; Segmenter(hmm=True).cut('公开办未及时')"
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_the_hidden_markov_model_invents_only_when_asked():
    assert Segmenter().cut("公开办未及时") == ["公开", "办", "未", "及时"]
    assert Segmenter(hmm=True).cut("公开办未及时") == ["公开", "办未", "及时"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("拨打12345热线。", ["拨打", "12345热线"]),
        ("拨打112345热线", ["拨打", "112345", "热线"]),
        ("使用APP查询", ["使用", "APP", "查询"]),
        ("使用APP端查询", ["使用", "APP端", "查询"]),
        ("XAPP端", ["XAPP", "端"]),
        ("１２３４５热线", ["12345热线"]),
        ("推进互联网+监管", ["推进", "互联网+监管"]),
    ],
    ids=["digits", "inside a number", "latin", "latin term", "inside a word", "full width", "plus sign"],
)
def test_terms_with_digits_or_latin_letters(text, words):
    assert Segmenter(user_terms=["APP端", "互联网+监管"]).cut(text) == words


@pytest.mark.parametrize("text", ["", " \n\t", "。,、", "\u3000"], ids=["empty", "blanks", "punctuation", "wide blank"])
def test_a_text_without_words_gives_none(text):
    segmenter = Segmenter()
    assert segmenter.cut(text) == segmenter.cut_for_search(text) == segmenter.tag(text) == []


@pytest.mark.parametrize(
    "line",
    ["依申请公开答复不及时" * 340_000, "a1" * 5_000_000],
    ids=["one clause of 3.4 million", "one run of letters"],
)
def test_ten_megabytes_in_one_line(line):
    assert len(line.encode("utf-8")) >= 10_000_000
    began = time.process_time()
    words = Segmenter().cut(line)
    assert time.process_time() - began < 60
    assert sum(map(len, words)) == len(line)
    assert words[-1] in ("及时", line)


@pytest.mark.parametrize("mark", [",", "。", "、", " ", "\n", "(", "“", "/", "①"])
def test_no_word_forms_across(mark):
    assert Segmenter().cut(f"依申请{mark}公开") == ["依", "申请", "公开"]


def test_offsets_are_those_of_the_text_as_given():
    text = "①依申請公開,１２３４５热线㈠②办理。"
    found = [(token.word, text[token.start : token.stop]) for token in Segmenter().locate(text)]
    assert found == [("依申请公开", "依申請公開"), ("12345热线", "１２３４５热线"), ("办理", "办理")]


@pytest.mark.parametrize("denial", ["不", "未", "无", "没有", "不够", "不足", "没"])
def test_a_negation_is_never_left_out(denial):
    segmenter = Segmenter(None, stopwords=["all", denial, "及时"])
    assert segmenter.cut(f"更新{denial},及时") == ["更新", denial]


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        (None, ["我", "局", "的", "公开", "还", "不断", "推进"]),
        ("function", ["我", "局", "公开", "推进"]),
        ("self_reference", ["的", "还", "不断"]),
        (["function", "self_reference"], []),
        (["局", "推进"], ["我", "的", "公开", "还", "不断"]),
    ],
    ids=["none", "function", "self-reference", "both", "own words"],
)
def test_groups_of_stopwords_are_switched_one_by_one(groups, words):
    assert Segmenter(stopwords=groups).cut("我局的公开还不断推进") == words


def test_a_boilerplate_phrase_goes_before_the_text_is_cut():
    text = "按照公开为常态、不公开为例外的原则,公开不及时"
    assert Segmenter(stopwords="boilerplate").cut(text) == ["的", "原则", "公开", "不", "及时"]
    assert Segmenter(stopwords="boilerplate").locate(text)[0].start == text.index("的原则")


def test_own_files(tmp_path):
    stops = tmp_path / "stops.txt"
    stops.write_text("# mine\n街道\n# boilerplate\n再上新台阶\n", encoding="utf-8-sig")
    terms = tmp_path / "terms.txt"
    terms.write_text("# our terms\n沭阳县公开办 30000 nt\n", encoding="utf-8")
    segmenter = Segmenter(None, stopwords=stops, user_terms=terms)
    assert segmenter.tag("沭阳县公开办和街道再上新台阶") == [("沭阳县公开办", "nt"), ("和", "c")]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"lexicon": "big"}, InputError),
        ({"stopwords": "functions"}, InputError),
        ({"user_terms": ["公开(试行)"]}, InputError),
        ({"user_terms": "no_such_file.txt"}, SourceError),
        ({"stopwords": "no_such_file.txt"}, SourceError),
    ],
    ids=["lexicon", "group", "term with brackets", "terms file", "stop file"],
)
def test_wrong_arguments_say_what_to_try(arguments, error):
    with pytest.raises(error, match="Try: "):
        Segmenter(**arguments)


def test_a_missing_text_is_refused_by_cut_and_skipped_by_tokens():
    with pytest.raises(InputError):
        Segmenter().cut(pd.NA)
    frame = pd.DataFrame({"text": [pd.NA, "公开"], "report": ["a", "b"], "simulated": [True, False]}, index=[5, 5])
    tokens = Segmenter().tokens(frame)
    assert tokens.to_dict("list") == {
        "report": ["b"],
        "simulated": [False],
        "position": [1],
        "token": ["公开"],
        "start": [0],
        "stop": [2],
    }


def test_only_neighbours_differ_by_one_position():
    frame = pd.DataFrame({"text": ["公开,及时 的内容形式"]})
    tokens = Segmenter(None, stopwords="function").tokens(frame)
    assert dict(zip(tokens["token"], tokens["position"])) == {"公开": 1, "及时": 3, "内容": 6, "形式": 7}


def test_tokens_of_an_empty_frame_have_all_columns():
    tokens = Segmenter().tokens(pd.DataFrame({"statement": [], "report": [], "text": []}))
    assert list(tokens.columns) == ["statement", "report", "position", "token", "start", "stop"]
    assert tokens.empty


def test_fingerprints_tell_settings_apart_and_not_the_order_of_terms():
    marks = {
        Segmenter(**settings).fingerprint
        for settings in ({}, {"lexicon": "lean"}, {"hmm": True}, {"stopwords": "all"}, {"user_terms": ["掌上办事厅"]})
    }
    assert len(marks) == 5
    assert Segmenter(user_terms=["甲乙", "丙丁"]).fingerprint == Segmenter(user_terms={"丙丁", "甲乙"}).fingerprint


def test_a_segmenter_crosses_processes_small():
    segmenter = Segmenter(stopwords="all", user_terms=["掌上办事厅"])
    segmenter.cut("公开")
    packed = pickle.dumps(segmenter)
    assert len(packed) < 30_000
    again = pickle.loads(packed)
    assert again.fingerprint == segmenter.fingerprint
    assert again.cut("掌上办事厅不及时") == ["掌上办事厅", "不", "及时"]


def test_the_three_groups_are_as_published():
    words, phrases = read_stopwords("all")
    assert {"进一步", "我局"} <= words
    assert "针对上述问题" in phrases
    assert len(phrases) == 29
