#!/usr/bin/env python3
"""Writes ingest/log/languages.tsv: the server messages that pgsift understands, in the languages
that a PostgreSQL installation has catalogues for (lc_messages).

Usage: tools/make_log_languages.py /usr/share/locale postgres-15.mo > ingest/log/languages.tsv

Lines: language, tab, the text in English, tab, the same in that language; both as printf formats,
with \\n and \\t written out. Languages without a catalogue there keep the lines of EXTRA.
"""
import gettext
import pathlib
import re
import sys

# What pgsift reads or classifies: the beginnings of the texts in English.
WANTED = r"""
LOG$|ERROR$|FATAL$|PANIC$|WARNING$|NOTICE$|INFO$|DEBUG$
DETAIL:  $|HINT:  $|QUERY:  $|CONTEXT:  $|LOCATION:  |BACKTRACE:  |STATEMENT:  $|\[unknown\]$
 at character %d$
duration: |statement: |execute$|execute fetch from$|parameters: |Parameters: |prepare: %s$
fastpath function call
process %d (still|acq|avo|det|fai)|Process(es)? |deadlock detected$|transaction %u$|virtual transaction
tuple \(%u|relation %u of|page %u of|extension of relation|object %u of class|advisory lock \[|user lock|speculative token
while (updating|deleting|locking|inserting|rechecking|checking)
could not obtain lock on|canceling |terminating |skipping (vacuum|analyze) of
temporary file: |temporary file size exc|out of (shared )?memory$|invalid memory alloc|stack depth limit exc|could not resize shared
checkpoint(s are| starting| complete)|restartpoint |archive command |archiving write-ahead|requested WAL segment
automatic |pages: |tuples: |system usage: |avg read rate: |buffer usage: |WAL usage: |index scan
finished vacuuming|bypassing nonessential|oldest xmin is|cutoff for removing|database ".*must be vacuumed|database is not accepting
connection (received|auth|ready|to client)|replication connection|disconnection: |could not (receive data from|send data to) client
unexpected EOF on client|incomplete startup|invalid length of startup|could not accept SSL
sorry, too many|remaining connection slots|too many connections|number of requested standby
.*authentication failed for user|no pg_hba|pg_hba.conf rej|role "%s" (does not exist$|is not permitted)|database "%s" (does not exist$|is not)
the database system is|database system|starting PostgreSQL|listening on|redirecting log|ending log
received |aborting any|shutting down|all server processes|%s \(PID %d\)|background worker "%s" \(PID|autovacuum launcher
logical replication (launcher|apply worker for subscription "%s" has)|redo (starts|done|is not)|consistent recovery|invalid record length
last completed|restored log|selected new timeline|archive recovery complete
parameter "%s" (changed|removed|cannot be changed without)|configuration file
recovery (still|finished)|could not serialize|current transaction is aborted
syntax error|unterminated quoted|duplicate key|null value in column|new row for relation|conflicting key
insert or update on table|update or delete on table|permission denied for|must be owner of|invalid input (syntax|value)
value too long|division by zero|could not (extend|fsync) file "%s": %m$|page verification|invalid page in block
relation "%s" does not exist$|column .*does not exist$|function %s does not exist$|schema "%s" does not exist$|type "%s" does not exist$|operator does not exist
missing FROM-clause entry|Key \(|Failing row|The failed archive|started streaming|starting logical|logical decoding found|invalidating
Failed process was running
"""
# Words of languages that Debian's release 15 has no catalogue for.
EXTRA = {
    "pl": {"LOG": "DZIENNIK", "ERROR": "BŁĄD", "FATAL": "KATASTROFALNY", "WARNING": "OSTRZEŻENIE",
           "DETAIL:  ": "SZCZEGÓŁY:  ", "STATEMENT:  ": "WYRAŻENIE:  ",
           "duration: %s ms": "czas trwania: %s ms",
           "duration: %s ms  statement: %s": "czas trwania: %s ms  wyrażenie: %s"},
    "pt_BR": {"ERROR": "ERRO", "WARNING": "AVISO", "DETAIL:  ": "DETALHE:  ", "STATEMENT:  ": "COMANDO:  ",
              "duration: %s ms": "duração: %s ms",
              "duration: %s ms  statement: %s": "duração: %s ms  comando: %s",
              "duration: %s ms  %s %s%s%s: %s": "duração: %s ms  %s %s%s%s: %s"},
}
PATTERN = re.compile("|".join(f"(?:{line})" for line in WANTED.strip().splitlines()))


def written(text):
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


def main():
    folder, name = pathlib.Path(sys.argv[1]), sys.argv[2]
    languages = dict(EXTRA)
    for path in sorted(folder.glob(f"*/LC_MESSAGES/{name}")):
        with path.open("rb") as stream:
            catalogue = gettext.GNUTranslations(stream)._catalog
        words = {}
        for english, local in catalogue.items():
            # Plural forms have keys (text, index).
            text = english[0] if isinstance(english, tuple) else english
            if not PATTERN.match(text) or not local:
                continue
            if local != text:
                words[(text, local)] = None
        languages[path.parts[-3]] = words
    for language in sorted(languages):
        words = languages[language]
        pairs = words.items() if language in EXTRA else words.keys()
        for english, local in sorted(pairs):
            print(language, written(english), written(local), sep="\t")


main()
