"""Mappings: declared, guessed, written down and read again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from duckdb import DuckDBPyConnection

from regard.kernel.errors import InvalidInput
from regard.warehouse.files.declared import parse_mapping
from regard.warehouse.files.reader import open_file
from regard.warehouse.files.reasons import Reason
from regard.warehouse.files.tests.conftest import NOW, ReadFile
from regard.warehouse.files.toml import as_toml

SURVEY = "RESPNUM,INTDATE,Q7ART,Q7FOOD,Q7ALL,NETPRO,WEIGHT,LANG,Q8COM\n" + "".join(
    f"{i},05/{10 + i % 20}/2017 12:00:00 AM,{1 + i % 6},{i % 7},{1 + i % 5},{i % 12},{0.5 + i % 3},1,\n"
    for i in range(60)
)
FULL = """
delimiter = ";"
zone = "Europe/Athens"
decimal = ","
currency = "EUR"
region = "GR"
attributes = ["colour"]

[columns]
customer = "who"
customer_phone = "tel"
occurred_at = { column = "when", format = ["%d.%m.%Y %H:%M", "%d.%m.%Y"] }
amount = { column = "paid", times = 1 }

[constants]
channel = "store"

[traits]
plan = "tariff"

[missing]
tariff = ["-", 0]

[[interaction]]
metric = "csat"
score = "stars"
scale = [1, 10]
missing = [0, 99]

[[interaction]]
metric = "food"
score = { column = "food", values = { "good" = 5, "bad" = 1 } }
"""


def test_a_mapping_survives_being_written_down() -> None:
    mapping = parse_mapping(FULL)
    assert parse_mapping(as_toml(mapping)) == mapping


def test_everything_that_a_mapping_can_say_is_done(read: ReadFile) -> None:
    found = read(
        "who;tel;when;paid;colour;tariff;stars;food\n"
        "u1;210 123 4567;25.05.2026 10:00;1.234,50;red;gold;10;good\n"
        "u2;;25.05.2026;;;-;99;bad\n"
        "u3;;25.05.2026;;;-;11;\n",
        mapping=FULL,
    )
    by_metric = {(row["user_id"], row["metric"]): row for row in found.rows}
    first = by_metric["u1", "csat"]
    assert (first["score"], first["phone"], first["channel"], first["amount_minor"]) == (
        5.0,
        "+302101234567",
        "store",
        123450,
    )
    assert (json.loads(first["attributes"]), json.loads(first["traits"])) == (
        {"colour": "red"},
        {"plan": "gold"},
    )
    assert first["occurred_at"].isoformat() == "2026-05-25T11:00:00+04:00"
    assert (by_metric["u1", "food"]["score"], by_metric["u2", "food"]["score"]) == (5.0, 1.0)
    assert ("u2", "csat") not in by_metric
    assert by_metric["u2", "food"]["traits"] is None
    assert "declared scale, 1 to 10" in found.reasons[4]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[columns]\nscor = 'x'", "Did you mean 'score'"),
        ("colums = 1", "Did you mean 'columns'"),
        ("[columns]\nscore = { colum = 'x' }", "Did you mean 'column'"),
        ("zone = 'Mars'", "no time zone 'Mars'"),
        ("[columns]\nscore = { column = 'x', scale = [1] }", "lowest, highest"),
        ("[columns]\nkind = 'a'\n[constants]\nkind = 'b'", "both a column and a constant"),
        ("[columns", "not valid TOML"),
        ("attributes = 3", "attributes is"),
    ],
)
def test_a_mistake_in_a_mapping_is_told_with_what_was_meant(text: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        parse_mapping(text)


def test_a_column_that_the_file_has_not_is_named(read: ReadFile) -> None:
    with pytest.raises(InvalidInput, match="Did you mean 'score'"):
        read("scores,score\n1,2\n", mapping="[columns]\nscore = 'scoer'\n")


def test_a_survey_is_guessed_with_its_battery_its_weight_and_a_reason_for_each(read: ReadFile) -> None:
    found = read(SURVEY)
    mapping = found.reader.mapping
    metrics = [block.fields["metric"].value for block in mapping.blocks]
    assert metrics == ["nps", "q7art", "q7food", "q7all"]
    assert (mapping.fields["weight"].column, mapping.fields["thread"].column) == ("WEIGHT", "RESPNUM")
    assert "language" not in mapping.fields
    told = "\n".join(mapping.reasons)
    assert "declare missing = [11]" in told
    assert "one battery" in told
    assert set(found.reasons.values()) == {"score_out_of_range"}  # The blank coded 11, until it is declared.
    assert {row["occurred_at"].year for row in found.rows} == {2017}


def test_a_rating_is_never_silently_taken_for_satisfaction(read: ReadFile) -> None:
    found = read(
        "customer_id,date,rating\n" + "".join(f"u{i},2026-05-{1 + i:02d},{1 + i % 5}\n" for i in range(20))
    )
    assert {row["metric"] for row in found.rows} == {"rating"}
    assert any("its scale is not declared" in reason for reason in found.reader.mapping.reasons)


def survey(name: str, values: list[str]) -> str:
    rows = "".join(f"u{i};2026-05-{1 + i % 28:02d};{value}\n" for i, value in enumerate(values))
    return f"customer_id;date;{name}\n" + rows


@pytest.mark.parametrize(
    "name", ["оценка nps", "ocena nps", "βαθμολογία nps", "nps գնահատական", "NPS", "Likely to recommend"]
)
def test_a_column_called_after_a_metric_in_any_language_is_its_score(read: ReadFile, name: str) -> None:
    found = read(survey(name, [f"{i % 11},0" for i in range(44)]))
    assert {row["metric"] for row in found.rows} == {"nps"}
    assert sorted({row["score"] for row in found.rows}) == list(range(11))
    assert found.rejected == []


def test_each_of_several_scores_has_its_own_sign_before_the_fraction(read: ReadFile) -> None:
    found = read(survey("nps;csat", [f"{i % 11},0;{1 + i % 5}" for i in range(44)]))
    assert {row["metric"] for row in found.rows} == {"nps", "csat"}
    assert (len(found.rows), found.rejected) == (88, [])


@pytest.mark.parametrize(
    ("name", "values", "says"),
    [
        (
            "csat",
            [str(1 + i % 10) for i in range(40)],
            "called after csat but goes up to 10; its scale is 1 to 5",
        ),
        ("csat", [str(1 + i % 5) for i in range(85)] + ["6", "7", "8", "9", "10"] * 3, "goes up to 10"),
        ("ocena csat", ["good", "bad"] * 20, "not whole numbers from 1 to 5"),
        ("ces", [f"{1 + i % 6},5" for i in range(40)], "not whole numbers from 1 to 7"),
    ],
)
def test_a_column_called_after_a_metric_but_not_taken_is_named(
    read: ReadFile, name: str, values: list[str], says: str
) -> None:
    found = read(survey(name, values))
    assert {row["metric"] for row in found.rows} == {None}
    assert any(
        says in reason and reason.startswith("Please check") for reason in found.reader.mapping.reasons
    )


def test_a_shop_with_semicolons_and_commas_is_guessed(read: ReadFile) -> None:
    rows = "".join(
        f"{i:04d};{i % 7};{13 + i % 15}.05.2026 1{i % 10}:30;{i},50;EUR;anna{i}@example.com\n"
        for i in range(30)
    )
    found = read("Order No;CustomerID;OrderDate;Total;Currency;E-Mail\n" + rows)
    fields = found.reader.mapping.fields
    assert {name: field.column for name, field in fields.items()} == {
        "thread": "Order No",
        "customer": "CustomerID",
        "occurred_at": "OrderDate",
        "amount": "Total",
        "currency": "Currency",
        "customer_email": "E-Mail",
    }
    assert found.rows[3]["amount_minor"] == 350
    assert {row["kind"] for row in found.rows} == {"order.placed"}
    assert parse_mapping(as_toml(found.reader.mapping)).fields == fields


def test_beside_standard_names_other_columns_stay_attributes(read: ReadFile) -> None:
    found = read("customer,occurred_at,kind,region,Store,priority\nu,2026-05-01,case.opened,north,A,2\n")
    assert json.loads(found.rows[0]["attributes"]) == {"region": "north", "Store": "A", "priority": "2"}


def test_an_amount_is_a_price_times_a_quantity_where_the_mapping_says_so(read: ReadFile) -> None:
    found = read(
        "id,at,price,quantity\na,2026-05-01,2.55,6\nb,2026-05-02,1.25,-2\nc,2026-05-03,3.00,\nd,2026-05-04,x,1\ne,2026-05-05,2,many\n",
        mapping="""
        [columns]
        message_id = "id"
        occurred_at = "at"
        amount = { column = "price", times = "quantity" }
        [constants]
        kind = "order.placed"
        """,
    )
    assert {row["message_id"]: row["amount_minor"] for row in found.rows} == {"a": 1530, "b": -250, "c": None}
    assert found.sentences() == [
        "In column 'price', 'x' is not a number in the form expected.",
        "In column 'quantity', 'many' is not a number in the form expected.",
    ]
    assert all(row["attributes"] is None for row in found.rows)


def test_minutes_become_seconds_and_what_cannot_be_multiplied_is_named(read: ReadFile) -> None:
    found = read(
        "at,minutes\n2026-05-01,2.5\n",
        mapping="""
        [columns]
        occurred_at = "at"
        duration_seconds = { column = "minutes", times = 60 }
        [constants]
        kind = "call.ended"
        """,
    )
    assert [row["duration_seconds"] for row in found.rows] == [150.0]
    with pytest.raises(InvalidInput, match="'score' cannot be multiplied"):
        parse_mapping('[columns]\nscore = { column = "a", times = 2 }')
    with pytest.raises(InvalidInput, match="no column 'quantty'"):
        read(
            "at,p,quantity\n2026-05-01,1,2\n",
            mapping='[columns]\noccurred_at = "at"\namount = {column="p", times="quantty"}',
        )


def test_a_price_and_a_quantity_are_an_amount_and_the_guess_says_so(read: ReadFile) -> None:
    found = read(
        "InvoiceNo,InvoiceDate,CustomerID,Quantity,UnitPrice\n5,2026-05-01,u,6,2.55\n6,2026-05-02,u,1,3\n"
    )
    assert [(row["amount_minor"], row["kind"]) for row in found.rows] == [
        (1530, "order.placed"),
        (300, "order.placed"),
    ]
    [reason] = [reason for reason in found.reader.mapping.reasons if reason.startswith("'UnitPrice'")]
    assert isinstance(reason, Reason)
    assert (reason.code, reason.column, reason.given["factor"]) == ("product", "UnitPrice", "Quantity")


def test_a_preview_gives_the_first_rows_and_what_is_refused_of_them(
    tmp_path: Path, connection: DuckDBPyConnection
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("occurred_at,metric,score\n2026-05-01,nps,11\n" + "2026-05-01,nps,9\n" * 50)
    reader = open_file(path, source="shop", now=NOW)
    batch = reader.preview(connection, most=30)
    assert batch is not None
    assert 20 <= batch.n_read <= 30
    assert connection.execute("SELECT count(*) FROM incoming").fetchall() == [(batch.n_read - 1,)]
    assert connection.execute("SELECT line, reason FROM rejected").fetchall() == [(2, "score_out_of_range")]
