#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""What stands in the workbooks of answers, by openpyxl; for sheets.sh."""
import datetime
import json
import sys

import openpyxl


def need(condition, what):
    if not condition:
        raise SystemExit(f"not so: {what}")


def table(sheet):
    """Rows as dictionaries by heading; the headings are frozen and can be filtered."""
    rows = list(sheet.iter_rows(values_only=True))
    need(sheet.freeze_panes == "A2", f"{sheet.title}: headings stay in sight")
    if len(rows) > 1:
        need(sheet.auto_filter.ref, f"{sheet.title}: rows can be filtered")
    need(all(c.data_type != "f" for row in sheet.iter_rows() for c in row), "no formula")
    return [dict(zip(rows[0], row)) for row in rows[1:]]


def fields(sheet):
    return dict(list(row)[:2] for row in sheet.iter_rows(values_only=True) if len(row) > 1)


def lines(book):
    need(book.sheetnames == ["lines"], "the sheet has the command's name")
    rows = table(book.worksheets[0])
    need({row["line"] for row in rows} == {"2027-01-31", "L-2", "=1+1"}, "keys stay as they are")
    by = {row["line"]: row for row in rows}
    need(by["2027-01-31"]["quantity"] == 1234, "a number")
    need(isinstance(by["2027-01-31"]["from"], datetime.datetime), f"a date: {by}")


def rounds(book):
    row, = table(book.worksheets[0])
    need(row["round"] == "main", "the round")
    need(any(isinstance(value, datetime.datetime) for value in row.values()), "a date")


def volume(book):
    rows = table(book.worksheets[0])
    need(sum(row["lines"] for row in rows if row["category"] == "laptop") >= 3, "lines are numbers")
    need(all(isinstance(row["value"], (int, float)) for row in rows), "values are numbers")
    cell = book.worksheets[0].cell(2, [c.value for c in book.worksheets[0][1]].index("value") + 1)
    need(cell.number_format == "[$€-2]\\ #,##0.00", f"money is in EUR: {cell.number_format}")


def lot(book):
    one = fields(book.worksheets[0])
    need(book.worksheets[0].title == "lot show", "the first sheet is the lot")
    need(one["quantity"] and one["lot"] == "main/laptop/BE2/1", "what it is")
    need("Lines" in book.sheetnames, "its lines")
    need(len(table(book["Lines"])) >= 3, "a row a line")
    need(all(len(name) <= 31 for name in book.sheetnames), "names fit")
    need("Demands, and the labels that pr" in book.sheetnames
         or not any(name.startswith("Demands") for name in book.sheetnames), "cut at a character")


def dutch(book):
    need("Lijnen" in book.sheetnames, f"in Dutch: {book.sheetnames}")


def explain(book):
    one = fields(book.worksheets[0])
    need(one["line"] == "L-2", "the line")


def round(book, path):
    with open(path, encoding="utf-8") as file:
        result = json.load(file)
    sheets = ["Lots", "Criteria", "Lines in lots", "Lines left out", "Figures"]
    need(book.sheetnames == sheets, "the sheets")
    lots = table(book["Lots"])
    need([row["lot"] for row in lots] == [lot["lot"] for lot in result["lots"]], "every lot")
    for row, lot in zip(lots, result["lots"]):
        need(f"{row['value']:.2f}" == lot["value"], "its value")
        need(row["from"].date().isoformat() == lot["window"]["from"], "its window")
    asked = {(row["lot"], row["criterion"]): row["level"] for row in table(book["Criteria"])}
    for lot in result["lots"]:
        for criterion, level in lot["criteria"].items():
            need(str(asked[lot["lot"], criterion]) == level, f"{criterion} of {lot['lot']}")
        for criterion in lot["headroom"] or {}:
            need((lot["lot"], criterion) in asked, f"room above {criterion}")
    placed = [(row["lot"], row["organisation"], row["line"])
              for row in table(book["Lines in lots"])]
    need(placed == [(lot["lot"], m["organisation"], m["line"]) for lot in result["lots"]
                    for m in lot["members"]], "every line in a lot")
    left = [(row["organisation"], row["line"], row["reason"])
            for row in table(book["Lines left out"])]
    need(left == [(u["organisation"], u["line"], u["reason"]) for u in result["unplaced"]],
         "every line left out")
    need(fields(book["Figures"])["lines"] == result["score"]["lines"], "the figures")


def one_lot(book):
    rows = table(book.worksheets[0])
    need({row["organisation"] for row in rows} == {"S-1", "S-2", "S-3"}, "a row a member")


def receipt(book):
    row, = table(book.worksheets[0])
    need(row["record"] > 0 and len(row["chain"]) == 64, "the receipt")
    need(isinstance(row["time"], datetime.datetime), "when")


def code(book):
    row, = table(book.worksheets[0])
    need(row["code"] == "LINE_CLAIMED" and row["number"] > 0, "the code")


if __name__ == "__main__":
    globals()[sys.argv[1]](openpyxl.load_workbook(sys.argv[2]), *sys.argv[3:])
