"""Text of our five languages in the encodings that their machines write."""

from __future__ import annotations

import pytest

from regard.kernel.errors import InvalidInput
from regard.warehouse.files import encodings
from regard.warehouse.files.tests.conftest import ReadFile

WORDS = {
    "en": "It arrived late – again, and nobody told us “why”. Café crème was fine, the façade too, naïve résumé.",
    "el": "Η παράδοση άργησε πολύ και κανείς δεν απάντησε στο τηλέφωνο. Ευχαριστώ πάντως για τη βοήθεια.",
    "pl": "Przesyłka przyszła za późno, a obsługa była niemiła. Proszę o zwrot pieniędzy, dziękuję. Źle się stało.",
    "ru": "Доставка опоздала на неделю, никто не отвечал на звонки. Спасибо оператору за помощь.",
    "hy": "Առաքումը շատ ուշացավ, ոչ ոք չպատասխանեց։ Շնորհակալություն օգնության համար։",
}
TABLE = "customer,occurred_at,kind,text\n" + 'u1,2026-05-01,comment.written,"{}"\n' * 4


def content(language: str) -> str:
    parts = WORDS[language].split(" ")
    return TABLE.format(WORDS[language], " ".join(parts[:6]), " ".join(parts[2:]), WORDS[language])


@pytest.mark.parametrize(
    ("language", "page"), [("pl", "cp1250"), ("ru", "cp1251"), ("en", "cp1252"), ("el", "cp1253")]
)
def test_the_windows_code_page_is_recognised_by_its_letters(read: ReadFile, language: str, page: str) -> None:
    found = read(content(language).encode(page))
    assert found.reader.encoding == page
    assert found.rows[0]["text"] == WORDS[language]


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_recognised_with_and_without_a_mark(read: ReadFile, language: str, encoding: str) -> None:
    found = read(content(language).encode(encoding))
    assert {row["text"] for row in found.rows} >= {WORDS[language]}
    assert found.rejected == []


def test_armscii_is_read_where_it_is_declared(read: ReadFile) -> None:
    table = encodings.ARMSCII_TABLE
    # The old code has no sign for the ligature's capital; every other letter has one.
    data = bytes(table.index(letter) for letter in content("hy"))
    found = read(
        data,
        mapping='encoding = "armscii-8"\n[columns]\ncustomer = "customer"\noccurred_at = "occurred_at"\nkind = "kind"\ntext = "text"\n',
    )
    assert found.rows[0]["text"] == WORDS["hy"]


def test_one_broken_line_does_not_turn_the_file_into_a_code_page(read: ReadFile) -> None:
    data = b"customer,occurred_at,kind,text\nu,2026-05-01,comment.written,caf\xe9\nu,2026-05-01,comment.written,fine\n"
    found = read(data)
    assert found.reasons == {2: "not_utf8"}
    assert len(found.rows) == 1


def test_an_unknown_encoding_is_refused() -> None:
    assert encodings.check_declared("Windows-1253") == "cp1253"
    with pytest.raises(InvalidInput, match="no encoding 'klingon'"):
        encodings.check_declared("klingon")
