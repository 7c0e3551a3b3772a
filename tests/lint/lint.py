#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Checks what the README promises of the source: direction of includes, one includer a library,
purity of the pure layers, sizes, licence lines. Prints every breach; exit 1 when there is one."""
import os
import re
import sys

FUNCTION_LINES_MAX, FILE_LINES_MAX, COLUMNS_MAX = 60, 500, 100

# Layer of a file -> layers whose headers it may include.
LAYERS = {
    "proto": {"proto"},
    "broker/grouping": {"proto", "broker/grouping"},
    "broker/domain": {"proto", "broker/grouping", "broker/domain"},
    "broker/journal": {"proto", "broker/journal"},
    "broker/journal/postgres": {"proto", "broker/journal", "broker/journal/postgres"},
    "broker/net": {"proto", "broker/net"},
    "broker/metrics": {"proto", "broker/metrics"},
    "broker/query": {"proto", "broker/grouping", "broker/domain", "broker/query"},
    "broker/export": {"proto", "broker/grouping", "broker/domain", "broker/export"},
    "broker": {"proto", "broker/grouping", "broker/domain", "broker/journal", "broker/net",
               "broker/metrics", "broker/query", "broker/export", "broker"},
    "client/workbook": {"proto", "client/workbook"},
    "client/language": {"proto", "client/language"},
    "client": {"proto", "client", "client/language", "client/workbook"},
    "client/notice": {"proto", "client/language", "client/notice"},
    "client/web": {"proto", "client", "client/language", "client/web"},
    "client/cli": {"proto", "client", "client/language", "client/notice", "client/web",
                   "client/workbook", "client/cli"},
}
# Library header -> pattern of the files that may include it.
INCLUDERS = {
    "zmq.h": r"(broker/net/sockets|client/transport)\.c",
    "seccomp.h": r"broker/net/sandbox\.c",
    "microhttpd.h": r"(client/web/server|broker/metrics/http)\.c",
    "lmdb.h": r"broker/journal/journal_lmdb\.c",
    "libpq-fe.h": r"broker/journal/postgres/link\.c",
    "openssl/": r"proto/identity\.c",
    "sodium.h": r"proto/identity_signature\.c",
    "kopgroep.pb-c.h": r"proto/codec_pb\.h",
    "confuse.h": r"proto/settings_parse_file\.c",
    "csv.h": r"proto/csv_file\.c",
    "xlsxwriter.h": r"client/workbook/write_(form\.h|tables\.c)",
    "minizip/": r"client/workbook/package\.c",
    "expat.h": r"client/workbook/xml\.c",
    "libxml/": r"client/notice/markup\.c",
}
PURE = {"broker/grouping", "broker/domain"}
IMPURE = re.compile(r"(stdio|time|sys/.*|pthread|unistd|fcntl|zmq|lmdb|jansson|errno|signal)\.h"
                    r"|openssl/.*|stdatomic\.h")
# Their tests are left out of the thread checks: so they make no thread.
SERIAL = PURE | {"broker/query", "broker/export", "client/workbook", "client/notice",
                 "client/language"}


def sources(root):
    for top in ("proto", "broker", "client", "tests"):
        for folder, _, names in os.walk(os.path.join(root, top)):
            for name in sorted(names):
                if name.endswith((".c", ".h", ".def", ".proto", ".sh", ".py", ".awk")):
                    yield os.path.relpath(os.path.join(folder, name), root)


def layer_of(path):
    folder = os.path.dirname(path)
    return folder if folder in LAYERS else None


def check_include(path, header, quoted, say):
    layer = layer_of(path)
    for library, allowed in INCLUDERS.items():
        hit = header.startswith(library) if library.endswith("/") else header == library
        if hit and layer and not re.fullmatch(allowed, path):
            say(f"includes {header}, which is for {allowed}")
    if layer in PURE and not quoted and IMPURE.fullmatch(header):
        say(f"is of a pure layer and includes {header}")
    if layer in SERIAL and header in ("pthread.h", "threads.h"):
        say(f"is of a layer without threads and includes {header}")
    if not (layer and quoted and "/" in header):
        return
    other = os.path.dirname(header)
    if other in LAYERS and other not in LAYERS[layer]:
        say(f"includes {header}: {layer} must not know {other}")


def check_functions(lines, say):
    start = name = None
    for number, line in enumerate(lines, 1):
        if line.startswith("{") and number > 1 and "=" not in lines[number - 2]:
            start, name = number, lines[number - 2].strip()
        elif line.startswith("}") and start:
            if number - start - 1 > FUNCTION_LINES_MAX:
                say(f"{start}: {number - start - 1} lines in one function: {name[:60]}")
            start = None


def check_file(root, path, say):
    with open(os.path.join(root, path), encoding="utf-8") as file:
        lines = file.read().split("\n")
    if "SPDX-License-Identifier: EUPL-1.2" not in "\n".join(lines[:3]):
        say("has no SPDX line")
    for number, line in enumerate(lines, 1):
        if len(line) > COLUMNS_MAX and not path.endswith(".def"):
            say(f"{number}: {len(line)} columns")
    if not path.endswith((".c", ".h")):
        return
    if len(lines) - 1 > FILE_LINES_MAX and not path.startswith("tests/"):
        say(f"{len(lines) - 1} lines: split it along a noun")
    for line in lines:
        match = re.match(r'\s*#\s*include\s+([<"])([^>"]+)[>"]', line)
        if match:
            check_include(path, match.group(2), match.group(1) == '"', say)
    if not path.startswith("tests/"):
        check_functions(lines, say)


def main():
    root, breaches = sys.argv[1], []
    count = 0
    for path in sources(root):
        count += 1
        check_file(root, path, lambda text, path=path: breaches.append(f"{path}: {text}"))
    print("\n".join(breaches))
    print(f"{count} files, {len(breaches)} breaches")
    return 1 if breaches or count == 0 else 0


sys.exit(main())
