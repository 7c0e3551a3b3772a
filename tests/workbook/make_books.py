#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Writes books/*.xlsx anew: what spreadsheet programs and hostile senders put into workbooks, one
case a file, so small that it can be read here. Run by hand; the files are kept. libreoffice.xlsx is
a French template that was filled in and that LibreOffice 7.4 saved."""
import os
import sys
import zipfile

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
HEADER = ["line", "category", "quantity", "delivery_from", "delivery_to", "nuts"]
STYLES = (f'{XML}<styleSheet {MAIN}><numFmts count="2"><numFmt numFmtId="164" '
          'formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="00000"/></numFmts>'
          '<cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs><cellXfs count="4">'
          '<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/>'
          '</cellXfs></styleSheet>')

# More than a part may have in one piece, and not so regular that it is refused as a bomb.
LONG = "".join(f"{'x' * 600}{i:x} " for i in range(3000))


def relation(number, kind, target):
    return f'<Relationship Id="rId{number}" Type="{DOC}/{kind}" Target="{target}"/>'


def text(reference, value):
    return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'


def row(number, cells):
    return f'<row r="{number}">{"".join(cells)}</row>'


def header(number=1):
    return row(number, [text(f"{chr(65 + i)}{number}", name) for i, name in enumerate(HEADER)])


def line(number, key="A1", quantity='<c r="C{n}"><v>10</v></c>', start=46388, end=46568, style=1):
    n = number
    return row(n, [text(f"A{n}", key), text(f"B{n}", "laptop"), quantity.format(n=n),
                   f'<c r="D{n}" s="{style}"><v>{start}</v></c>',
                   f'<c r="E{n}" s="{style}"><v>{end}</v></c>', text(f"F{n}", "BE211")])


def sheet(rows, before=""):
    return f"{XML}{before}<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>"


def parts(sheet_xml, strings=None, properties="", more=None, sheets=None):
    sheets = sheets or [("Plan", "", sheet_xml)]
    tabs = "".join(f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}"{state}/>'
                   for i, (name, state, _) in enumerate(sheets, 1))
    relations = "".join(relation(i, "worksheet", f"worksheets/sheet{i}.xml")
                        for i in range(1, len(sheets) + 1))
    relations += relation(100, "styles", "styles.xml")
    out = {
        "[Content_Types].xml": f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
                               'content-types"><Default Extension="xml" '
                               'ContentType="application/xml"/></Types>',
        "_rels/.rels": f"{XML}<Relationships {PACKAGE}>"
                       f"{relation(1, 'officeDocument', 'xl/workbook.xml')}</Relationships>",
        "xl/workbook.xml": f'{XML}<workbook {MAIN} xmlns:r="{DOC}"><workbookPr{properties}/>'
                           f"<sheets>{tabs}</sheets></workbook>",
        "xl/styles.xml": STYLES,
    }
    if strings is not None:
        relations += relation(101, "sharedStrings", "sharedStrings.xml")
        out["xl/sharedStrings.xml"] = f"{XML}<sst {MAIN}>{strings}</sst>"
    out["xl/_rels/workbook.xml.rels"] = f"{XML}<Relationships {PACKAGE}>{relations}</Relationships>"
    for i, (_, _, xml) in enumerate(sheets, 1):
        out[f"xl/worksheets/sheet{i}.xml"] = xml
    out.update(more or {})
    return out


def shared_sheet():
    """As Excel writes it: every text shared, one of them rich, one with a guide to reading it."""
    texts = [f"<si><t>{name}</t></si>" for name in HEADER + ["title"]]
    texts += ["<si><r><rPr><b/></rPr><t>lap</t></r><r><t>top</t></r></si>",
              '<si><t xml:space="preserve"> BE211 </t></si>', "<si><t>K_x005F_1</t></si>",
              "<si><t>two_x000D_&#10;lines</t><rPh sb=\"0\" eb=\"1\"><t>guide</t></rPh></si>"]
    head = row(1, [f'<c r="{chr(65 + i)}1" t="s"><v>{i}</v></c>' for i in range(7)])
    body = row(2, ['<c r="A2" t="s"><v>9</v></c>', '<c r="B2" t="s"><v>7</v></c>',
                   '<c r="C2"><f>5+5</f><v>10</v></c>', '<c r="D2" s="2"><v>46388.75</v></c>',
                   '<c r="E2" t="d"><v>2027-06-30T00:00:00</v></c>', '<c r="F2" t="s"><v>8</v></c>',
                   '<c r="G2" t="s"><v>10</v></c>'])
    return parts(sheet(head + body), strings="".join(texts))


def without_references():
    cells = [f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in HEADER]
    body = ('<c t="str"><v>A1</v></c><c t="str"><v>laptop</v></c><c><v>1.0E1</v></c>'
            '<c s="1"><v>46388</v></c><c><v>46568</v></c><c t="str"><v>BE211</v></c>')
    return parts(sheet(f"<row>{''.join(cells)}</row><row>{body}</row>"))


def bad_lines():
    quantity = '<c r="C{n}" t="inlineStr"><is><t>ten</t></is></c>'
    error = '<c r="C{n}" t="e"><v>#N/A</v></c>'
    return parts(sheet(header() + line(2) + line(7, "B1", quantity) + line(9, "C1", error) +
                       line(12, "A1") + line(13, "D1", start=2027, style=0)))


def zeros():
    """What a spreadsheet leaves out of a CPV code, and shows of a number by its form."""
    head = header().replace(">category<", ">cpv<").replace("</row>", text("G1", "value") + "</row>")
    cells = ['<c r="A2" s="3"><v>7</v></c>', '<c r="B2"><v>9310000</v></c>',
             '<c r="C2"><v>1</v></c>', '<c r="D2" s="1"><v>46388</v></c>',
             '<c r="E2" s="1"><v>46568</v></c>', text("F2", "BE211"), '<c r="G2"><v>100.1</v></c>']
    return parts(sheet(head + row(2, cells)))


def nested_cells():
    cells = [text("A2", "A1"), text("B2", "laptop").replace("</c>", '<c r="C2"><v>10</v></c></c>'),
             '<c r="D2" s="1"><v>46388</v></c>', '<c r="E2" s="1"><v>46568</v></c>',
             text("F2", "BE211")]
    return parts(sheet(header() + row(2, cells)))


BOOKS = {
    "shared": shared_sheet(),
    "without_references": without_references(),
    "days_of_1904": parts(sheet(header() + line(2, start=46388 - 1462, end=46568 - 1462)),
                          properties=' date1904="1"'),
    "blank_rows": parts(sheet(row(2, []) + header(3) + row(4, ['<c r="A4" s="1"/>']) + line(9) +
                              row(10, [text("A10", "  ")]) + line(40, "A2"))),
    "zeros": zeros(),
    "bad_lines": bad_lines(),
    "dtd": parts(sheet(header() + line(2), before='<!DOCTYPE worksheet [<!ENTITY a "aaaa"><!ENTITY '
                                                  'b "&a;&a;&a;&a;">]>')),
    "strings_missing": parts(sheet(header() + line(2, quantity='<c r="C{n}" t="s"><v>4</v></c>'))),
    "deep": parts(sheet("<row>" * 100 + "</row>" * 100)),
    "rows_backwards": parts(sheet(header() + line(5) + line(4, "A2"))),
    "zip_bomb": parts(sheet(header() + line(2) + " " * 3_000_000)),
    "no_workbook": {"mimetype": "application/vnd.oasis.opendocument.spreadsheet"},
    "nested_cells": nested_cells(),
    "cell_outside_rows": parts(sheet("<c><v>1</v></c>" + header() + line(2))),
    "long_tag": parts(sheet(header() + line(2), before=f'<!--{LONG}-->')),
    "two_plans": parts("", sheets=[("One", "", sheet(header() + line(2))),
                                   ("Two", "", sheet(header() + line(2)))]),
    "plan_behind": parts("", sheets=[("Notes", "", sheet(row(1, [text("A1", "hello")]))),
                                     ("Old", ' state="hidden"', sheet(header() + line(2, "X"))),
                                     ("Plan", "", sheet(header() + line(2)))]),
    "not_xml": parts("<worksheet><sheetData></worksheet>"),
}


def main():
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "books")
    for name, content in BOOKS.items():
        path = os.path.join(folder, f"{name}.xlsx")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as book:
            for part, xml in content.items():
                book.writestr(zipfile.ZipInfo(part, (2026, 1, 1, 0, 0, 0)), xml,
                              zipfile.ZIP_DEFLATED)
    with open(os.path.join(folder, "shared.xlsx"), "rb") as whole:
        start = whole.read()
    with open(os.path.join(folder, "truncated.xlsx"), "wb") as cut:
        cut.write(start[:len(start) // 2])
    damaged = bytearray(start)
    damaged[start.index(b"xl/sharedStrings.xml") + 60] ^= 0x55
    with open(os.path.join(folder, "damaged.xlsx"), "wb") as other:
        other.write(damaged)
    with open(os.path.join(folder, "encrypted.xlsx"), "wb") as other:
        other.write(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    return 0


sys.exit(main())
