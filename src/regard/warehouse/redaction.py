"""Blanking what identifies a person in customers' own words, before the words enter the log.

By pattern: e-mail addresses, telephone numbers, cards, bank accounts (IBAN) and national ids, in the forms usual where
English, Greek, Armenian, Polish and Russian are written. Names are not found, nor is what is spelled out in words.
A plain order number (an unbroken run of digits that looks like none of these) stays; the tests print what is found
and what is blanked wrongly. Everything is one SQL expression, so that millions of texts are done in seconds.
"""

from __future__ import annotations

from regard.warehouse.literals import text_sql

_AT, _DOT = r"(?:@|[\[(]\s?(?:at|AT|@|собака|małpa)\s?[\])])", r"(?:\.|\s?[\[(]\s?(?:dot|DOT)\s?[\])]\s?)"
# Parts of an address by what they are not: that covers every alphabet and is quick to compile.
_PART, _TOP = r"[^\s@()\[\]<>{},;:!?\"«»՝։]+", r"[^\s@()\[\]<>{},;:!?\"«»՝։.\d]{2,}"
_LABEL = _PART.replace("@", "@.")
_EMAIL = rf"{_PART}\s?{_AT}\s?{_LABEL}(?:{_DOT}{_LABEL})*?{_DOT}{_TOP}"

# Two letters, two digits, a bank's code that may have letters, then groups of digits.
_IBAN = (
    r"\b[a-z]{2}\d{2}[ -]?[a-z0-9]{4}(?:[ -]?\d{4}){2,6}(?:[ -]?[a-z0-9]{1,4})?\b"
    r"|(?-i:\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?\b)"
    r"|\b\d{2}(?: ?\d{4}){6}\b"  # Poland, without the country
)

# Issuers' first digits only, in the usual groups or unbroken; 15 digits for American Express.
_CARD = (
    r"\b(?:4\d{3}|5[0-8]\d{2}|6[0-9]\d{2}|2[2-7]\d{2}|35\d{2}|9[01]\d{2})(?:[ .-]?\d{4}){3}(?:[ -]?\d{1,3})?\b"
    r"|\b3[47]\d{2}[ -]?\d{6}[ -]?\d{5}\b|\b3[068]\d{2}[ -]?\d{6}[ -]?\d{4}\b"
)

_DAY, _MONTH = r"(?:0[1-9]|[12]\d|3[01])", r"(?:0[1-9]|1[0-2])"
_NATIONAL_ID = "|".join(
    [
        r"\b\d{3}-\d{2}-\d{4}\b",  # United States: SSN
        r"\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b",  # United Kingdom: national insurance
        rf"\b\d{{2}}(?:[02468][1-9]|[13579][0-2]){_DAY}\d{{5}}\b",  # Poland: PESEL begins with a date of birth
        rf"\b{_DAY}{_MONTH}\d{{7}}\b",  # Greece: AMKA begins with a date of birth
        r"\b\d{3}-\d{3}-\d{3}[ -]\d{2}\b",  # Russia: SNILS
        r"\b\d{2} \d{2} \d{6}\b",  # Russia: passport
    ]
)
# Ids that look like any other number are blanked after a word that says what they are.
_ID_WORDS = (
    r"ssn|social security|national (?:id|insurance)|\bid(?: card)?(?: (?:no|number|nr))|passport|tax (?:id|number)"
    r"|pesel|\bnip\b|dow[oó]d|paszport|αφμ|α\.φ\.μ\.?|αμκα|ταυτότητ|διαβατήρι"
    r"|инн|снилс|паспорт|ՀԾՀ|ՀՎՀՀ|սոց|անձնագ|նույնականաց"
)
_AFTER_ID_WORD = rf"((?:{_ID_WORDS})[^\d\n]{{0,18}}?)\b?(?:[A-ZΑ-Ω]{{1,3}}[ -]?)?(?:\d{{4}}\D{{1,8}})?\d(?:[ -]?\d){{4,13}}"

_PHONE = "|".join(
    [
        r"\+ ?[1-9](?:[ ().\-/]{0,2}\d){7,14}",  # international
        r"\b00[1-9]\d?(?:[ ().\-/]{0,2}\d){7,12}\b",
        r"\(\d{2,5}\)[ -]?\d{2,4}(?:[ .-]?\d{2,4}){1,3}\b",  # the area in brackets
        r"\b\d{3}[ .-]\d{3}[ .-]\d{3,4}\b",  # 601 234 567, 555-123-4567
        r"\b\d{2} \d{3}[ -]\d{2}[ -]\d{2}\b",  # Poland, fixed
        r"\b8[ -]?\(?[3-9]\d{2}\)?[ -]\d{3}[ -]?\d{2}[ -]?\d{2}\b|\b89\d{9}\b",  # Russia
        r"\b69\d[ .-]?\d{3}[ .-]?\d{4}\b|\b69\d{2}[ .-]\d{2}[ .-]?\d{2}[ .-]?\d{2}\b",  # Greece, mobile
        r"\b21\d[ .-]?\d{3}[ .-]?\d{4}\b|\b2[2-8]\d{2}[ .-]\d{3}[ .-]?\d{3}\b",  # Greece, fixed
        r"\b0[1-9]\d{1,3}[ .\-/]\d{2,4}(?:[ .-]?\d{2,4}){1,3}\b",  # with a leading 0: Armenia, United Kingdom
        r"\b0[1-9]\d{7,9}\b",
    ]
)
_PHONE_WORDS = (
    r"\b(?:tele?)?phone|\bmobile|\bcell|whats ?app|viber|telegram|\btel\b|telef|zadzwo|dzwoni|\bkom\."
    r"|komórk|call (?:me|us)|ring me|text me|τηλ|κινητ|καλέσ|тел\.|телефон"
    r"|моб|звон|հեռ|զանգ|բջջ"
)
_AFTER_PHONE_WORD = rf"((?:{_PHONE_WORDS})[^\d\n]{{0,20}})\d(?:[ ().\-/]{{0,2}}\d){{5,12}}"

# In this order: what is more exact goes first. (pattern, replacement, options)
RULES = (
    (_EMAIL, "[email]", "g"),
    (_IBAN, "[iban]", "gi"),
    (_CARD, "[card]", "g"),
    (_AFTER_ID_WORD, r"\1[id]", "gi"),
    (_NATIONAL_ID, "[id]", "g"),
    (_PHONE, "[phone]", "g"),
    (_AFTER_PHONE_WORD, r"\1[phone]", "gi"),
)
# Most texts hold neither of these and are passed by at a glance.
_WORTH_A_LOOK = r"@|(?i:[\[(]\s?(?:at|собака|małpa))|\d(?:[^\d\n]{0,3}\d){5}"


def redacted_sql(column: str) -> str:
    """The SQL expression that gives the words in `column` with what identifies a person blanked.

    Blanked parts become `[email]`, `[phone]`, `[card]`, `[iban]` or `[id]`.
    """
    expression = column
    for pattern, replacement, options in RULES:
        expression = (
            f"regexp_replace({expression}, {text_sql(pattern)}, {text_sql(replacement)}, '{options}')"
        )
    return (
        f"CASE WHEN regexp_matches({column}, {text_sql(_WORTH_A_LOOK)}) THEN {expression} ELSE {column} END"
    )
