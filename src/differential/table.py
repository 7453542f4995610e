"""The messages: reads src/test/resources/framing/requests.txt, whose first lines say how."""

import re
from dataclasses import dataclass

FAMILY = re.compile(r"\[(.+): ([0-9 ]+)]")
ESCAPE = re.compile(r"\\(?:\{(\d+):([^}]*)}|x([0-9a-fA-F]{2})|(.))")
PLAIN = {"r": "\r", "n": "\n", "t": "\t", "v": "\v", "f": "\f", "0": "\0", "\\": "\\"}
VARIANT_CHARACTERS_SHOWN = 60


@dataclass(frozen=True)
class Message:
    title: str
    statuses: tuple
    octets: bytes


def read(path):
    messages = []
    with open(path, encoding="ascii", newline="\n") as file:
        for family in file.read().split("\n\n"):
            if family.startswith("["):
                messages += members(family.strip("\n").split("\n"))
    return messages


def members(lines):
    title, statuses = FAMILY.fullmatch(lines[0]).groups()
    variants = [line[2:] for line in lines if line.startswith(">")] or [""]
    for template in (line for line in lines[1:] if not line.startswith(">")):
        for variant in variants:
            text = unescape(template.replace("{}", variant))
            shown = f"{title}: {variant[:VARIANT_CHARACTERS_SHOWN]}"
            yield Message(shown, tuple(map(int, statuses.split())), text.encode("latin-1"))


def unescape(text):
    return ESCAPE.sub(octets, text)


def octets(escape):
    times, repeated, code, letter = escape.groups()
    if times:
        return unescape(repeated) * int(times)
    return chr(int(code, 16)) if code else PLAIN[letter]
