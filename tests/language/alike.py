#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""alike.py PO: what gettext's tools do not look at. A translation begins and ends with the same
blanks and line breaks, keeps every option, setting, column and command that users must type, and
is not the English text itself."""
import re
import sys

from po import entries

TYPED = re.compile(r"--[a-z][a-z-]+|\b[a-z]+_[a-z_]+\b|KOPGROEP_[A-Z_]+|\bkopgroep [a-z-]+ add\b")


def edge(text):
    return (re.match(r"(?:\\n| )*", text).group(0), re.search(r"(?:\\n| )*$", text).group(0))


def check(entry, source, target, say):
    if edge(source) != edge(target) and not source.startswith((";", ",")):
        say(f"other blanks at its edges: {source!r}: {target!r}")
    lost = set(TYPED.findall(source)) - set(TYPED.findall(target))
    if lost:
        say(f"lacks {', '.join(sorted(lost))}: {target!r}")
    many = len(re.findall(r"[a-z]{3,}", source)) > 4 and not TYPED.search(source)
    if many and source == target:
        say(f"is not translated: {source!r}")


def main(path):
    breaches = []
    every = entries(path)
    for entry in every:
        for field, target in entry.items():
            if field.startswith("msgstr"):
                source = entry.get("msgid_plural") if field == "msgstr[1]" else entry["msgid"]
                check(entry, source, target, lambda text: breaches.append(f"{path}: {text}"))
    print("\n".join(breaches) or f"{path}: {len(every)} texts alike")
    return 1 if breaches or not every else 0


sys.exit(main(sys.argv[1]))
