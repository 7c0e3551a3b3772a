# SPDX-License-Identifier: EUPL-1.2
"""The entries of a PO file, each a dictionary of its fields, texts as they are written there."""
import re

FIELD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?) "(.*)"$')


def entries(path):
    out, field = [], None
    with open(path, encoding="utf-8") as file:
        for line in file:
            match = FIELD.match(line.rstrip("\n"))
            if match:
                field, text = match.groups()
                if field == "msgctxt" or field == "msgid" and not (out and "msgid" not in out[-1]):
                    out.append({})
                out[-1][field] = text
            elif line.startswith('"'):
                out[-1][field] += line.rstrip("\n")[1:-1]
    return [entry for entry in out if entry["msgid"]]
