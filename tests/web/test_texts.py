#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The page's texts: the same keys and the same {names} in every language, every key that a module
asks for, none that none asks for, and nothing that is left in English."""
import json
import os
import re
import sys

LANGUAGES = ("nl", "fr", "de", "en")
# Keys that are put together.
KINDS = ("by", "state", "standing", "reason", "condition", "kind", "type")
ALIKE = {"upload.file", "problem.code", "by.cpv"}  # the same word in every language


def main(root):
    web, wrong = os.path.join(root, "client/web"), []
    texts = {}
    for language in LANGUAGES:
        with open(os.path.join(web, "texts", language + ".json"), encoding="utf-8") as file:
            texts[language] = json.load(file)
    asked = set()
    for name in sorted(os.listdir(os.path.join(web, "page"))):
        if name.endswith(".js"):
            with open(os.path.join(web, "page", name), encoding="utf-8") as file:
                source = file.read()
            asked |= set(re.findall(r'\bt\("([^"]+)"', source))
            asked |= set(re.findall(r'text: "([^"]+)"', source))
    english = texts["en"]
    for key in sorted(asked - set(english)):
        wrong.append(f"{key} is asked for and is not there")
    for key in sorted(set(english) - asked):
        if key.split(".")[0] not in KINDS:
            wrong.append(f"{key} is there and is not asked for")
    for language in LANGUAGES[:-1]:
        own = texts[language]
        for key in sorted(set(own) ^ set(english)):
            wrong.append(f"{key}: only in one of {language} and en")
        for key in sorted(set(own) & set(english)):
            names = [sorted(re.findall(r"\{\w+\}", text[key])) for text in (own, english)]
            if names[0] != names[1]:
                wrong.append(f"{key}: {language} has {names[0]}, en {names[1]}")
    for key in sorted(english):
        if key not in ALIKE and len({texts[language].get(key) for language in LANGUAGES}) == 1:
            wrong.append(f"{key}: the same in every language")
    with open(os.path.join(root, "client/cli/reasons.c"), encoding="utf-8") as file:
        reasons = set(re.findall(r'\{"([A-Z_]+)",', file.read()))
    for reason in sorted(reasons):
        if "reason." + reason not in english:
            wrong.append(f"reason.{reason} is not there")
    if not reasons or len(asked) < 50:
        wrong.append("the sources were not understood")
    print("\n".join(wrong) or f"{len(english)} texts in {len(LANGUAGES)} languages")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
