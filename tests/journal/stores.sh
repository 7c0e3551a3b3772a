#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# stores.sh KOPGROEPD KOPGROEP_SOURCE: journals that earlier versions wrote, kept in stores/FORMAT
# as streams: each is received, killed on the way and received again, has the history and the state
# that it had, and is sent on byte by byte. Format 1, a folder as its version left it, is refused by
# name and stays as it is. Exit status 0: all of them.
set -euo pipefail
kopgroepd=$1 stores=$2/tests/journal/stores
work=$(mktemp -d "${TMPDIR:-/tmp}/kopgroep-stores.XXXXXX")
receiver=

clean_up() {
    local status=$?
    trap - EXIT
    [ -z "$receiver" ] || kill -KILL "$receiver" 2>/dev/null || true
    rm -rf "$work"
    exit "$status"
}
trap clean_up EXIT

fail() {
    echo "FAILED: $*" >&2
    [ ! -s "$work/err" ] || cat "$work/err" >&2
    exit 1
}

journal() {
    "$kopgroepd" journal "$@" 2>"$work/err"
}

records_of() {
    journal head "$1" | sed -n 's/^records //p'
}

has_some() {
    [ -d "$1" ] && [ "$(records_of "$1" 2>/dev/null || echo 0)" -gt "$2" ]
}

wait_for() {
    local what=$1 deadline=$((SECONDS + 60))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || fail "waited for $what in vain"
        read -r -t 0.05 <> <(:) || true
    done
}

# kill_after BYTES MORE-THAN: receives so much of the stream, until the copy has more records than
# that, and is killed.
kill_after() {
    rm -f "$work/line"
    mkfifo "$work/line"
    "$kopgroepd" journal receive "$work/copy" <"$work/line" >"$work/received" 2>"$work/err" &
    receiver=$!
    exec 4>"$work/line" # stays open: the stream has not ended
    head -c "$1" "$work/stream" >&4
    wait_for "more than $2 records" has_some "$work/copy" "$2"
    kill -KILL "$receiver" || fail "it had ended"
    wait "$receiver" 2>/dev/null || true
    receiver=
    exec 4>&-
}

# try STORE: FORMAT/NAME.gz beside FORMAT/NAME.expected, what `journal verify` says of it.
try() {
    local name=${1#"$stores/"} bytes
    gzip -dc "$1" >"$work/stream"
    bytes=$(stat -c %s "$work/stream")
    rm -rf "$work/copy"
    # The first record, a catalogue, is most of it.
    kill_after $((bytes * 19 / 20)) 0
    kill_after $((bytes - 1)) "$(records_of "$work/copy")"
    journal receive "$work/copy" <"$work/stream" >"$work/received" || fail "$name: not received"
    journal verify "$work/copy" >"$work/verified" || fail "$name: not verified"
    diff "${1%.gz}.expected" "$work/verified" >&2 || fail "$name: another history or state"
    journal follow --once "$work/copy" >"$work/again" || fail "$name: not sent on"
    cmp "$work/stream" "$work/again" >&2 || fail "$name: other bytes"
    journal dump "$work/copy" >"$work/dumped" || fail "$name: not dumped"
    grep -o '"event":{"kind":"[a-z-]*"' "$work/dumped" | cut -d'"' -f6 >>"$work/kinds" ||
        fail "$name: not dumped"
    echo "$name: $(head -n 1 "$work/verified")"
}

# refuse FOLDER: data.mdb.gz and journal.head, of another format, the folder's name.
refuse() {
    local format=${1##*/} verb
    rm -rf "$work/old" "$work/copy"
    mkdir "$work/old"
    gzip -dc "$1/data.mdb.gz" >"$work/old/data.mdb"
    cp "$1/journal.head" "$work/old"
    for verb in verify dump head follow backup; do
        local arguments=("$verb" "$work/old")
        [ "$verb" != backup ] || arguments+=("$work/copy")
        [ "$verb" != follow ] || arguments+=(--once)
        ! journal "${arguments[@]}" >"$work/out" || fail "$verb took format $format"
        grep -q "has format $format, this version reads format" "$work/err" ||
            fail "$verb does not say why"
    done
    gzip -dc "$1/data.mdb.gz" | cmp - "$work/old/data.mdb" >&2 || fail "it was changed"
    echo "$format: refused"
}

tried=0
refuse "$stores/1"
for store in "$stores"/2/*.gz; do
    try "$store"
    tried=$((tried + 1))
done
[ "$tried" -ge 4 ] || fail "only $tried stores"
echo "kinds of record: $(sort -u "$work/kinds" | paste -sd ' ')"
