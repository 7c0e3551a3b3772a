#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""Holds a page of metrics against the rules of the format: by the parser of Prometheus's own
client, and by what that lets pass. usage: metrics.py FILE; breaches to stderr, exit status 1"""
import re
import sys

from prometheus_client.parser import text_string_to_metric_families


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


sys.exit(check(sys.argv[1]))
