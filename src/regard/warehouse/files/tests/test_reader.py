"""Awkward files: what can be read is read, what cannot is named, and never stops the rest."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from regard.kernel.errors import InvalidInput
from regard.kernel.ids import interaction_id
from regard.warehouse.files.reader import IncompleteMapping, open_file
from regard.warehouse.files.tests.conftest import NOW, ReadFile

HEADER = "message_id,customer,occurred_at,kind,metric,score,text\n"


def test_standard_columns_need_no_mapping(read: ReadFile) -> None:
    found = read(
        "message_id,customer,customer_email,customer_phone,occurred_at,kind,channel,amount,currency,colour\n"
        'm-1,u1, Ada@Example.COM ,+30 210 123-4567,2026-05-01T10:00:00+03:00,order.placed,web,12.345,EUR,"red, ""dark"""\n'
    )
    [row] = found.rows
    assert row["interaction_id"] == interaction_id("shop", "m-1")
    assert (row["user_id"], row["email"], row["phone"]) == ("u1", "ada@example.com", "+302101234567")
    assert row["occurred_at"].astimezone(UTC) == datetime(2026, 5, 1, 7, tzinfo=UTC)
    assert (row["amount_minor"], row["currency"]) == (1234, "EUR")
    assert json.loads(row["attributes"]) == {"colour": 'red, "dark"'}
    assert found.rejected == []


def test_each_bad_row_is_named_and_the_rest_goes_on(read: ReadFile) -> None:
    long_line = b"b2,u,2026-05-01,survey.answered,nps,9," + b"x" * 10_000_000 + b"\n"
    content = (
        HEADER.encode()
        + b"a1,u,2026-05-01,survey.answered,nps,9,\n"
        + long_line
        + b"b3,u,2026-05-01,survey.answered,nps,9,caf\xe9\xff\n"
        + b"b4,u,2026-05-01,survey.answered,nps,NaN,\n"
        + b"b5,u,2026-05-01,survey.answered,nps,11,\n"
        + b"b6,u,2027-05-01,survey.answered,nps,9,\n"
        + b"b7,u,soon,survey.answered,nps,9,\n"
        + b"b8,u\n"
        + b"b9,u,2026-05-01,survey.answered,nps,9,,,\n"
        + b"b10,u,2026-05-01,survey.answered,nps,nine,\n"
        + b"a2,u,2026-05-01,survey.answered,nps,0,fine\n"
    )
    found = read(content)
    assert found.ids == {"a1", "a2"}
    reasons = found.reasons
    assert (reasons[3], reasons[4]) == ("line_too_long", "not_utf8")
    assert (reasons[5], reasons[6], reasons[7]) == (
        "score_not_a_number",
        "score_out_of_range",
        "time_in_future",
    )
    assert "'soon' is not a time" in reasons[8]
    assert "has 2 columns where the header names 7" in reasons[9]
    assert "has 9 columns" in reasons[10]
    assert "'nine' is not a number" in reasons[11]
    assert {line: raw for line, _, raw in found.rejected}[6].startswith("b5,u,2026-05-01")
    assert all(sentence.endswith(".") for sentence in found.sentences())


def test_lines_are_counted_over_quoted_newlines_and_blank_lines(read: ReadFile) -> None:
    found = read(
        HEADER
        + 'a,u,2026-05-01,survey.answered,nps,9,"two\nlines"\n\n\nb,u,2026-05-01,survey.answered,nps,12,\n'
    )
    assert found.rows[0]["text"] == "two\nlines"
    assert found.reasons == {6: "score_out_of_range"}


def test_a_quote_inside_a_word_does_not_swallow_the_lines_after_it(read: ReadFile) -> None:
    rows = "".join(f"a{i},u,2026-05-01,survey.answered,nps,9,fine\n" for i in range(50))
    found = read(
        HEADER
        + 'q1,u,2026-05-01,survey.answered,nps,9,a 5" pipe\n'
        + rows
        + 'q2,u,2026-05-01,survey.answered,nps,9,6" too\n'
    )
    assert len(found.rows) == 52
    assert 'a 5" pipe' in {row["text"] for row in found.rows}


@pytest.mark.parametrize(("delimiter", "end"), [(";", "\n"), ("\t", "\r\n"), ("|", "\r")])
def test_other_delimiters_and_line_ends_are_recognised(read: ReadFile, delimiter: str, end: str) -> None:
    text = HEADER + "m,u,2026-05-01,survey.answered,nps,9,ok\nn,u,2026-05-01,survey.answered,nps,8,ok\n"
    found = read(text.replace(",", delimiter).replace("\n", end))
    assert [row["score"] for row in found.rows] == [9, 8]


def test_another_order_of_columns_gives_the_same_ids(read: ReadFile) -> None:
    first = read("customer,occurred_at,kind,colour,size\nu,2026-05-01,order.placed,red,XL\n")
    second = read(
        "size,kind,colour,occurred_at,customer\nXL,order.placed,red,2026-05-01,u\n", name="other.csv"
    )
    assert first.ids == second.ids


def test_parquet_ndjson_gzip_and_csv_of_the_same_rows_give_the_same_ids(
    read: ReadFile, tmp_path: Path, connection: duckdb.DuckDBPyConnection
) -> None:
    rows = [
        ("u1", "2026-05-01T10:00:00Z", "survey.answered", "nps", 9),
        ("u2", "2026-05-02T10:00:00Z", "survey.answered", "nps", 0),
    ]
    names = ("customer", "occurred_at", "kind", "metric", "score")
    text = ",".join(names) + "\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)
    lines = "".join(json.dumps(dict(zip(names, row, strict=True))) + "\n" for row in rows)
    target = tmp_path / "made.parquet"
    (tmp_path / "made.csv").write_text(text)
    connection.execute(
        f"COPY (SELECT * REPLACE (occurred_at::TIMESTAMPTZ AS occurred_at) FROM read_csv('{tmp_path}/made.csv')) "
        f"TO '{target}' (FORMAT parquet)"
    )
    csv_ids = read(text).ids
    assert len(csv_ids) == 2
    assert read(gzip.compress(text.encode()), name="file.csv.gz").ids == csv_ids
    assert read(lines, name="file.ndjson").ids == csv_ids
    assert read(target.read_bytes(), name="file.parquet").ids == csv_ids


def test_a_key_that_only_some_objects_have_is_kept(read: ReadFile) -> None:
    found = read(
        '{"customer":"u","occurred_at":"2026-05-01","kind":"order.placed","items":[{"sku":"a"}]}\n'
        "not json\n[1]\n"
        '{"customer":"u","occurred_at":"2026-05-01","kind":"order.placed","note":"late","amount":3.5}\n',
        name="events.ndjson",
    )
    assert [json.loads(row["attributes"]) for row in found.rows] == [
        {"items": [{"sku": "a"}]},
        {"note": "late"},
    ]
    assert found.rows[1]["amount_minor"] == 350
    assert found.reasons == {2: "not_json", 3: "not_json"}


@pytest.mark.parametrize("content", [b"", b"  \n\n", HEADER.encode(), gzip.compress(b"", mtime=0)])
def test_an_empty_file_or_a_header_alone_gives_nothing(read: ReadFile, content: bytes) -> None:
    found = read(content)
    assert (found.rows, found.rejected) == ([], [])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("junk.csv", bytes(range(256)) * 40),
        ("wrong.csv.gz", b"\x00\x01\x02\x03" * 100),
        ("broken.parquet", b"PAR1" + b"\x00" * 100),
        ("broken.csv.gz", b"\x1f\x8b" + b"junk" * 10),
    ],
)
def test_a_file_that_is_no_table_is_set_aside_as_a_whole(read: ReadFile, name: str, content: bytes) -> None:
    found = read(content, name=name)
    assert found.rows == []
    assert len(found.rejected) == 1
    assert found.reader.problem


def test_a_compressed_file_that_breaks_off_keeps_what_came_before(read: ReadFile) -> None:
    rows = HEADER + "".join(
        f"m{i},u{i * 7919},2026-05-01,survey.answered,nps,{i % 11},\n" for i in range(200_000)
    )
    whole = gzip.compress(rows.encode())
    found = read(whole[: len(whole) // 2], name="half.csv.gz")
    assert any("ends too early" in sentence for sentence in found.sentences())


def test_a_file_that_says_no_time_asks_for_a_mapping(read: ReadFile) -> None:
    with pytest.raises(IncompleteMapping, match="when it happened") as caught:
        read("customer,metric,score\nu,nps,9\n")
    assert caught.value.mapping.fields["score"].column == "score"


def test_a_missing_file_and_a_naive_moment_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="There is no file"):
        open_file(tmp_path / "nothing.csv", source="shop", now=NOW)
    with pytest.raises(InvalidInput, match="zone"):
        open_file(tmp_path / "nothing.csv", source="shop", now=NOW.replace(tzinfo=None))


def test_a_column_that_counts_must_not_be_named_twice(read: ReadFile) -> None:
    with pytest.raises(InvalidInput, match="columns 2 and 4 are all called 'amount'"):
        read("occurred_at,amount,kind,amount\n2026-05-01,3,order.placed,4\n")
    found = read("occurred_at,amount,colour,colour\n2026-05-01,3,red,blue\n")
    assert found.rows[0]["attributes"] == '{"colour":"red","colour_2":"blue"}'
    assert "columns 3 and 4 are all called 'colour'" in found.reader.mapping.reasons[-1]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("report.pdf", b"%PDF-1.5\n", "PDF"),
        ("book.xlsx", b"PK\x03\x04rest", "save the sheet as CSV"),
        ("data.zip", b"PK\x03\x04rest", "unpack it"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d" + bytes(range(32)) * 4, "not a table of text"),
    ],
)
def test_what_is_no_table_is_named(read: ReadFile, name: str, content: bytes, says: str) -> None:
    assert says in (read(content, name=name).reader.problem or "")
