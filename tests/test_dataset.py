"""Frames on disk: whole or not at all, and read in part."""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from toolkit import dataset
from toolkit.corpus import read_corpus
from toolkit.dataset import MANY_REPORTS, FrameWriter, clean, flush_largest, publish
from toolkit.errors import InputError, SourceError
from toolkit.frames import FRAMES, arrow_schema
from toolkit.parsing import parse
from toolkit.simulation import simulate


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return simulate(tmp_path_factory.mktemp("dataset") / "reports", reports=24, seed=3)


@pytest.fixture(scope="module", params=["files", "partitioned"])
def frames(request, folder, tmp_path_factory):
    output = tmp_path_factory.mktemp(request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dataset, "MANY_REPORTS", 10 if request.param == "partitioned" else MANY_REPORTS)
        parse(folder, output, processes=1, progress=False)
    return output


@pytest.fixture(scope="module")
def whole(folder):
    return read_corpus(folder, processes=1, progress=False)


def test_many_reports_are_more_than_ten_thousand():
    assert MANY_REPORTS == 10_000


def test_what_is_loaded_is_what_was_read(frames, whole):
    loaded = read_corpus(frames)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(loaded, name), getattr(whole, name))


@pytest.mark.parametrize(
    "asked",
    [
        {"years": [2021]},
        {"years": 2020, "levels": "province"},
        {"levels": ["county", "province"], "years": [2021, 2022]},
        {"provinces": ["没有这个省"]},
        {"regions": ["52"]},
        {"regions": "520000", "years": [2022]},
        {"frames": ["reports", "statements"]},
        {"columns": {"statistics": ["value", "state"]}, "years": [2021]},
        {"years": [1999]},
    ],
    ids=str,
)
def test_a_part_of_the_frames_is_that_part_of_the_reports(folder, frames, whole, asked):
    loaded, read = read_corpus(frames, **asked), read_corpus(folder, processes=1, progress=False, **asked)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(loaded, name), getattr(read, name), obj=name)
    if "years" in asked:
        wanted = [asked["years"]] if isinstance(asked["years"], int) else asked["years"]
        assert set(loaded.reports["year"]) <= set(wanted)
        assert set(loaded.statistics["report"]) == set(loaded.reports["report"])


def test_columns_not_asked_are_missing_and_the_key_is_there(frames):
    loaded = read_corpus(frames, columns={"statistics": ["value"]})
    assert loaded.statistics["raw"].isna().all() and loaded.statistics["report"].notna().all()
    assert loaded.statistics["value"].notna().any() and loaded.reports["title"].notna().all()


def test_other_partitions_are_not_touched(frames):
    parts = frames / "statistics.parquet"
    if not parts.is_dir():
        pytest.skip("frames of few reports are one file each")
    hidden = parts / "year=2020" / "part-0.parquet"
    content = hidden.read_bytes()
    hidden.write_bytes(b"damaged")
    try:
        assert len(read_corpus(frames, years=[2021]).statistics)
        with pytest.raises((OSError, pa.ArrowInvalid)):
            read_corpus(frames, years=[2020])
    finally:
        hidden.write_bytes(content)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"frames": ["cells"]}, "no frame 'cells'"),
        ({"columns": {"statistics": ["wert"]}}, "no column of statistics 'wert'"),
        ({"levels": ["provincial"]}, "no level 'provincial'"),
        ({"regions": ["江苏"]}, "no code of a region"),
    ],
    ids=["frame", "column", "level", "region"],
)
def test_what_there_is_not_cannot_be_asked(folder, frames, asked, message):
    for source in (folder, frames):
        with pytest.raises(InputError, match=message):
            read_corpus(source, progress=False, **asked)


def test_without_its_manifest_a_folder_is_not_complete(folder, tmp_path):
    parse(next(folder.glob("2021/*.html")), tmp_path, progress=False)
    (tmp_path / "manifest.json").unlink()
    with pytest.raises(SourceError, match=r"not complete .* Try: run toolkit parse again"):
        read_corpus(tmp_path)


def test_reports_without_a_year_have_a_partition_of_their_own(tmp_path):
    writer = FrameWriter(tmp_path, "sections", partitioned=True)
    rows = [{"report": name, "text": "x" * 10, "simulated": False} for name in ("a", "b", "c")]
    writer.write(pa.Table.from_pylist(rows, arrow_schema("sections")), {"a": 2021, "b": None, "c": 2021})
    writer.close()
    publish(tmp_path, ["sections.parquet"], {})
    parts = {part.name: pq.read_table(part / "part-0.parquet") for part in (tmp_path / "sections.parquet").iterdir()}
    assert {name: part["report"].to_pylist() for name, part in parts.items()} == {
        "year=2021": ["a", "c"],
        "year=__HIVE_DEFAULT_PARTITION__": ["b"],
    }


def test_rows_wait_until_they_make_a_row_group_and_no_more_of_all_frames_than_is_asked(tmp_path, monkeypatch):
    monkeypatch.setattr("toolkit.dataset._WAITING_BYTES", 2_000)
    many, few = writers = [FrameWriter(tmp_path, name, partitioned=False) for name in ("sections", "failures")]
    for number in range(60):
        rows = [{"report": f"{number:02}", "text": "x" * 300, "simulated": False}]
        many.write(pa.Table.from_pylist(rows, arrow_schema("sections")))
        if number % 20 == 0:
            failure = [{"source": f"{number:02}", "message": "y"}]
            few.write(pa.Table.from_pylist(failure, arrow_schema("failures")))
        flush_largest(writers)
        assert sum(sum(writer.waiting_bytes.values()) for writer in writers) <= 2_000
    for writer in writers:
        writer.close()
    publish(tmp_path, ["sections.parquet", "sections.csv", "failures.parquet", "failures.csv"], {})
    sections = pq.ParquetFile(tmp_path / "sections.parquet")
    assert sections.read()["report"].to_pylist() == [f"{number:02}" for number in range(60)]
    assert 5 < sections.num_row_groups < 30
    assert pq.ParquetFile(tmp_path / "failures.parquet").num_row_groups == 1


def test_csv_begins_with_the_mark_that_excel_wants_and_blanks_stay_blank(frames):
    if not (frames / "statistics.csv").exists():
        pytest.skip("above the limit there is no CSV")
    assert (frames / "reports.csv").read_bytes()[:3] == b"\xef\xbb\xbf"
    table = pd.read_csv(frames / "statistics.csv", encoding="utf-8-sig", dtype={"raw": str, "locator": str})
    parquet = pd.read_parquet(frames / "statistics.parquet")
    assert table["value"].isna().tolist() == parquet["value"].isna().tolist()
    assert table["value"].sum() == parquet["value"].sum()


def test_what_a_stopped_run_left_goes(tmp_path):
    (tmp_path / "reports.csv.partial").write_text("x", encoding="utf-8")
    (tmp_path / "reports.parquet.partial" / "year=2021").mkdir(parents=True)
    (tmp_path / "mine.csv").write_text("x", encoding="utf-8")
    clean(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.csv"]
