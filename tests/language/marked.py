#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""marked.py SOURCE POT: no sentence stands in the client's sources that xgettext did not find."""
import csv
import os
import re
import sys

from po import entries

TEXT = re.compile(r'(?:"(?:[^"\\\n]|\\.)*"\s*)+')
COMMENT = re.compile(r"/\*.*?\*/", re.S)
WORDS_LEAST = 3
# Made for programs or shells, or in four languages already.
FILES = {"client/cli/cmd_completion.c", "client/notice/phrases.c", "client/workbook/texts.c"}
TEXTS = re.compile(
    r"^  kopgroep "                 # an example
    r"|^%s\\n  kopgroep keygen"     # the examples of all commands
    r"|^submit a plan of |^ask for |^write 4 KiB "  # works of a measurement: they are JSON
    r"|^default-src |^connect-src "  # a policy of the page
    r"|^(?:[a-z]{2} ?)+$"           # languages
    r'|^[a-z]+ \\"%s\\" \{\\n|^organisation \\"BENCH'  # settings files that are written
)


def joined(literals):
    return "".join(re.findall(r'"((?:[^"\\\n]|\\.)*)"', literals))


def sentences(path):
    with open(path, encoding="utf-8") as file:
        source = COMMENT.sub(lambda found: re.sub(r"[^\n]", "", found.group(0)), file.read())
    for found in TEXT.finditer(source):
        text = joined(found.group(0))
        words = re.findall(r"(?<!\S)[A-Z]?[a-z']{2,}(?=[ ,.:;?!])", re.sub(r"\\n", " ", text) + " ")
        if len(words) >= WORDS_LEAST and not TEXTS.search(text):
            yield source.count("\n", 0, found.start()) + 1, text


def unnamed_terms(root, pot):
    """Names of eForms' terms that the catalogues do not have."""
    with open(os.path.join(root, "config/reference/notice-fields.csv"), encoding="utf-8") as file:
        names = {row["label_en"] for row in csv.DictReader(file)}
    return names - {e["msgid"] for e in entries(pot) if e.get("msgctxt") == "term"}


def main(root, pot):
    known = {text for entry in entries(pot) for text in entry.values()}
    files = breaches = 0
    for folder, _, names in sorted(os.walk(os.path.join(root, "client"))):
        for name in sorted(names):
            path = os.path.relpath(os.path.join(folder, name), root)
            if not name.endswith(".c") or path in FILES:
                continue
            files += 1
            for line, text in sentences(os.path.join(root, path)):
                if text not in known:
                    print(f"{path}:{line}: not found by xgettext: {text!r}")
                    breaches += 1
    for name in sorted(unnamed_terms(root, pot)):
        print(f"words.def lacks the term {name!r}")
        breaches += 1
    print(f"{files} files, {breaches} texts unmarked")
    return 1 if breaches or files < 50 else 0


sys.exit(main(*sys.argv[1:]))
