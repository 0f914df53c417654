"""Which encoding a text file is in, and its bytes as UTF-8."""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from regard.kernel.errors import unknown_name
from regard.warehouse.files.formats import utf16_order

UTF8 = "utf-8"
ARMSCII = "armscii-8"

# ArmSCII-8 (AST 34.002): punctuation from A2, then capital and small letters in turn from B2.
_ARMSCII_MARKS = "\xa0\ufffd\u0587\u0589)(»«\u2014.\u055d,-\u058a\u2026\u055c\u055b\u055e"
_ARMSCII_LETTERS = "".join(chr(0x531 + i) + chr(0x561 + i) for i in range(38))
ARMSCII_TABLE = "".join(map(chr, range(160))) + _ARMSCII_MARKS + _ARMSCII_LETTERS + "\u055a\ufffd"

DECLARABLE = (UTF8, "utf-16", "utf-16-le", "utf-16-be", "cp1250", "cp1251", "cp1252", "cp1253", ARMSCII)

# Letters beyond ASCII in falling frequency: Polish and its neighbours; Russian; western accents; Greek.
_COMMON = {
    "cp1250": "łąężśćóńźŻŁŚĆÓŹŃčšžěřáíéýůőű",
    "cp1251": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфПСВНКОМДАТ",
    "cp1252": "éèàüäöçêßóñáíôâîûùëïåøæœ«»’“”–…€",
    "cp1253": "αοιετσνηυρπκμλςίόάήγδέύθώχφβξζψΑΗΤΕΠΟΚΣΜ",
}
_ENOUGH_LINES = 3
_ENOUGH_LETTERS = 8
_SAMPLE = 262_144


@dataclass(frozen=True, slots=True)
class EncodingGuess:
    """An encoding and the reason for it."""

    name: str
    reason: str


def check_declared(name: str) -> str:
    """The encoding as we call it. Raises: InvalidInput for one that is not known."""
    key = (
        name.lower()
        .replace("_", "-")
        .replace("windows-", "cp")
        .replace("utf8", UTF8)
        .replace("utf16", "utf-16")
    )
    key = {"armscii8": ARMSCII, "armscii": ARMSCII}.get(key, key)
    if key not in DECLARABLE:
        raise unknown_name("encoding", name, DECLARABLE)
    return key


def guess(blocks: Iterable[bytes]) -> EncodingGuess:
    """The encoding of the text in `blocks`, by its mark, by what is valid, then by the frequency of letters.

    Reads on until enough lines with letters beyond ASCII were seen; a file of plain ASCII is read through.
    """
    sample: list[bytes] = []
    size = 0
    first = True
    for block in blocks:
        if first:
            first = False
            marked = _by_mark(block)
            if marked:
                return marked
        if not block.isascii():
            lines = [line for line in block.split(b"\n") if not line.isascii()]
            sample += lines
            size += sum(map(len, lines))
            if size > _SAMPLE:
                break
    return _by_letters(sample)


def as_utf8(blocks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """The same text as UTF-8 without a mark; what the encoding has no letter for becomes U+FFFD.

    Bytes said to be UTF-8 pass as they are: lines that are not are found where the lines are cut.
    """
    if encoding == UTF8:
        yield from _without_mark(blocks)
    elif encoding == ARMSCII:
        for block in blocks:
            yield codecs.charmap_decode(block, "replace", ARMSCII_TABLE)[0].encode()
    else:
        decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        for block in blocks:
            yield decoder.decode(block).lstrip("\ufeff").encode("utf-8", "replace")
        yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def _without_mark(blocks: Iterable[bytes]) -> Iterator[bytes]:
    for number, block in enumerate(blocks):
        yield block.removeprefix(codecs.BOM_UTF8) if number == 0 else block


def _by_mark(block: bytes) -> EncodingGuess | None:
    if block.startswith(codecs.BOM_UTF8):
        return EncodingGuess(UTF8, "it begins with the mark of UTF-8")
    if block.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return EncodingGuess("utf-16", "it begins with the mark of UTF-16")
    order = utf16_order(block[:65_536])
    return EncodingGuess(order, "every second byte of its blanks is zero") if order else None


def _by_letters(lines: list[bytes]) -> EncodingGuess:
    if not lines:
        return EncodingGuess(UTF8, "it holds plain ASCII only")
    valid = sum(_is_utf8(line) for line in lines[:-1]) + _is_utf8(lines[-1].rstrip(b"\r"))
    if valid == len(lines):
        return EncodingGuess(UTF8, "all of it is valid UTF-8")
    high = sum(sum(byte > 127 for byte in line) for line in lines[:2000])
    if valid * 2 >= len(lines) or (len(lines) < _ENOUGH_LINES and high < _ENOUGH_LETTERS):
        return EncodingGuess(UTF8, f"{len(lines) - valid} lines are broken; if it is a code page, declare it")
    best = max(_COMMON, key=lambda name: _score(lines, name))
    if _score(lines, best) <= 0:
        return EncodingGuess(UTF8, "no code page gives words; lines that are broken are set aside")
    return EncodingGuess(best, f"it is not UTF-8, and its letters are likeliest in {best}")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _score(lines: list[bytes], encoding: str) -> float:
    """How well the letters beyond ASCII fit: frequent ones add, unknown signs and odd capitals take away."""
    common = _COMMON[encoding]
    weights = {letter: 1.5 - index / len(common) for index, letter in enumerate(common)}
    score = 0.0
    total = 0
    for word, times in Counter(b" ".join(lines)[:_SAMPLE].split()).items():
        text = word.decode(encoding, "replace")
        for index, letter in enumerate(text):
            if letter < "\x80":
                continue
            total += times
            value = weights.get(letter, -0.5 if letter.isalpha() else -1.0)
            if letter.isupper() and index and text[index - 1].islower():
                value -= 1.0
            if encoding in ("cp1251", "cp1253") and _beside_latin(text, index):
                value -= 1.5
            score += value * times
    return score / max(1, total)


def _beside_latin(text: str, index: int) -> bool:
    """Whether the letter stands next to an ASCII letter: a Greek or Russian word holds none."""
    around = text[max(0, index - 1) : index] + text[index + 1 : index + 2]
    return any(neighbour.isascii() and neighbour.isalpha() for neighbour in around)
