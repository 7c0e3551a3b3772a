#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# The client speaks the user's language on a machine that has no locale for it; what programs read,
# and every exit status, stay the same.
. "$(dirname "$0")/common.sh"

found
start
enrol S-1
unset LC_ALL LANGUAGE
export LANG=C.UTF-8

# in LANGUAGE COMMAND...: as a user of that language.
in_language() {
    local language=$1
    shift
    env LANG="$language" "$@"
}

heading "Help, headings, reasons and statuses"
expect 0 in_language nl_BE.UTF-8 "$KOPGROEP" --help
prints "Gebruik: kopgroep COMMANDO [OPTIE...]"
prints "Een ronde openen (coördinatoren)"
expect 0 in_language de_BE.UTF-8 "$KOPGROEP" explain --code LINE_CLAIMED
prints "Eine laufende Runde hat diese Zeile übernommen"

expect 0 in_language fr_BE.UTF-8 "$KOPGROEP" volume --help
! grep -qE '^ +$' "$work/out" || fail "the help has a line of blanks"

heading "Wrong usage is said in the language, with the same status"
expect 2 in_language de "$KOPGROEP" lot list --outpt json
says "Meinten Sie '--output'?"
expect 2 in_language nl "$KOPGROEP" lot award
says "LOT ontbreekt"
expect 2 in_language nl "$KOPGROEP" lins
says "Bedoelde u 'lines'?"

heading "What the broker says, too"
export KOPGROEP_IDENTITY=$keys/S-1.key
plan "$work/one.csv" L-1
expect 0 in_language nl_BE "$KOPGROEP" submit "$work/one.csv"
says "1 nieuw, 0 gewijzigd, 0 ongewijzigd."
prints "Ontvangstbewijs"
expect 1 in_language fr_BE "$KOPGROEP" withdraw L-9
says "Vous n'avez pas de ligne de cette référence. [UNKNOWN_LINE]"
says "Problèmes : 1, dans 1 ligne(s) ; rien n'a été retiré."
sed 's/,10,/,ten,/' "$work/one.csv" >"$work/wrong.csv"
expect 4 in_language de "$KOPGROEP" submit "$work/wrong.csv"
says "ist eine ganze Zahl von 1 bis"
sed -E "s,[0-9]{4}-[0-9]{2}-[0-9]{2},31/01/2027," "$work/one.csv" >"$work/wrong.csv"
expect 4 in_language nl "$KOPGROEP" submit "$work/wrong.csv"
says "Geef in een rekenblad de kolom de notatie"
expect 1 in_language nl "$KOPGROEP" volume
says "Deze weergave is voor de rol coordinator of reader. [ROLE]"
expect 0 in_language nl_BE.UTF-8 "$KOPGROEP" lines
prints "verbintenis"
prints "vrij"
expect 0 in_language fr_BE.UTF-8 "$KOPGROEP" watch --once
prints "plan pris"
prints "1 nouvelles, 0 modifiées"

heading "LANGUAGE comes first, English is the source"
expect 0 env LANGUAGE=de:nl LANG=fr_BE "$KOPGROEP" explain --code OK
prints "Getan."

heading "What programs read does not change"
# alike LANGUAGE ARGUMENT...: the same bytes as in English.
alike() {
    local language=$1
    shift
    expect 0 "$KOPGROEP" "$@"
    cp "$work/out" "$work/english"
    expect 0 in_language "$language" "$KOPGROEP" "$@"
    cmp -s "$work/out" "$work/english" || fail "$* in $language"
}
alike nl_BE.UTF-8 lines --output json
alike fr_BE.UTF-8 watch --once --output csv
alike fr_BE.UTF-8 explain --code all --output json
alike de_BE.UTF-8 completion scdoc
stop
