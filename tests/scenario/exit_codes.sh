#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Every exit status of both programs; help, versions, the forms of output.
. "$(dirname "$0")/common.sh"

heading "Without a broker: usage"
expect 2 "$KOPGROEP"
says "Usage: kopgroep COMMAND"
expect 2 "$KOPGROEP" submitt plan.csv
says "there is no command 'submitt'. Did you mean 'submit'?"
expect 2 "$KOPGROEP" round propos r1
says "Did you mean 'round propose'?"
expect 2 "$KOPGROEP" lot
says "  lot confirm "
! grep -q "  tender launch" "$work/err" || fail "commands of other groups"
expect 0 "$KOPGROEP" lot --help
prints "  lot confirm "
is_silent err
expect 2 "$KOPGROEP" --identity x.key status
says "'--identity' stands before the command"
expect 2 "$KOPGROEP" submit
says "PLAN is missing"
expect 2 "$KOPGROEP" lines --colour
says "--colour"
expect 2 "$KOPGROEP" lines extra
says "'extra' is one too many"
expect 2 "$KOPGROEP" lines --output xml
says "--output is table, json, csv or xlsx, not 'xml'"
for command in "round cancel r1" "lot fail r1/laptop/BE/1"; do
    # shellcheck disable=SC2086
    expect 2 "$KOPGROEP" $command
    says "--reason TEXT is needed"
done
for timeout in 0 x 1.5 -1 100000; do
    expect 2 "$KOPGROEP" lines --timeout="$timeout"
    says "--timeout is a whole number of seconds from 1 to 86400, not '$timeout'"
done
expect 2 env -u KOPGROEP_BROKER "$KOPGROEP" lines
says "--broker FILE is needed (or KOPGROEP_BROKER"
expect 2 "$KOPGROEP" lines
says "--identity FILE is needed (or KOPGROEP_IDENTITY"
expect 2 "$KOPGROEPD"
expect 2 "$KOPGROEPD" start
says "there is no command 'start'"
expect 2 "$KOPGROEPD" run
says "-c FILE is needed"
expect 2 "$KOPGROEPD" init "$work/nowhere"
says "--catalogue FILE is needed"
expect 2 "$KOPGROEPD" group --threads 0
expect 2 "$KOPGROEPD" journal sweep "$work"
expect 2 "$KOPGROEPD" check-config
expect 2 "$KOPGROEPD" doctor

heading "Help leads with examples"
begins_with_examples() {
    grep -n '^Examples\?:$' "$work/out" | head -n 1 | grep -q '^[1-3]:' ||
        fail "no examples first: $*"
    is_silent err
}
for program in "$KOPGROEP" "$KOPGROEPD"; do
    expect 0 "$program" --help
    begins_with_examples "$program"
    expect 0 "$program" --version
    grep -qxE 'kopgroepd? [0-9]+\.[0-9]+\.[0-9]+' "$work/out" || fail "no version"
done
"$KOPGROEP" --help | sed -n '/^Commands:/,/^$/s/^  \(.\{15\}\) .*/\1/p' >"$work/commands"
same "$(wc -l <"$work/commands")" 54 "commands listed"
while read -r command; do
    # shellcheck disable=SC2086
    expect 0 "$KOPGROEP" $command --help
    begins_with_examples "$command"
    prints "  kopgroep $command"
    prints "Exit status: 0 done;"
    # shellcheck disable=SC2086
    expect 0 "$KOPGROEP" $command --version
done <"$work/commands"
for command in init run check-config config group journal doctor; do
    expect 0 "$KOPGROEPD" "$command" --help
    prints "  kopgroepd $command"
    prints Example
    # A line that argp breaks is no command that can be copied.
    ! sed -n '/^Examples:/,/^$/p' "$work/out" | grep -qvE '^(Examples:|  .*|)$' ||
        fail "an example is broken in two"
done

heading "Nobody listens: 3"
found --requests "tcp://127.0.0.1:$(free_port)"
expect 3 as administrator status
says "Nobody answers at"

heading "Done: 0; refused: 1; a bad file: 4"
start
enrol S-1
plan "$work/plan.csv" "L-1" "L-2 monitor 5"
expect 0 as S-1 submit "$work/plan.csv" --dry-run
says "2 lines are right; nothing was sent."
is_silent out
expect 0 as S-1 submit "$work/plan.csv"
grep -qxE 'Receipt [0-9]+, [0-9T:.-]+Z, [0-9a-f]{16}' "$work/out" || fail "no receipt"
expect 0 as S-1 submit "$work/plan.csv" --output json
finds '.sequence > 3 and (.chain | length == 64) and (.time | endswith("Z"))'
expect 0 as S-1 submit "$work/plan.csv" --output csv
same "$(head -n 1 "$work/out")" $'sequence,time,chain\r'
expect 0 as S-1 submit "$work/plan.csv" --quiet
is_silent out
is_silent err
expect 1 as S-1 withdraw L-9
says "[UNKNOWN_LINE]"
is_silent out
expect 1 as S-1 explain L-9
expect 1 as S-1 lot show nothing/laptop/BE2/1
says "[UNKNOWN_LOT]"
expect 4 as S-1 submit "$work/absent.csv"
says "absent.csv"
expect 4 as S-1 lines --identity "$work/absent.key"
expect 4 as S-1 lines --broker "$work/absent.access"
expect 4 as S-1 lines --broker "$work/plan.csv"
says "is not a broker's access file"
expect 4 as administrator register "$work/absent.conf"
expect 4 "$KOPGROEP" keygen S-1 --file "$keys/S-1.key"
status=0
as S-1 lines >/dev/full 2>"$work/err" || status=$?
same "$status" 4 "a full disk behind stdout"

heading "What was closed is not libzmq's to use"
status=0
as S-1 lines >&- 2>"$work/err" || status=$?
same "$status" 4 "nothing behind stdout"
# holds_none PID: its descriptors 0 and 1 are there, and lead nowhere.
holds_none() {
    [ "$(readlink "/proc/$1/fd/0" "/proc/$1/fd/1")" = $'/dev/null\n/dev/null' ]
}
KOPGROEP_IDENTITY=$keys/S-1.key "$KOPGROEP" watch --since 1000 <&- >&- 2>"$work/err" &
others=($!)
wait_for "a client's own" holds_none "${others[0]}"
kill "${others[0]}"
wait "${others[0]}" 2>/dev/null || true
others=()
stop
: >"$broker_log"
"$KOPGROEPD" run -c "$broker/broker.conf" <&- >&- 2>"$broker_log" &
broker_pid=$!
wait_for "the broker" is_serving
holds_none "$broker_pid" || fail "the broker took them"

heading "The forms of output"
expect 0 as S-1 lines --output json
finds 'length == 2 and all(.[]; .standing == "free")'
expect 0 as S-1 lines --output csv
same "$(wc -l <"$work/out")" 3 "rows"
same "$(head -n 1 "$work/out" | cut -d, -f1)" line
same "$(awk -F, '{ print NF }' "$work/out" | sort -u | wc -l)" 1 "widths of the rows"
expect 0 as S-1 lines
prints "L-1"
prints "----"
expect 0 as S-1 status --output json
finds '.organisation == "S-1" and .lines == 2'
expect 0 as S-1 round list --output json
finds '. == []'
expect 0 as S-1 round list
says "Nothing to show."
expect 0 as S-1 watch --once --output json
finds 'type == "array"'
expect 0 as S-1 catalogue
cmp -s "$work/out" "$broker/catalogue.conf" || fail "the catalogue is another"

heading "Outcome unknown: 5, and sent again it is done once"
# The plan comes through a pipe: the client is in, and reads it only when the broker stands still.
expect_unknown() {
    mkfifo "$work/pipe.csv"
    begin S-1 submit "$work/pipe.csv" --timeout 1
    exec 7>"$work/pipe.csv" # opens once the client reads
    kill -STOP "$broker_pid"
    { echo "$plan_header"; plan_line L-3; } >&7
    exec 7>&-
    ends 5
    kill -CONT "$broker_pid"
    says "Sending it again is safe"
}
expect_unknown
has_line() {
    as S-1 lines --output json >"$work/out" &&
        jq -e 'map(.line) == ["L-1","L-2","L-3"]' "$work/out" >/dev/null
}
wait_for "the third line" has_line
plan "$work/plan.csv" "L-3"
expect 0 as S-1 submit "$work/plan.csv"
says "0 new, 0 amended, 1 unchanged."

heading "The broker's own: 1 and 4"
expect 4 "$KOPGROEPD" run -c "$work/absent.conf"
expect 4 "$KOPGROEPD" check-config "$work/absent.conf"
expect 4 "$KOPGROEPD" group --catalogue "$work/absent.conf" r.conf l.csv
expect 4 "$KOPGROEPD" journal dump "$work/absent"
expect 4 "$KOPGROEPD" journal verify "$work/absent"
stop
expect 0 "$KOPGROEPD" journal verify "$broker"
data=$(find "$broker/journal" -name '*.mdb' ! -name 'lock.mdb' | head -n 1)
tr 'L' 'M' <"$data" >"$work/damaged" && cat "$work/damaged" >"$data"
expect 1 "$KOPGROEPD" journal verify "$broker"
