#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Whoever works with several brokers names them; what every code means; completion in a shell.
. "$(dirname "$0")/common.sh"

export XDG_CONFIG_HOME=$work/config
contexts=$XDG_CONFIG_HOME/kopgroep/contexts.conf

found
start
enrol S-1
enrol S-2
access=$KOPGROEP_BROKER
unset KOPGROEP_BROKER

heading "Nothing is said: what is missing is named"
expect 2 "$KOPGROEP" status
says "--broker FILE is needed"
says "kopgroep context add"

heading "The first context is in use at once, and named in what is said"
expect 0 "$KOPGROEP" context add pilot --broker "$access" --identity "$keys/S-1.key"
expect 0 "$KOPGROEP" context add other --broker "$access" --identity "$keys/S-2.key"
expect 0 "$KOPGROEP" context list --output json
finds 'map([.context, .current]) == [["other", ""], ["pilot", "yes"]]'
finds 'map(.identity | startswith("/")) | all'
expect 0 "$KOPGROEP" lines
says "kopgroep: context pilot"
plan "$work/one.csv" L-1
expect 0 "$KOPGROEP" submit "$work/one.csv" --quiet

heading "Of several brokers the next is asked where one is gone"
sed 's|^requests.*|requests = "tcp://127.0.0.1:1"|' "$access" >"$work/gone.access"
expect 0 "$KOPGROEP" context add both --broker "$work/gone.access,$access" \
    --identity "$keys/S-1.key"
expect 0 "$KOPGROEP" lines --context both --output json
finds 'map(.line) == ["L-1"]'
expect 4 "$KOPGROEP" context add both --broker "$access,$work/none" --identity "$keys/S-1.key"
expect 0 "$KOPGROEP" context remove both
is_silent err
expect 0 "$KOPGROEP" lines --context other --output json
finds 'length == 0'
expect 0 env KOPGROEP_CONTEXT=other "$KOPGROEP" lines --output json
finds 'length == 0'
expect 0 "$KOPGROEP" lines --identity "$keys/S-2.key" --output json
finds 'length == 0'
expect 0 env "KOPGROEP_IDENTITY=$keys/S-2.key" "$KOPGROEP" lines --context pilot --output json
finds 'length == 1'
expect 0 "$KOPGROEP" context use other
expect 0 "$KOPGROEP" lines --output json
finds 'length == 0'

heading "One that there is not is an error, whatever else is said"
for command in "lines --context pilto" "lines --context pilto --broker $access" \
    "context use pilto" "context remove pilto"; do
    # shellcheck disable=SC2086
    expect 2 "$KOPGROEP" $command
    says "there is no context 'pilto'. There are: other, pilot."
done
expect 2 env KOPGROEP_CONTEXT=pilto "$KOPGROEP" lines
expect 4 "$KOPGROEP" context add new --broker "$work/none" --identity "$keys/S-1.key"
says "No such file"
expect 2 "$KOPGROEP" context add "a b" --broker "$access" --identity "$keys/S-1.key"
expect 0 "$KOPGROEP" context remove other
[ -e "$keys/S-2.key" ] || fail "the identity is gone"
expect 2 "$KOPGROEP" lines
says "--broker FILE is needed"
echo 'context "x" { broken = "y" }' >>"$contexts"
expect 4 "$KOPGROEP" lines
says "$contexts:"

heading "Every code is told, without a broker"
rm "$contexts"
expect 0 "$KOPGROEP" explain --code line_claimed
prints LINE_CLAIMED
expect 0 "$KOPGROEP" explain --code BEATEN
prints "another choice of lots scored higher"
expect 0 "$KOPGROEP" explain --code all --output json
finds 'length > 100 and all(.meaning | length > 4)'
while read -r name; do
    finds "any(.code == \"$name\")"
done < <(sed -n 's/^KG_STATUS([0-9]*, \([A-Z_0-9]*\),.*/\1/p' "$KOPGROEP_SOURCE/proto/status.def")
expect 2 "$KOPGROEP" explain --code LINE_CLAIMD
says "Did you mean LINE_CLAIMED?"
expect 2 "$KOPGROEP" explain
expect 2 "$KOPGROEP" explain L-1 --code BEATEN

heading "Completion knows every command and option"
"$KOPGROEP" completion bash >"$work/completion"
# complete WORD...: what is offered for the last one.
complete_words() {
    bash -c ". '$work/completion'; COMP_WORDS=(kopgroep \"\$@\"); COMP_CWORD=\$#; _kopgroep
             printf '%s\n' \"\${COMPREPLY[@]}\"" _ "$@" >"$work/out"
}
complete_words sub
same "$(cat "$work/out")" submit
complete_words round c
same "$(sort "$work/out" | tr '\n' ' ')" "cancel close conclude confirm "
complete_words round propose --ident
same "$(cat "$work/out")" --identity
complete_words lines --output j
same "$(cat "$work/out")" json
cd "$work"
complete_words submit on
same "$(cat "$work/out")" one.csv
expect 2 "$KOPGROEP" completion fish

heading "So does the broker's"
"$KOPGROEPD" completion bash >"$work/completion"
# offers WANTED WORD...: what is offered for the last word.
offers() {
    local wanted=$1
    shift
    bash -c ". '$work/completion'; COMP_WORDS=(kopgroepd \"\$@\"); COMP_CWORD=\$#; _kopgroepd
             printf '%s\n' \"\${COMPREPLY[@]}\"" _ "$@" >"$work/out"
    same "$(sort "$work/out" | tr '\n' ' ')" "$wanted " "completion of $*"
}
while read -r name _; do
    offers "$name" "$name"
done < <("$KOPGROEPD" --help | sed -n '/^Commands:/,/^$/s/^  //p')
offers "check-config completion config" c
offers "receive restore" journal re
offers "show" config s
offers "--output" config show --ou
offers "json table" config show --output ""
offers "none" journal migrate --standby n
offers "one.csv" group on
expect 2 "$KOPGROEPD" completion fish
expect 2 "$KOPGROEPD" completion

heading "The manual's part of every command"
expect 0 "$KOPGROEP" completion scdoc # the manual's part of every command
prints '## lot confirm LOT [LINE...]'
stop
