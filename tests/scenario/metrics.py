#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Asks a broker's /metrics, /healthz and /readyz, and holds the page of metrics against the rules
of the format, by the parser of Prometheus's own client and by what that lets pass.
usage: metrics.py get ADDRESS PATH [METHOD]   body to stdout; exit status: 2 for 2xx, 4, 5 ...
       metrics.py check FILE                  every breach to stderr
       metrics.py value FILE NAME [LABEL=VALUE...]   the sum of the samples that have the labels"""
import http.client
import re
import sys

from prometheus_client.parser import text_string_to_metric_families


def get(address, path, method="GET"):
    connection = http.client.HTTPConnection(address, timeout=60)
    connection.request(method, path)
    response = connection.getresponse()
    sys.stdout.write(response.read().decode())
    of_page = "text/plain; version=0.0.4; charset=utf-8"
    if (path, response.status) == ("/metrics", 200) and \
            response.getheader("Content-Type") != of_page:
        return 1
    return response.status // 100


def check_lines(text, say):
    """Line by line: a family is begun once, by HELP and TYPE, and then is whole."""
    begun, family, expected = set(), None, "# HELP "
    if not text.endswith("\n"):
        say("the last line has no end")
    for line in text.split("\n")[:-1]:
        comment = re.fullmatch(r"# (HELP|TYPE) (\S+) (.+)", line)
        if comment and comment[1] == "HELP":
            family = comment[2]
            if family in begun or expected == "# TYPE ":
                say(f"begun twice, or without TYPE: {line}")
            begun.add(family)
            expected = "# TYPE "
        elif comment:
            if comment[2] != family or expected != "# TYPE ":
                say(f"TYPE without its HELP: {line}")
            expected = None
        elif not re.match(rf"{family}(_bucket|_sum|_count)?[ {{]", line):
            say(f"not of the family {family}: {line}")
        elif not re.search(r"[ }] ?\d+(\.\d+)?$", line):
            say(f"no plain number: {line}")


def check_histogram(metric, say):
    buckets = [(float(s.labels["le"]), s.value) for s in metric.samples
               if s.name.endswith("_bucket")]
    count = [s.value for s in metric.samples if s.name.endswith("_count")]
    if buckets != sorted(buckets) or [v for _, v in buckets] != sorted(v for _, v in buckets):
        say(f"{metric.name}: its buckets do not grow")
    if buckets[-1] != (float("inf"), count[0]):
        say(f"{metric.name}: its count is not its last bucket")


def check(path):
    breaches, seen = [], set()
    with open(path, encoding="utf-8") as file:
        text = file.read()
    check_lines(text, breaches.append)
    for metric in text_string_to_metric_families(text):
        if not metric.documentation or metric.type not in ("counter", "gauge", "histogram"):
            breaches.append(f"{metric.name}: no help, or no type")
        if metric.type == "histogram":
            check_histogram(metric, breaches.append)
        for sample in metric.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            if key in seen:
                breaches.append(f"twice: {key}")
            seen.add(key)
            if (metric.type == "counter") != sample.name.endswith("_total"):
                breaches.append(f"{sample.name}: a counter's name ends in _total, no other's does")
            if not re.match(r"(kopgroep|process)_[a-z_]+$", sample.name):
                breaches.append(f"{sample.name}: not a name of ours")
    print("\n".join(breaches), file=sys.stderr)
    return 1 if breaches or not seen else 0


def value(path, name, *labels):
    wanted = dict(label.split("=", 1) for label in labels)
    with open(path, encoding="utf-8") as file:
        families = list(text_string_to_metric_families(file.read()))
    found = [s.value for m in families for s in m.samples
             if s.name == name and wanted.items() <= s.labels.items()]
    if not found:
        return 1
    print(f"{sum(found):.15g}")
    return 0


sys.exit({"get": get, "check": check, "value": value}[sys.argv[1]](*sys.argv[2:]))
