#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# The page: who may ask, what it is told, what it does; with KOPGROEP_BROWSER also in Chromium, in
# four languages, by keyboard, and checked by axe.
. "$(dirname "$0")/common.sh"

if ! "$KOPGROEP" --help | grep -q '^  web '; then
    echo "this build has no page" >&2
    exit 77
fi

# open_page ORGANISATION [OPTION...]: its page in the background; sets $address, $page and $secret.
open_page() {
    rm -f "$work/page.$1" # of an earlier one
    TMPDIR=$work KOPGROEP_IDENTITY=$keys/$1.key "$KOPGROEP" web "${@:2}" \
        >"$work/page.$1" 2>"$work/page.$1.err" &
    others+=("$!")
    wait_for "the page of $1" test -s "$work/page.$1"
    address=$(cat "$work/page.$1")
    page=${address%%/#*}
    secret=${address##*=}
}

# get STATUS PATH [OPTION...]: as the page that was opened by the address.
get() {
    local wanted=$1 path=$2
    shift 2
    same "$(curl -s -H "Authorization: Bearer $secret" -o "$work/out" -D "$work/err" \
        -w '%{http_code}' "$@" "$page$path")" "$wanted" "$path"
}

post() {
    get "$@" -X POST -H "Origin: $page"
}

found
start
enrol HUB coordinator
for id in S-1 S-2 S-3; do
    enrol "$id"
    plan "$work/$id.csv" "L-1 laptop 40 kopgroep intended"
    expect 0 as "$id" submit "$work/$id.csv"
done
round_file main 'quantity_min = 60' >"$work/main.conf"
expect 0 as HUB round open "$work/main.conf"
lot=main/laptop/BE2/1

heading "Who may ask"
open_page S-1
for secret in "" 00000000000000000000000000000000; do
    get 403 /api/lines
    prints "Open the address that kopgroep web printed"
    post 403 /api/confirm
done
secret=${address##*=}
get 200 /
! grep -qi '^Set-Cookie' "$work/err" || fail "a cookie, which every port is told"
grep -qi "^Content-Security-Policy: default-src 'none'" "$work/err" || fail "no policy"
get 403 /api/lines -H "Host: example.org"
get 403 /api/confirm -X POST
get 403 /api/confirm -X POST -H "Origin: http://example.org"
post 405 /api/lines
get 405 /api/confirm
get 404 /api/other
get 404 /page/../route.c --path-as-is
port=$(printf %04X "${page##*:}")
same "$(cat /proc/net/tcp /proc/net/tcp6 |
    awk -v port="$port" '$4 == "0A" && $2 ~ ":" port "$" { print $2 }')" "0100007F:$port" "listens"

heading "What it is told"
for path in /page/app.js /page/uPlot.iife.min.js /page/pico.classless.min.css /texts/fr.json; do
    get 200 "$path"
    [ -s "$work/out" ] || fail "$path is empty"
done
get 200 /api/lines
finds '.[0] | .line == "L-1" and .standing == "free"'
get 200 "/api/round?round=main"
finds '.bodies_min == 3'
get 422 /api/volume
finds '.outcome == "refused" and .code == "ROLE"'
get 422 "/api/lot?lot=none"
get 422 "/api/round?round="
get 400 "/api/lines?language=es"
finds '.outcome == "usage"'
truncate -s 65M "$work/large"
post 413 /api/submit --data-binary "@$work/large"
post 400 /api/confirm
finds '.outcome == "usage"'

heading "Fiches and clauses"
practices=$KOPGROEP_SOURCE/config/demo/buyer-group/practices
expect 0 as S-1 fiche publish "$practices/longer-use.conf" --quiet
expect 0 as HUB clause publish "$practices/spare-parts.conf" --quiet
get 200 "/api/practices?criterion=spare-parts-years"
finds 'map(.key) == ["longer-use", "spare-parts"]'
get 200 "/api/practice?organisation=HUB&practice=spare-parts"
finds '.texts.fr.words | length > 100'
get 422 "/api/practice?organisation=HUB&practice=none"
finds '.code == "UNKNOWN_PRACTICE"'

heading "A plan, checked, refused with all that is wrong, and accepted"
sed 's/L-1/L-2/' "$work/S-1.csv" >"$work/two.csv"
sed -e '2s/BE211/BE999/' -e '2s/,40,/,vele,/' "$work/two.csv" >"$work/bad.csv"
post 422 "/api/submit?language=nl" --data-binary "@$work/bad.csv"
finds '.outcome == "local"'
finds '([.problems[] | select(.row == 2) | .column] | sort) == ["nuts", "quantity"]'
cp "$work/out" "$work/nl.json"
post 422 "/api/submit?language=en" --data-binary "@$work/bad.csv"
! cmp -s "$work/out" "$work/nl.json" || fail "the same in two languages"
post 200 "/api/submit?dry_run=1" --data-binary "@$work/two.csv"
get 200 /api/lines
finds 'length == 1'
post 200 /api/submit --data-binary "@$work/two.csv"
finds '.outcome == "done" and .receipt.sequence > 0'
get 200 /api/lines
finds 'length == 2'
same "$(find "$work" -maxdepth 1 -name 'kopgroep-plan.*' | wc -l)" 0 "plans left"

heading "Confirm and decline"
for step in close propose confirm; do
    expect 0 as HUB round "$step" main
done
get 200 "/api/lot?lot=$lot"
finds '.state == "confirming" and (.own_lines | length) == 2'
post 200 "/api/confirm?lot=$lot"
finds '.receipt.sequence > 0'
post 422 "/api/confirm?lot=$lot"
finds '.code == "ALREADY_ANSWERED"'
open_page S-2
post 200 "/api/decline?lot=$lot&reason=budget%20moved"
expect 0 as HUB lot show "$lot" --output json
finds '[.lines[] | {(.organisation): .answer}] | add |
    . == {"S-1": "confirmed", "S-2": "declined", "S-3": "open"}'

if [ -n "${KOPGROEP_BROWSER:-}" ]; then
    heading "In a browser"
    member=$page mine=$secret
    open_page HUB
    hub=$address
    open_page S-3
    expect 0 node "$KOPGROEP_SOURCE/tests/web/browser.mjs" "$KOPGROEP_BROWSER" "$hub" "$address" \
        "$lot" "$work/bad.csv" "${KOPGROEP_SCREENS:-$work}"
    cat "$work/out"
    page=$member secret=$mine
fi

heading "A second Ctrl-C does not wait for a broker that is silent"
heeds() {
    (((0x$(sed -n 's/^SigCgt:\t//p' "/proc/$1/status") >> 1) & 1))
}
ignores() {
    ! heeds "$1"
}
# The request was sent, and the page has read it.
is_asked() {
    grep -q '^> GET' "$work/asked" && awk -v port=":$port" '$4 == "01" && index($2, port) {
        split($5, queued, ":")
        if (queued[2] == "00000000") read = 1
    } END { exit !read }' /proc/net/tcp
}
was=$page before=$secret
open_page S-3
impatient=${others[-1]}
wait_for "a handler" heeds "$impatient"
port=$(printf %04X "${page##*:}")
kill -STOP "$broker_pid"
curl -sv -o /dev/null -H "Authorization: Bearer $secret" "$page/api/lines" --max-time 90 \
    2>"$work/asked" &
asked=$!
wait_for "the question to be with the page" is_asked
kill -INT "$impatient"
wait_for "the first to be heeded" ignores "$impatient"
kill -0 "$impatient" || fail "it left a question without an answer"
kill -INT "$impatient"
status=0
wait "$impatient" || status=$?
same "$status" 130 "exit status after a second Ctrl-C"
unset 'others[-1]'
status=0
wait "$asked" || status=$?
same "$status" 52 "what curl says of no answer"
kill -CONT "$broker_pid"
page=$was secret=$before

heading "It ends when it is told to, and says so when its broker is gone"
open_page S-2 --timeout 2
stop
get 502 /api/lines --max-time 60
finds '.outcome == "not-reached"'
kill "${others[@]}"
for pid in "${others[@]}"; do
    status=0
    wait "$pid" || status=$?
    same "$status" 0 "exit status of a page"
done
others=()
