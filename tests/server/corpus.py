"""Reads corpus files: a base schema, a line `-- statements`, then the statements whose effects are looked at.

Comments before a statement may say `-- pg: 15-17` (the versions it runs on), `-- mode: A` (or B: the only
mode it runs in), `-- unknown` (what it does cannot be known from its text) and `-- rows` (how much of it
happens depends on the rows: less than predicted is right, more is not). `-- schema: NAME` at the top
puts schemas/NAME.sql before the file's own schema.
"""

import dataclasses
import pathlib
import re

FOLDER = pathlib.Path(__file__).resolve().parent / "corpus"

_TOKEN = re.compile(
    r"""--[^\n]*|/\*.*?\*/|(?P<string>[eE]?'(?:[^']|'')*')|"(?:[^"]|"")*"|(?P<dollar>\$(?:[A-Za-z_]\w*)?\$)"""
    r"""|\bBEGIN\s+ATOMIC\b|\bEND\b|\bCASE\b|[();]""",
    re.S | re.I)


@dataclasses.dataclass
class Statement:
    path: str
    line: int
    sql: str
    versions: range
    mode: str  # "A", "B" or "" for both
    unknown: bool
    rows: bool  # whether all of the prediction happens depends on the rows that are there

    def runs_in(self, mode, version):
        return version in self.versions and self.mode in ("", mode)


@dataclasses.dataclass
class CorpusFile:
    name: str
    schema: list
    statements: list


def _statement_ends(text):
    """Offsets just behind each top-level semicolon."""
    at, depth, atomic = 0, 0, []
    while match := _TOKEN.search(text, at):
        token = match.group()
        at = match.end()
        if match.group("dollar"):
            at = text.index(token, at) + len(token)
        elif token == "(":
            depth += 1
        elif token == ")":
            depth -= 1
        elif token.upper().startswith("BEGIN"):
            atomic.append("BEGIN")
        elif token.upper() == "CASE" and atomic:
            atomic.append("CASE")
        elif token.upper() == "END" and atomic:
            atomic.pop()
        elif token == ";" and depth == 0 and not atomic:
            yield at


def _versions(text):
    first, _, last = text.partition("-")
    return range(int(first), int(last or (99 if "-" in text else first)) + 1)


def parse(text, path, first_line=1):
    statements, start = [], 0
    for end in _statement_ends(text):
        piece = text[start:end]
        body = re.match(r"(?:\s|--[^\n]*\n)*", piece).end()
        versions, mode, unknown, rows = range(0, 100), "", False, False
        for comment in re.findall(r"^\s*--\s*(.*)$", piece[:body], re.M):
            if match := re.fullmatch(r"pg:\s*(\d+(?:-\d*)?)", comment):
                versions = _versions(match.group(1))
            elif match := re.fullmatch(r"mode:\s*([AB])", comment):
                mode = match.group(1)
            elif comment == "unknown":
                unknown = True
            elif comment == "rows":
                rows = True
        line = first_line + text.count("\n", 0, start + body)
        statements.append(Statement(path, line, piece[body:].strip(), versions, mode, unknown, rows))
        start = end
    if re.sub(r"--[^\n]*", "", text[start:]).strip():
        raise ValueError(f"{path}: the last statement is not finished")
    return statements


def read_file(path):
    text = path.read_text(encoding="utf-8")
    head, marker, tail = text.partition("\n-- statements\n")
    if not marker:
        raise ValueError(f"{path} has no line `-- statements`")
    schema = []
    for included in re.findall(r"^-- schema:\s*(\S+)$", head, re.M):
        shared = FOLDER / "schemas" / f"{included}.sql"
        schema += parse(shared.read_text(encoding="utf-8"), shared.name)
    schema += parse(head + "\n", path.name)
    return CorpusFile(path.stem, schema, parse(tail, path.name, head.count("\n") + 3))


def read_all(pattern=""):
    paths = sorted(FOLDER.glob("*.sql"))
    return [read_file(path) for path in paths if re.search(pattern, path.name)]
