#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""What a buyer does with a workbook in a spreadsheet program, by openpyxl; for workbook.sh."""
import datetime
import sys
import zipfile

import openpyxl


def names_of(book):
    """Heading by the plan's name, from the hidden sheet."""
    rows = book["kopgroep"].iter_rows(min_row=2, max_col=2, values_only=True)
    return {name: heading for heading, name in rows}


def column_of(sheet, heading, row=1):
    for cell in sheet[row]:
        if cell.value == heading:
            return cell.column
    raise SystemExit(f"no column {heading!r}")


def need(condition, what):
    if not condition:
        raise SystemExit(f"not so: {what}")


def look(path, language):
    """A template: lists and hints, locked headings, a hidden sheet, instructions."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    names = names_of(book)
    need(book["kopgroep"].sheet_state == "hidden", "the names are hidden")
    need([c.value for c in book["kopgroep"][1]] == ["kopgroep-plan", 1, language], "version")
    need(sheet.protection.sheet, "the sheet is protected")
    need(sheet.cell(1, 1).protection.locked, "a heading is locked")
    need(sheet.freeze_panes == "B2", "headings stay in sight")
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    for name, heading in names.items():
        letter = openpyxl.utils.get_column_letter(column_of(sheet, heading))
        rule = rules[f"{letter}2"]
        need(rule.promptTitle and rule.prompt, f"a hint for {name}")
        if name.split(":")[0] in ("category", "cpv", "nuts", "track", "commitment", "criteria",
                                  "accepts"):
            need(rule.type == "list", f"a list for {name}")
    need(any("warranty" in name for name in names), "criteria have columns")
    need(book.worksheets[1].sheet_state == "visible", "instructions")


def fill(path, out, wrong):
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    names = names_of(book)
    today = datetime.date.today()
    lines = [
        {"line": "W-1", "title": "two\nrows", "category": "laptop – Laptops", "quantity": 12,
         "unit_price_max": 812.5, "delivery_from": today + datetime.timedelta(160),
         "delivery_to": today + datetime.timedelta(300), "nuts": "BE211 – Arr. Antwerpen",
         "track": "kopgroep", "commitment": "bindend", "condition": "beide",
         "criteria:warranty-years": "3", "accepts:warranty-years": 5},
        {"line": "W-2", "cpv": 30231300, "quantity": 3,
         "delivery_from": today + datetime.timedelta(160),
         "delivery_to": today + datetime.timedelta(300), "nuts": "BE2"},
    ]
    if wrong:
        lines[0].update({"quantity": "twaalf", "criteria:warranty-years": 4})
        lines[1].update({"nuts": "BE999", "delivery_to": None})
    for row, line in zip((2, 5), lines):
        for name, value in line.items():
            sheet.cell(row, column_of(sheet, names[name])).value = value
    book.save(out)


def marked(path, out):
    """The copy with problems: they stand in the rows, in colour; mends them."""
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    names = names_of(book)
    need(sheet.cell(1, 1).value == "Probleem", "a column for problems")
    need("twaalf" in sheet.cell(2, 1).value and "Aantal" in sheet.cell(2, 1).value, "row 2")
    need("BE999" in sheet.cell(5, 1).value, "row 5")
    need(sheet.cell(3, 1).value is None, "no problem in an empty row")
    mends = {(2, "quantity"): 12, (2, "criteria:warranty-years"): 3, (5, "nuts"): "BE2",
             (5, "delivery_to"): datetime.date.today() + datetime.timedelta(300)}
    for (row, name), value in mends.items():
        cell = sheet.cell(row, column_of(sheet, names[name]))
        need(cell.fill.fgColor.rgb == "FFF8C9C4", f"{name} of row {row} is in colour")
        cell.value = value
    kept = sheet.cell(2, column_of(sheet, names["line"]))
    need(kept.value == "W-1" and kept.fill.fgColor.rgb != "FFF8C9C4", "what is right is not")
    need(sheet.cell(2, column_of(sheet, names["delivery_from"])).is_date, "dates stay dates")
    book.save(out)


def rows(path, out):
    """A million rows that hold nothing, in the place of the plan's sheet."""
    empty = "".join(f'<row r="{i}"/>' for i in range(2, 1_000_001))
    with zipfile.ZipFile(path) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED,
                                                          compresslevel=1) as new:
        for name in book.namelist():
            content = book.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b"</sheetData>", empty.encode() + b"</sheetData>")
            new.writestr(name, content)


def each(action, arguments):
    """All pairs in one process: starting one costs as much as the work."""
    for first, second in zip(arguments[::2], arguments[1::2]):
        action(first, second)


def main(arguments):
    action = {"look": look, "fill": lambda path, out: fill(path, out, False),
              "fill_wrong": lambda path, out: fill(path, out, True),
              "marked": marked, "rows": rows}[arguments[0]]
    each(action, arguments[1:])


main(sys.argv[1:])
