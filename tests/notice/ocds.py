#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Checks OCDS release packages against the schemas in ocds/ (python3-jsonschema), and that a lot
has one ocid. usage: ocds.py PACKAGE... ; a line a mistake; exit 1 when there is one."""
import json
import os
import sys
from decimal import Decimal

import jsonschema

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "ocds")
with open(os.path.join(here, "release-schema-with-extensions.json"), encoding="utf-8") as file:
    RELEASE = json.load(file)
with open(os.path.join(here, "release-package-schema.json"), encoding="utf-8") as file:
    PACKAGE = json.load(file)
PACKAGE["properties"]["releases"]["items"] = {"type": "object"}


def errors_of(schema, document):
    checker = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())
    for error in checker.iter_errors(document):
        yield f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"


def check(path, ocids):
    with open(path, encoding="utf-8") as package_file:
        text = package_file.read()
    package, exact = json.loads(text), json.loads(text, parse_float=Decimal)
    yield from errors_of(PACKAGE, package)
    for release, money in zip(package["releases"], exact["releases"]):
        yield from errors_of(RELEASE, release)
        lot = release["tender"]["lots"][0]["id"]
        if ocids.setdefault((os.path.dirname(path), lot), release["ocid"]) != release["ocid"]:
            yield f"{lot}: two ocids"
        if money["tender"]["value"]["amount"].as_tuple().exponent != -2:
            yield f"{lot}: the amount is not in cents"


def main():
    mistakes, ocids = 0, {}
    for path in sys.argv[1:]:
        for error in check(path, ocids):
            print(f"{path}: {error}")
            mistakes += 1
    print(f"{len(sys.argv) - 1} packages, {mistakes} mistakes")
    return 1 if mistakes else 0


sys.exit(main())
