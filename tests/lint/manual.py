#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Every key of a settings file, column of a plan and command of kopgroepd stands in its page; every
statement that PostgreSQL gets stands in its folder's README; tests that are named are there."""
import os
import re
import sys

KEY = re.compile(r'\{"([a-z_]+)", (?:true|false)\}')
PAGES = [
    ("broker/man/kopgroep-broker.conf.5.scd", KEY, ["broker/config.c"]),
    ("proto/man/kopgroep-round.5.scd", KEY, ["proto/round_file.c"]),
    ("proto/man/kopgroep-organisation.5.scd", KEY, ["proto/organisation_file.c"]),
    ("proto/man/kopgroep-catalogue.5.scd", KEY,
     ["proto/catalogue_parts_file.c", "proto/catalogue_life_cycle_file.c"]),
    ("proto/man/kopgroep-offers.5.scd", KEY, ["proto/offer_file.c"]),
    ("proto/man/kopgroep-practice.5.scd", KEY, ["proto/practice_file.c"]),
    ("proto/man/kopgroep-plan.5.scd", re.compile(r'\[KG_COLUMN_[A-Z_]+\] = (?:\{)?"([a-z_]+)"'),
     ["proto/plan_line.c"]),
    ("broker/man/kopgroepd.8.scd", re.compile(r'\{"([a-z-]+)", kg_cmd_'), ["broker/commands.c"]),
    ("broker/man/kopgroepd.8.scd",
     re.compile(r'\{"([a-z]+)", [a-z_]+, "[A-Z ]+", (?:true|false)\}'), ["broker/cmd_journal.c"]),
]


def read(root, path):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        return file.read()


def unnamed_statements(root):
    """Statements that the README names neither wholly nor by their beginning (`MAKE_...`)."""
    folder = "broker/journal/postgres"
    names = re.findall(r"#define KG_SQL_([A-Z_]+)", read(root, f"{folder}/statements.h"))
    said = re.findall(r"`([A-Z_]+)(\.\.\.)?`", read(root, f"{folder}/README.md"))
    missing = [name for name in names
               if not any(name == word or (more and name.startswith(word)) for word, more in said)]
    for name in missing:
        print(f"{folder}/README.md: lacks {name}")
    return len(missing) if len(names) > 10 else 1


def lost_tests(root):
    """Tests that the list of weaknesses names, and that are not there."""
    page = "tests/fault/pitfalls.md"
    names = set(re.findall(r"`([a-z]+(?:/[a-z_]+)+\.(?:c|sh))`", read(root, page)))
    lost = sorted(name for name in names if not os.path.exists(os.path.join(root, "tests", name)))
    for name in lost:
        print(f"{page}: there is no {name}")
    return len(lost) if len(names) > 20 else 1


def main(root):
    missing = unnamed_statements(root) + lost_tests(root)
    for page, pattern, files in PAGES:
        names = {name for path in files for name in pattern.findall(read(root, path))}
        if len(names) < 5:
            print(f"{page}: only {len(names)} names were found in {files}")
            missing += 1
        named = set(re.findall(r"[*_]([A-Za-z_-]+)[*_]", read(root, page)))
        for name in sorted(names - named):
            print(f"{page}: lacks {name}")
            missing += 1
    print(f"{len(PAGES)} pages, {missing} gaps")
    return 1 if missing else 0


sys.exit(main(sys.argv[1]))
