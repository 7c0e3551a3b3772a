#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""second_opinion.py KOPGROEPD [FIRST-SEED COUNT]: groups random files with `kopgroepd group` and
holds the whole result against a second, naive reading of the rules: from the text of the files to
every lot, figure, reason and change. Buckets of up to six lines are also solved by trying all."""
import csv
import datetime
import itertools
import json
import random
import subprocess
import sys
import tempfile

LANGUAGES = ["nl", "fr", "de", "en", "da", "pl"]
SCALES = {"a": ["0", "1", "2", "3"], "b": ["none", "some", "all"], "c": ["0", "5", "9"],
          "d": ["0", "1"]}
CATEGORIES = {"laptop": (["30213100"], 70000, ["a", "b", "c"]),
              "monitor": (["30231300", "30231310"], None, ["b", "d"]),
              "print": (["30100000"], 900, [])}
PROFILES = {"core": {"a": "1", "d": "1"}, "more": {"a": "2", "b": "some", "c": "5"}}
DAY = datetime.timedelta(1)
CHANGES = ["accepts", "delivery", "languages", "condition", "criteria"]


def day(text):
    return datetime.date.fromisoformat(text)


def pick(rng, *weighted):
    return rng.choices([w[0] for w in weighted], [w[1] for w in weighted])[0]


# ---- files ----

def write_catalogue(path):
    with open(path, "w") as out:
        for name, scale in SCALES.items():
            levels = ", ".join(f'"{level}"' for level in scale)
            out.write(f'criterion "{name}" {{ scale = {{{levels}}} type = "technical" }}\n')
        for name, (codes, price, criteria) in CATEGORIES.items():
            out.write(f'category "{name}" {{ cpv = {{{", ".join(codes)}}}\n')
            if price is not None:
                out.write(f'  reference_price = "{price / 100:.2f}"\n')
            out.write(f'  criteria = {{{", ".join(criteria)}}} }}\n')
        for name, levels in PROFILES.items():
            out.write(f'profile "{name}" {{ levels = '
                      f'{{{", ".join(chr(34) + k + "=" + v + chr(34) for k, v in levels.items())}}}'
                      ' }\n')


def make_round(rng):
    categories = pick(rng, ([], 5), (["laptop"], 2), (["laptop", "print"], 1))
    return {"categories": categories,
            "cpv": [] if categories else pick(rng, ([], 3), (["302"], 1), (["30213", "72"], 1)),
            "nuts": pick(rng, (["BE"], 3), (["BE2", "FR"], 1), ([], 2)),
            "nuts_level": rng.randrange(0, 3),
            "delivery_from": "2027-01-10", "delivery_to": "2027-03-10",
            "opens": "2026-01-01", "closes": "2026-02-01", "confirm_by": "2026-03-01",
            "award_by": "2026-12-01", "bodies_min": rng.randrange(0, 4),
            "quantity_min": pick(rng, (0, 3), (15, 1)), "value_min": pick(rng, (0, 3), (9000, 1)),
            "value_max": pick(rng, (0, 2), (25000, 1), (60000, 1)),
            "window_days_min": pick(rng, (1, 1), (10, 1), (25, 1))}


def write_round(path, rules):
    with open(path, "w") as out:
        out.write('round "r" {\n')
        for key, value in rules.items():
            if isinstance(value, list):
                if value:
                    out.write(f'  {key} = {{{", ".join(chr(34) + v + chr(34) for v in value)}}}\n')
            else:
                out.write(f'  {key} = "{value}"\n' if isinstance(value, str)
                          else f"  {key} = {value}\n")
        out.write("}\n")


def make_levels(rng, chance):
    return " ".join(f"{name}={rng.choice(scale)}" for name, scale in SCALES.items()
                    if rng.random() < chance)


def make_row(rng, organisation, number, loose):
    category = pick(rng, ("laptop", 8), ("monitor", 2), ("print", 1), ("", 1))
    row = {"organisation": organisation, "line": f"L{number}", "category": category}
    if not category:
        row["cpv"] = rng.choice(["30213100", "30231310", "72212000", "72000000", "30100000-9"])
    criteria = dict(CATEGORIES)[category][2] if category else []
    start = day("2026-12-20") + DAY * rng.randrange(0, 60)
    row["delivery_from"], row["delivery_to"] = str(start), str(start + DAY * rng.randrange(5, 70))
    row["nuts"] = pick(rng, ("BE211", 8), ("BE212", 2), ("BE2", 1), ("BE", 1), ("FR101", 1))
    row["condition"] = pick(rng, ("", 4), ("new", 2), ("either", 3), ("refurbished", 1))
    row["languages"] = " ".join(rng.sample(LANGUAGES, pick(rng, (0, 2), (1, 3), (2, 3), (3, 2))))
    row["track"] = pick(rng, ("", 3), ("peloton", 2), ("kopgroep", 2))
    row["commitment"] = pick(rng, ("", 2), ("indicative", 1), ("intended", 1), ("binding", 2))
    row["order_by"] = pick(rng, ("", 9), ("2026-11-30", 1), ("2026-12-01", 1))
    row["profile"] = pick(rng, ("", 5), ("core", 1), ("more", 1))
    row["criteria"] = " ".join(p for p in make_levels(rng, loose).split()
                               if p[0] in criteria)
    row["accepts"] = " ".join(p for p in make_levels(rng, loose).split() if p[0] in criteria)
    if rng.random() < 0.75:
        row["quantity"] = str(rng.randrange(1, 12))
        row["quantity_max"] = pick(rng, ("", 2), (str(int(row["quantity"]) + 5), 1))
        row["quantity_min"] = pick(rng, ("", 2), ("1", 1))
        row["unit_price_max"] = pick(rng, ("800.00", 2), ("12.5", 1))
    else:
        row["value"] = str(rng.randrange(100, 9000))
        row["quantity"] = pick(rng, ("", 1), ("7", 1))
        row["quantity_max"] = "9" if row["quantity"] else ""
    return row


# ---- the naive reading ----

class Line:
    def __init__(self, row, rules):
        self.key = (row["organisation"], row["line"])
        self.category, self.cpv = category_of(row)
        self.criteria = CATEGORIES[self.category][2] if self.category in CATEGORIES else []
        self.languages = set((row["languages"] or "nl").split())
        self.conditions = {"either": {"new", "refurbished"}}.get(
            row["condition"], {row["condition"] or "new"})
        self.leads = row["track"] == "kopgroep"
        self.binding = row["commitment"] == "binding"
        self.order_by = day(row["order_by"]) if row["order_by"] else None
        self.nuts = row["nuts"]
        self.start, self.end = day(row["delivery_from"]), day(row["delivery_to"])
        self.meets = (self.start <= day(rules["delivery_to"]) and
                      self.end >= day(rules["delivery_from"]))
        self.start = max(self.start, day(rules["delivery_from"]))
        self.end = min(self.end, day(rules["delivery_to"]))
        required = dict(PROFILES.get(row["profile"], {}))
        required.update(p.split("=") for p in row["criteria"].split())
        accepted = dict(p.split("=") for p in row["accepts"].split())
        self.lo = {c: SCALES[c].index(required.get(c, SCALES[c][0])) for c in self.criteria}
        self.hi = {c: SCALES[c].index(accepted.get(c, SCALES[c][-1])) for c in self.criteria}
        self.amounts(row)

    def amounts(self, row):
        self.quantity = int(row.get("quantity") or 0)
        self.quantity_min = int(row.get("quantity_min") or 0)
        self.quantity_max = int(row.get("quantity_max") or self.quantity)
        if row.get("value"):
            self.value = int(row["value"]) * 100
            self.value_max = (-(-self.value * self.quantity_max // self.quantity)
                              if self.quantity else self.value)
        else:
            price = round(float(row["unit_price_max"]) * 100)
            self.value, self.value_max = self.quantity * price, self.quantity_max * price

    def lawful(self):
        return all(self.lo[c] <= self.hi[c] for c in self.criteria)

    def copy(self, **changes):
        other = Line.__new__(Line)
        other.__dict__.update(self.__dict__, **changes)
        return other


def category_of(row):
    cpv = row.get("cpv", "")[:8]
    if row["category"]:
        return row["category"], cpv or CATEGORIES[row["category"]][0][0]
    best, found = 0, None
    for name, (codes, _, _) in CATEGORIES.items():
        for code in codes:
            prefix = code.rstrip("0")
            if cpv.startswith(prefix) and len(prefix) > best:
                best, found = len(prefix), name
    return found or "cpv:" + cpv[:4], cpv


def before_grouping(line, rules):
    """The reasons that keep a line out before there are buckets."""
    scope = not rules["categories"] or line.category in rules["categories"]
    scope = scope and (not rules["cpv"] or any(line.cpv.startswith(c) for c in rules["cpv"]))
    scope = scope and (not rules["nuts"] or any(line.nuts.startswith(n) for n in rules["nuts"]))
    reasons = [] if scope and line.meets else ["NOT_IN_SCOPE"]
    if line.order_by and line.order_by < day(rules["award_by"]):
        reasons.append("PROCEDURE_DATE")
    if len(line.nuts) - 2 < rules["nuts_level"]:
        reasons.append("AREA")
    return reasons


def vector(lines):
    leaders = [m for m in lines if m.leads] or lines
    return {c: max(m.lo[c] for m in leaders) for c in lines[0].criteria}


def broken(lines, rules):
    """The rules that a set of lines of one bucket breaks, minima apart: reasons, and how many."""
    out, count, x = [], 0, vector(lines)
    if not set.intersection(*(m.conditions for m in lines)):
        out.append("CONDITION")
    if not set.intersection(*(m.languages for m in lines)):
        out.append("LANGUAGE")
    levels = sum(any(not m.lo[c] <= x[c] <= m.hi[c] for m in lines) for c in x)
    if levels:
        out.append("CRITERION")
        count += levels - 1
    days = (min(m.end for m in lines) - max(m.start for m in lines)).days + 1
    if days < rules["window_days_min"]:
        out.append("WINDOW")
    if rules["value_max"] and sum(m.value_max for m in lines) > rules["value_max"] * 100:
        out.append("ABOVE_CAP")
    return out, count + len(out)


def misses(lines, rules):
    out = []
    if len({m.key[0] for m in lines}) < rules["bodies_min"]:
        out.append("BELOW_MIN_BODIES")
    if sum(m.quantity for m in lines) < rules["quantity_min"]:
        out.append("BELOW_MIN_QUANTITY")
    if sum(m.value for m in lines) < rules["value_min"] * 100:
        out.append("BELOW_MIN_VALUE")
    return out


def attempts(line, rules):
    """Every single change of a line: (kind, how far, field, criterion, new value, the line)."""
    for c in line.criteria:
        for rank, level in enumerate(SCALES[c]):
            yield (0, abs(rank - line.hi[c]), "accepts", c, level,
                   line.copy(hi={**line.hi, c: rank}))
            yield (4, abs(rank - line.lo[c]), "criteria", c, level,
                   line.copy(lo={**line.lo, c: rank}))
    at, last = day(rules["delivery_from"]), day(rules["delivery_to"])
    while at <= last:
        if at < line.start:
            yield 1, (line.start - at).days, "delivery_from", None, str(at), line.copy(start=at)
        if at > line.end:
            yield 1, (at - line.end).days, "delivery_to", None, str(at), line.copy(end=at)
        at += DAY
    for language in LANGUAGES:
        languages = line.languages | {language}
        yield (2, 0, "languages", None, " ".join(k for k in LANGUAGES if k in languages),
               line.copy(languages=languages))
    yield 3, 0, "condition", None, "either", line.copy(conditions={"new", "refurbished"})


def cheapest(line, members, rules):
    best = None
    for attempt in attempts(line, rules):
        better = best is None or attempt[:2] < best[:2] or (
            attempt[:2] == best[:2] and attempt[2] < best[2])
        if better and attempt[5].lawful() and not broken(members + [attempt[5]], rules)[1]:
            best = attempt
    return best


def why_not(line, lots, rules):
    """Blocking reasons, nearest lot and change, where the bucket has lots."""
    best = None
    for at, members in enumerate(lots):
        reasons, count = broken(members + [line], rules)
        change = cheapest(line, members, rules) if count else None
        rank = (count, change[:2] if change else (9, 0), at)
        if best is None or rank < best[0]:
            best = rank, reasons or ["BEATEN"], at, change
    return best[1:]


def why_none(line, bucket, rules):
    """Blocking reasons where the bucket has no lot."""
    several = rules["bodies_min"] > 1
    if several and all(m.key[0] == line.key[0] for m in bucket):
        return ["ALONE"]
    left = bucket
    for reason in ("CONDITION", "LANGUAGE", "CRITERION", "WINDOW"):
        left = [m for m in left if reason not in broken([m, line], rules)[0]]
        if several and all(m.key[0] == line.key[0] for m in left):
            return [reason]
    if "WINDOW" in broken([line], rules)[0]:
        return ["WINDOW"]
    if misses(left, rules):
        return misses(left, rules)
    if rules["value_max"] and line.value_max > rules["value_max"] * 100:
        return ["ABOVE_CAP"]
    return ["BEATEN"]


def score(lots):
    placed = list(itertools.chain(*lots))
    return (len({m.key[0] for m in placed if m.binding}), len({m.key[0] for m in placed}),
            sum(sum(m.value for m in lot) * sum(vector(lot).values()) for lot in lots),
            sum(m.value for m in placed), -len(lots))


def partitions(lines):
    if not lines:
        yield []
        return
    for rest in partitions(lines[:-1]):
        yield rest
        yield rest + [[lines[-1]]]
        for at in range(len(rest)):
            yield rest[:at] + [rest[at] + [lines[-1]]] + rest[at + 1:]


def optimum(bucket, rules):
    best = None
    for lots in partitions(bucket):
        if any(broken(lot, rules)[1] or misses(lot, rules) for lot in lots):
            continue
        keys = sorted([m.key for m in lot] for lot in lots)
        rank = tuple(-s for s in score(lots)), keys
        if best is None or rank < best[0]:
            best = rank, keys
    return best[1]


# ---- the result held against it ----

def money(cents):
    return f"{cents // 100}.{cents % 100:02d}"


def expected_lot(name, members, area, rules):
    x = vector(members)
    conditions = set.intersection(*(m.conditions for m in members))
    languages = set.intersection(*(m.languages for m in members))
    room = {c: min(m.hi[c] for m in members) for c in x}
    return {"lot": name, "category": members[0].category,
            "condition": "new" if "new" in conditions else "refurbished", "nuts": area,
            "language": next(k for k in LANGUAGES if k in languages),
            "track": "kopgroep" if any(m.leads for m in members) else "peloton",
            "criteria": {c: SCALES[c][x[c]] for c in sorted(x) if x[c]},
            "steps": sum(x.values()),
            "window": {"from": str(max(m.start for m in members)),
                       "to": str(min(m.end for m in members))},
            "lead": None, "bodies": len({m.key[0] for m in members}),
            "quantity_min": sum(m.quantity_min for m in members),
            "quantity": sum(m.quantity for m in members),
            "quantity_max": sum(m.quantity_max for m in members),
            "value": money(sum(m.value for m in members)),
            "value_max": money(sum(m.value_max for m in members)), "regime": None,
            "headroom": {c: SCALES[c][room[c]] for c in sorted(x) if room[c] > x[c]},
            "members": [{"organisation": m.key[0], "line": m.key[1],
                         "track": "kopgroep" if m.leads else "peloton", "quantity": m.quantity}
                        for m in members]}


def expected_unplaced(line, reasons, lot=None, change=None):
    return {"organisation": line.key[0], "line": line.key[1], "reason": reasons[0],
            "blocking": reasons, "nearest_lot": lot,
            "change": {"field": change[2], "criterion": change[3], "to": change[4]}
            if change else None}


def same(what, got, expected):
    if got != expected:
        raise AssertionError(f"{what}:\n  got      {json.dumps(got)}\n"
                             f"  expected {json.dumps(expected)}")


def check_bucket(name, bucket, got, rules, unplaced):
    """Takes its lots from the front of `got`; adds whom it leaves out to `unplaced`."""
    by_key = {m.key: m for m in bucket}
    lots, names, prefix = [], [], f"r/{name[0]}/{name[1]}/"
    while got and got[0]["lot"].startswith(prefix):
        lot = got.pop(0)
        members = [by_key.pop((m["organisation"], m["line"])) for m in lot["members"]]
        names.append(prefix + str(len(lots) + 1))
        same("a lot", lot, expected_lot(names[-1], members, name[1], rules))
        same("order in it", [m.key for m in members], sorted(m.key for m in members))
        same("its rules", [broken(members, rules)[0], misses(members, rules)], [[], []])
        lots.append(members)
    same("order of lots", lots, sorted(lots, key=lambda lot: lot[0].key))
    if len(bucket) <= 6:
        same(f"optimum of {name}", [[list(m.key) for m in lot] for lot in lots],
             [[list(key) for key in lot] for lot in optimum(bucket, rules)])
    for line in by_key.values():
        if lots:
            reasons, at, change = why_not(line, lots, rules)
            unplaced[line.key] = expected_unplaced(line, reasons, names[at], change)
        else:
            unplaced[line.key] = expected_unplaced(line, why_none(line, bucket, rules))
    return lots


def check(result, rows, rules):
    lines = sorted((Line(row, rules) for row in rows), key=lambda line: line.key)
    unplaced, buckets, lots, got = {}, {}, [], list(result["lots"])
    total = [0, 0, 0, 0, 0]
    for line in lines:
        reasons = before_grouping(line, rules)
        if reasons:
            unplaced[line.key] = expected_unplaced(line, reasons)
        else:
            area = line.nuts[:2 + rules["nuts_level"]]
            buckets.setdefault((line.category, area), []).append(line)
    for name in sorted(buckets):
        of = check_bucket(name, buckets[name], got, rules, unplaced)
        total = [a + b for a, b in zip(total, score(of))]
        lots += of
    same("lots of no bucket", got, [])
    for one, expected in zip(result["unplaced"], [unplaced[key] for key in sorted(unplaced)]):
        same("a line left out", one, expected)
    same("lines left out", len(result["unplaced"]), len(unplaced))
    same("score", result["score"],
         {"lines": len(lines), "placed": sum(map(len, lots)), "binding": total[0],
          "bodies": total[1], "ambition_value": money(total[2]), "value": money(total[3]),
          "lots": len(lots)})
    return [one["reason"] for one in result["unplaced"]], len(lots)


def write_rows(rng, path, rows):
    columns = ["organisation", "line", "category", "cpv", "condition", "quantity", "quantity_min",
               "quantity_max", "unit_price_max", "value", "delivery_from", "delivery_to",
               "order_by", "nuts", "languages", "track", "commitment", "criteria", "accepts",
               "profile"]
    rng.shuffle(columns)
    semicolon = rng.random() < 0.3
    with open(path, "w", newline="") as out:
        table = csv.DictWriter(out, columns, restval="", delimiter=";" if semicolon else ",")
        table.writeheader()
        for row in rng.sample(rows, len(rows)):
            price = row.get("unit_price_max", "")
            table.writerow({**row, "unit_price_max": price.replace(".", ",")}
                           if semicolon else row)


def try_seed(kopgroepd, folder, seed):
    rng = random.Random(seed)
    rules, loose = make_round(rng), rng.choice([0.05, 0.2, 0.4])
    bodies = rng.randrange(1, 7)
    rows = [make_row(rng, f"B-{rng.randrange(bodies)}", number, loose)
            for number in range(rng.randrange(1, 22))]
    rows = [row for row in rows if Line(row, rules).lawful()]
    if not rows:
        return [], 0
    write_round(folder + "/round.conf", rules)
    write_rows(rng, folder + "/lines.csv", rows)
    run = subprocess.run([kopgroepd, "group", "--catalogue", folder + "/catalogue.conf",
                          folder + "/round.conf", folder + "/lines.csv"],
                         capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise AssertionError(f"exit status {run.returncode}: {run.stderr}")
    return check(json.loads(run.stdout), rows, rules)


def main():
    first, count = (int(a) for a in (sys.argv[2:4] or ("1", "300")))
    seen, lots = {}, 0
    with tempfile.TemporaryDirectory() as folder:
        write_catalogue(folder + "/catalogue.conf")
        for seed in range(first, first + count):
            try:
                reasons, made = try_seed(sys.argv[1], folder, seed)
            except AssertionError as wrong:
                sys.exit(f"seed {seed}: {wrong}")
            lots += made
            for reason in reasons:
                seen[reason] = seen.get(reason, 0) + 1
    print(f"{count} files, {lots} lots; left out: {seen}")
    if count >= 300 and (lots < 100 or len(seen) < 12):
        sys.exit("the files were of too few kinds")


if __name__ == "__main__":
    main()
