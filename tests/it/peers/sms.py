"""What others make of SMS: a line of JSON in, a line of JSON out, until the input ends.

gsmcodecs has the national tables, smspdudecoder reads headers and packed septets, smsutil splits texts without national tables.
"""

import json
import sys
from io import StringIO

import gsmcodecs  # registers the codecs
import smsutil
from gsmcodecs.charmaps import GSMCHARMAPS as TABLES
from smspdudecoder import fields
from smspdudecoder.codecs import GSM

LANGUAGES = range(14)
ESCAPE = 0x1B


def mend(language, kind, code, wrong, right):
    """Corrects a cell of gsmcodecs in which it differs from four other transcriptions of the specification."""
    table = TABLES[language][kind]
    assert table["decode"].get(code) == wrong, "gsmcodecs has changed: look at the cell again"
    table["decode"][code] = right
    if table["encode"].get(wrong) == code:
        del table["encode"][wrong]
    table["encode"][right] = code


for indian in range(4, 14):
    mend(indian, "locking", 0x2C, ord("'"), ord(","))
mend(7, "locking", 0x24, 0x0CAA, 0x0CA1)
TABLES[7]["locking"]["encode"][0x0CAA] = 0x3D
mend(12, "singleShift", 0x65, None, 0x20AC)


class Septets(GSM):
    """Unpacks septets without giving them a meaning."""

    ALPHABET = [chr(septet) for septet in range(128)]
    CHAR_EXT = None


fields.GSM = Septets


def table(language, kind):
    return TABLES[language].get(kind) or TABLES[0][kind]


def tables(_):
    def cells(kind):
        return [[[code, chr(unit)] for code, unit in table(language, kind)["decode"].items()] for language in LANGUAGES]

    return {"locking": cells("locking"), "single": cells("singleShift")}


def read(asked):
    """What one segment says."""
    context = {"header": {"udhi": asked["header"]}, "dcs": {"encoding": "ucs2" if asked["coding"] == 8 else "gsm"}}
    found = fields.UserData.decode(StringIO("%02X%s" % (asked["length"], asked["octets"])), context)
    elements = {element["iei"]: element["data"] for element in (found["header"] or {"elements": []})["elements"]}
    text = found["data"]
    if asked["coding"] == 0:
        codec = "gsm23.038-%d-%d" % (int(elements.get(0x25, "0"), 16), int(elements.get(0x24, "0"), 16))
        text = bytes(map(ord, text)).decode(codec)
    part = elements.get(0x00) or elements.get(0x08)
    return {"text": text, "part": part and [part["reference"], part["parts_count"], part["part_number"]]}


def write(asked):
    """The septets of a text, one an octet; packed where they are those of the default tables."""
    septets = asked["text"].encode("gsm23.038-%d-%d" % (asked["locking"], asked["single"]))
    is_default = asked["locking"] == asked["single"] == 0
    return {"septets": septets.hex(), "packed": GSM.encode(asked["text"]) if is_default else None}


def segments(costs, alone, each):
    """How many segments characters fill that cost so much, one after the other."""
    if sum(costs) <= alone:
        return 1
    count, left = 1, each
    for cost in costs:
        if cost > left:
            count, left = count + 1, each
        left -= cost
    return count


ROOM = {0: (160, 153, 152), 1: (155, 149, 148), 2: (152, 146, 145), "ucs2": (70, 67, 66)}


def size(asked):
    """What a text takes in each alphabet: [locking, single, septets, segments], and in UCS-2."""
    text, wide = asked["text"], asked["wide"]

    def room(kind):
        alone, narrow, wide_room = ROOM[kind]
        return alone, wide_room if wide else narrow

    found = []
    for locking in LANGUAGES:
        for single in LANGUAGES:
            if locking == 2 or locking + single and not asked["national"]:
                continue
            own, shifted = table(locking, "locking")["encode"], table(single, "singleShift")["encode"]
            costs = [1 if ord(c) in own else 2 if ord(c) in shifted else None for c in text]
            if None not in costs:
                elements = (locking > 0) + (single > 0)
                found.append([locking, single, sum(costs), segments(costs, *room(elements))])
    units = [len(c.encode("utf-16-be")) // 2 for c in text]
    return {"septets": found, "ucs2": [sum(units), segments(units, *room("ucs2"))]}


def split(asked):
    """The parts of a text, with references of eight bits and without national tables."""
    found = smsutil.split(asked["text"])
    return {"ucs2": found.encoding != "gsm0338", "parts": [part.content for part in found.parts]}


ANSWERS = {"tables": tables, "read": read, "write": write, "size": size, "split": split}

for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps(ANSWERS[asked["ask"]](asked)))
