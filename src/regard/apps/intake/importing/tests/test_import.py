"""Files into the log: once each, whatever stops, repeats or runs beside it; and out and back again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from regard.apps.customers.models import Decision, Identifier, Split
from regard.apps.intake.exporting.bringing_back import import_folder
from regard.apps.intake.exporting.services import export
from regard.apps.intake.importing import projecting
from regard.apps.intake.importing.history import list_imports
from regard.apps.intake.importing.replaying import replay
from regard.apps.intake.importing.services import import_files
from regard.apps.intake.queries import find_source
from regard.apps.intake.services import add_source
from regard.apps.journal import queries, services
from regard.kernel.errors import InvalidInput
from regard.warehouse.engines.duckdb import connect
from regard.warehouse.files import reader
from regard.warehouse.log import Log
from regard.webkit.boot import Installation, make_data_dir

pytestmark = pytest.mark.django_db(transaction=True)
HEADER = "customer,customer_email,occurred_at,kind,metric,score,text,zip\n"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings: object) -> Path:
    before: Installation = django_settings.REGARD
    folder = tmp_path / "data"
    make_data_dir(folder)
    settings.REGARD = replace(before, data_dir=folder, warehouse_url=str(folder / "warehouse"))  # type: ignore[attr-defined]
    return folder


@pytest.fixture(autouse=True)
def _one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' store in memory locks whole tables; what runs beside each other is tested with processes."""
    monkeypatch.setattr(projecting.Beside, "start", lambda self: None)


def write(tmp_path: Path, n: int, *, name: str = "answers.csv", first: int = 0) -> Path:
    rows = "".join(
        f"u{i % 7},u{i % 7}@example.com,2026-05-{1 + i % 28:02d},survey.answered,nps,{i % 11},call me at ada@example.com,1{i}\n"
        for i in range(first, first + n)
    )
    path = tmp_path / name
    path.write_text(HEADER + rows)
    return path


def figures() -> list[tuple[object, ...]]:
    with connect(Log.open(django_settings.REGARD.warehouse_url)) as connection:
        return connection.execute(
            "SELECT hex(interaction_id), customer_id, source, occurred_at, score, text, attributes FROM interactions ORDER BY 1"
        ).fetchall()


def test_a_file_counts_once_however_often_it_is_imported_and_grows(tmp_path: Path) -> None:
    path = write(tmp_path, 40)
    [first] = import_files([path], source="survey")
    assert (first.n_new, first.n_known, first.n_rejected) == (40, 0, 0)
    [second] = import_files([path], source="survey")
    assert (second.n_new, second.n_known) == (0, 40)
    [grown] = import_files([write(tmp_path, 50, name="renamed.csv")], source="survey")
    assert (grown.n_new, grown.n_known) == (10, 40)
    rows = figures()
    assert len(rows) == 50
    assert {row[6] for row in rows} == {None}  # A postal code says who somebody is: it stays behind.
    assert "ada@example.com" not in str(rows[0][5])


def test_an_import_that_was_stopped_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "ROWS_PER_BATCH", 20_000)
    path = write(tmp_path, 50_000)
    taken: list[int] = []
    plain = services.append_segment

    def stop_after_one(**values: Any) -> int:
        if taken:
            raise KeyboardInterrupt
        taken.append(1)
        return plain(**values)

    with monkeypatch.context() as patch:
        patch.setattr(services, "append_segment", stop_after_one)
        with pytest.raises(KeyboardInterrupt):
            import_files([path], source="survey")
    assert len(queries.list_staged_paths()) == 1
    [report] = import_files([path], source="survey")
    assert (report.n_new, report.n_known) == (50_000, 0)
    assert len(queries.list_staged_paths()) == 4
    assert len(figures()) == 50_000


def test_bad_rows_are_set_aside_once_and_come_back_corrected(tmp_path: Path) -> None:
    path = write(tmp_path, 3)
    path.write_text(
        path.read_text() + "u9,,2026-05-01,survey.answered,nps,11,,\nu9,,soon,survey.answered,nps,9,,\n"
    )
    [report] = import_files([path], source="survey")
    assert (report.n_new, report.n_rejected) == (3, 2)
    import_files([path], source="survey")
    items = queries.list_quarantine()
    assert [(item.file, item.line, item.reason) for item in items] == [
        ("answers.csv", 5, "score_out_of_range"),
        ("answers.csv", 6, "value_unreadable"),
    ]
    with pytest.raises(InvalidInput, match="may still not enter"):
        replay(items[0].id, {})
    assert "1 taken in" in replay(items[0].id, {"score": "10"})
    assert len(queries.list_quarantine()) == 1
    assert len(figures()) == 4


def test_equal_rows_set_aside_and_corrected_alike_all_count(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    good, bad = (f"u9,,2026-05-01,survey.answered,nps,{score},,\n" for score in (10, 11))
    path.write_text(HEADER + good + bad + bad)
    import_files([path], source="survey")
    for item in queries.list_quarantine():
        assert "1 taken in" in replay(item.id, {"score": "10"})
    assert [row[4] for row in figures()] == [10, 10, 10]
    path.write_text(HEADER + good * 3)
    [report] = import_files([path], source="survey")
    assert (report.n_new, report.n_known) == (0, 3), "the corrected file holds the same rows"


def test_a_row_set_aside_by_two_imports_of_its_file_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    bad = "u9,,2026-05-01,survey.answered,nps,11,,\n"
    path.write_text(HEADER + bad)
    import_files([path], source="survey")
    path.write_text(HEADER + bad + "u8,,2026-05-01,survey.answered,nps,3,,\n")
    import_files([path], source="survey")
    for item in queries.list_quarantine():
        replay(item.id, {"score": "10"})
    assert sorted(row[4] for row in figures()) == [3, 10]  # type: ignore[type-var]


def test_two_files_of_one_name_are_each_read_again_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    for folder, header, row in (
        ("old", "who,day,mark", "u1,2026-05-01,99"),
        ("new", "mark,who,day", "77,u2,2026-05-02"),
    ):
        mapping = tmp_path / folder / "map.toml"
        mapping.write_text(
            '[columns]\ncustomer = "who"\noccurred_at = "day"\nscore = "mark"\n[constants]\nmetric = "nps"\n'
        )
        (tmp_path / folder / "answers.csv").write_text(f"{header}\n{row}\n")
        import_files([tmp_path / folder / "answers.csv"], source="survey", mapping=mapping)
    first, second = queries.list_quarantine()
    assert (first.file, first.line, second.file, second.line) == ("answers.csv", 2, "answers.csv", 2)
    assert "1 taken in" in replay(first.id, {"mark": "9"})
    assert "1 taken in" in replay(second.id, {"mark": "7"})
    assert sorted(row[4] for row in figures()) == [7, 9]  # type: ignore[type-var]


def test_a_grown_or_renamed_file_sets_its_old_bad_rows_aside_once(tmp_path: Path) -> None:
    bad = "u9,,2026-05-01,survey.answered,nps,11,,\n"
    path = write(tmp_path, 63)
    path.write_text(path.read_text() + bad + bad)
    [first] = import_files([path], source="survey")
    grown = write(tmp_path, 65, name="renamed.csv")
    grown.write_text(grown.read_text() + bad + bad + bad)
    [second] = import_files([grown], source="survey")
    assert (first.n_rejected, second.n_rejected) == (2, 3)
    items = queries.list_quarantine()
    assert [(item.file, item.line) for item in items] == [
        ("answers.csv", 65),
        ("answers.csv", 66),
        ("renamed.csv", 69),
    ]
    assert "1 taken in" in replay(items[0].id, {"score": "10"})
    import_files([grown], source="survey")
    assert len(queries.list_quarantine()) == 2, "what came back is not set aside again"


def test_equal_rows_of_a_file_that_grew_under_another_name_all_count_once_corrected(tmp_path: Path) -> None:
    bad, good = (f"u9,,2026-05-01,survey.answered,nps,{score},,\n" for score in (11, 10))
    path = write(tmp_path, 5)
    path.write_text(path.read_text() + bad)
    import_files([path], source="survey")
    grown = write(tmp_path, 6, name="renamed.csv")
    grown.write_text(grown.read_text() + bad + bad)
    import_files([grown], source="survey")
    items = queries.list_quarantine()
    assert [item.file for item in items] == ["answers.csv", "renamed.csv"]
    for item in items:
        assert "1 taken in" in replay(item.id, {"score": "10"})
    right = write(tmp_path, 6, name="right.csv")
    right.write_text(right.read_text() + good + good)
    [report] = import_files([right], source="survey")
    assert (report.n_new, report.n_known) == (0, 8), "the corrected file holds the same rows"


def test_rows_of_two_files_of_one_name_corrected_alike_count_as_in_two_right_files(tmp_path: Path) -> None:
    """An equal row of another file is the same row, come again: it counts once, as it does where nothing was wrong."""
    for number, folder in enumerate(("old", "new")):
        (tmp_path / folder).mkdir()
        path = write(tmp_path / folder, 5, first=20 * number)
        bad = f"u9,,2026-05-01,survey.answered,nps,{11 + number},,\n"
        path.write_text(path.read_text() + "u8,,2026-04-01,survey.answered,nps,3,,\n" * number + bad)
        import_files([path], source="survey")
    first, second = queries.list_quarantine()
    assert (first.file, second.file, first.line == second.line) == ("answers.csv", "answers.csv", False)
    assert "1 taken in" in replay(first.id, {"score": "10"})
    assert "0 taken in, 1 already known" in replay(second.id, {"score": "10"})


def test_a_file_of_answers_on_another_scale_is_refused_before_any_of_it_enters(tmp_path: Path) -> None:
    path = tmp_path / "tens.csv"
    rows = "".join(f"u{i},2026-05-01,csat,{1 + i % 10}\n" for i in range(100))
    path.write_text("customer,occurred_at,metric,score\n" + rows)
    refused, taken = import_files([path, write(tmp_path, 3)], source="survey")
    assert "csat holds values up to 10; its scale is 1 to 5" in (refused.problem or "")
    assert (refused.n_new, taken.n_new) == (0, 3)
    assert (len(figures()), queries.list_quarantine()) == (3, [])
    assert [row.state for row in list_imports()] == ["done", "failed"]


def test_files_that_are_no_tables_are_named_and_the_others_taken_in(tmp_path: Path) -> None:
    empty, junk, header = tmp_path / "empty.csv", tmp_path / "junk.csv", tmp_path / "header.csv"
    empty.write_bytes(b"")
    junk.write_bytes(bytes(range(256)) * 40)
    header.write_text(HEADER)
    pieces = tmp_path / "pieces.json"
    pieces.write_text('{"a": [1,\n')
    reports = import_files([empty, junk, header, write(tmp_path, 2), pieces], source="survey")
    assert [report.problem for report in reports] == [
        "The file is empty.",
        "The file is not a table of text: it holds bytes that no text has.",
        None,
        None,
        "The file has no line that is a JSON object with something in it.",
    ]
    assert [report.n_new for report in reports] == [0, 0, 0, 2, 0]
    assert "no rows" in reports[2].notes[-1]
    assert queries.list_quarantine() == []


def test_phone_numbers_without_a_country_are_of_the_sources_region(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("customer_phone,occurred_at,kind\n601 234 567,2026-05-01,call.ended\n")
    add_source("desk", region="pl")
    import_files([path], source="desk")
    import_files([path], source="other", region="PL")
    assert list(Identifier.objects.values_list("value", flat=True)) == ["+48601234567"]


def test_an_event_that_comes_back_without_a_server_is_in_the_log_at_once(tmp_path: Path) -> None:
    raw = '{"kind": "survey.answered", "occurred_at": "2026-05-01T10:00:00Z", "metric": "nps", "score": 11, "user_id": "u1"}'
    services.quarantine(
        [
            services.Rejected(
                source="app", received_at=datetime.now(UTC), reason="score_out_of_range", message="-", raw=raw
            )
        ]
    )
    [item] = queries.list_quarantine()
    replay(item.id, {"score": "10"})
    assert [row[4] for row in figures()] == [10]


def test_imports_are_listed_with_what_came_of_them(tmp_path: Path) -> None:
    import_files([write(tmp_path, 4)], source="survey")
    import_files([write(tmp_path, 6, name="more.csv")], source="survey")
    newest, oldest = list_imports()
    assert (newest.file, newest.state, newest.n_read, newest.n_new, newest.n_known) == (
        "more.csv",
        "done",
        6,
        2,
        4,
    )
    assert (oldest.file, oldest.n_new, oldest.share_read) == ("answers.csv", 4, 1.0)


def test_a_rating_converted_from_its_declared_scale_reaches_the_log(tmp_path: Path) -> None:
    path = tmp_path / "stars.csv"
    path.write_text("who,day,stars\nu,2026-05-01,7\n")
    mapping = tmp_path / "map.toml"
    mapping.write_text(
        '[columns]\ncustomer = "who"\noccurred_at = "day"\nscore = { column = "stars", scale = [1, 10] }\n[constants]\nmetric = "csat"\n'
    )
    [report] = import_files([path], source="stars", mapping=mapping)
    assert (report.n_new, report.n_rejected) == (1, 0)
    assert figures()[0][4] == pytest.approx(1 + 6 * 4 / 9)


def test_a_guess_is_written_down_and_never_over_another_file(tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("CustomerID,OrderDate,Total\nu,25.05.2026,3\n")
    [report] = import_files([path], source="shop")
    assert report.mapping_file == str(tmp_path / "orders.map.toml")
    assert import_files([path], source="shop")[0].mapping_file is None
    [again] = import_files([path], source="shop", mapping=tmp_path / "orders.map.toml")
    assert (again.n_new, again.n_known) == (0, 1)


@pytest.mark.parametrize("form", ["parquet", "csv", "ndjson"])
def test_an_exported_folder_makes_another_regard_the_same(
    tmp_path: Path, settings: object, form: str
) -> None:
    add_source("survey", allow=["kept"], mapping={"Bought": "order.placed"}, rate_per_second=7, region="PL")
    import_files([write(tmp_path, 60)], source="survey")
    Split.objects.create(identity_id=1, customer_id=2, reason="shared", seq=1)
    Decision.objects.create(
        kind="split", payload={"identities": [1]}, made_at=datetime.now(UTC), applied_seq=1
    )
    before = figures()
    folder = tmp_path / "out"
    assert export(folder=folder, form=form).n_interactions == 60
    with pytest.raises(InvalidInput, match="empty Regard"):
        import_folder(folder)
    single = export(out=tmp_path / f"one.{form}", since="2026-05-10")
    assert 0 < single.n_interactions < 60
    assert "folder" in single.notes[0]
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)
    other = tmp_path / "other"
    make_data_dir(other)
    settings.REGARD = replace(django_settings.REGARD, data_dir=other, warehouse_url=str(other / "warehouse"))  # type: ignore[attr-defined]
    report = import_folder(folder)
    assert (report.n_new, report.n_rejected) == (60, 0)
    assert figures() == before
    source = find_source("survey")
    assert source is not None
    assert (source.allow, dict(source.mapping)) == (("kept",), {"Bought": "order.placed"})
    assert (source.rate_per_second, source.region) == (7, "PL")
    assert list(Split.objects.values_list("identity_id", "customer_id", "reason")) == [(1, 2, "shared")]
    assert list(Decision.objects.values_list("payload", "applied_seq")) == [({"identities": [1]}, 0)]
