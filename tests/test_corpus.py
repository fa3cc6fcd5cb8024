"""Reports as frames: one, or many."""

import pandas as pd
import pytest

from toolkit.corpus import Corpus, Report, read_corpus, read_report
from toolkit.errors import InputError, SourceError
from toolkit.frames import FRAMES, fields
from toolkit.simulation import write_report


@pytest.fixture
def folder(tmp_path):
    for name, seed in (("a.html", 0), ("b.html", 0), ("c.html", 1)):
        (tmp_path / name).write_bytes(write_report("2021", "html_clean", seed=seed).content)
    return tmp_path


def test_every_frame_has_its_columns_in_their_order(folder):
    corpus = read_corpus(folder, progress=False)
    for name, frame in corpus.frames().items():
        assert list(frame) == list(fields(name)), name
    assert list(corpus.frames()) == list(FRAMES)


def test_one_report_has_the_frames_of_many(folder):
    one, many = read_report(folder / "c.html"), read_corpus(folder / "c.html", progress=False)
    for name in ("reports", "statistics", "sections", "statements"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(many, name))
    assert isinstance(one, Report) and one.document is not None and len(one) == 1


def test_copies_are_told(folder):
    reports = read_corpus(folder, progress=False).reports.set_index("report")
    assert reports["duplicate_of"].dropna().to_dict() == {"b.html": "a.html"}


def test_it_says_what_it_holds(folder):
    (folder / "d.html").write_bytes(b"")
    said = repr(read_corpus(folder, progress=False))
    assert said.startswith("Corpus: 3 reports, 600 cells {'reported': 600}, ")
    assert said.endswith("1 sources not read")
    assert repr(Corpus()).startswith("Corpus: 0 reports, 0 cells")


def test_frames_typed_by_hand_become_a_corpus():
    corpus = Corpus.from_frames({"statistics": pd.DataFrame({"report": ["r"], "value": [3]}), "other": pd.DataFrame()})
    assert corpus.statistics["value"].tolist() == [3.0] and corpus.statistics["state"].isna().all()
    assert not corpus.statistics["simulated"].any() and len(corpus.failures) == 0


def test_a_cache_serves_read_corpus_too(folder, tmp_path, monkeypatch):
    first = read_corpus(folder, cache=tmp_path / "kept", progress=False)
    monkeypatch.setattr("toolkit.cache.source_payload", lambda source: pytest.fail("read again"))
    again = read_corpus(
        [folder / name for name in ("a.html", "b.html", "c.html")], cache=tmp_path / "kept", progress=False
    )
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(first, name))


def test_folders_and_absent_files_are_no_report(tmp_path):
    with pytest.raises(InputError, match=r"is a folder. Try: read_corpus"):
        read_report(tmp_path)
    with pytest.raises(SourceError, match="no such file"):
        read_report(tmp_path / "gone.html")


def test_an_empty_folder_is_an_empty_corpus(tmp_path):
    corpus = read_corpus(tmp_path, progress=False)
    assert len(corpus) == 0 and all(frame.empty for frame in corpus.frames().values())
