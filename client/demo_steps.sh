# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash disable=SC2154
# Sourced by client/demo.sh: small steps of the demo.

heading() {
    printf '\n== %s ==\n' "$*"
}

# A path as the reader knows it.
shown() {
    local text=${1//$work\//}
    echo "${text//$PWD\//}"
}

say() {
    printf '$ %s\n' "$*"
}

note() {
    printf '# %s\n' "$*"
}

# run COMMAND...: prints it, runs it.
run() {
    say "$(shown "$*")"
    "$@"
}

# kopgroep_as ORGANISATION ARGUMENT...: prints and runs kopgroep with that identity.
kopgroep_as() {
    local organisation=$1
    shift
    say "[$organisation] kopgroep $(shown "$*")"
    KOPGROEP_IDENTITY=$keys/$organisation.key kopgroep "$@"
}

# The same without a word: for what only the script reads.
silently_as() {
    local organisation=$1
    shift
    KOPGROEP_IDENTITY=$keys/$organisation.key kopgroep "$@"
}

# wait_for_log FILE TEXT: until the text stands in the file, at most 20 s.
wait_for_log() {
    local deadline=$((SECONDS + 20))
    until grep -q "$2" "$1"; do
        kill -0 "$broker_pid" 2>/dev/null || { cat "$1" >&2; return 1; }
        [ "$SECONDS" -lt "$deadline" ] || return 1
        read -r -t 0.05 <> <(:) || true
    done
}

# enrol ORGANISATION FILE ROLES: makes its identity and has the administrator register it.
enrol() {
    say "kopgroep keygen $1 --file keys/$1.key"
    kopgroep keygen "$1" --file "$keys/$1.key" --quiet
    kopgroep_as administrator register "$2" --id "$1" --key "$keys/$1.key.pub" --roles "$3" --quiet
}

# fill FILE: its text with @D+N@ as dates.
fill() {
    local text days
    text=$(cat "$1"; echo x)
    for days in $(grep -o '@D+[0-9]*@' "$1" | sort -u | tr -dc '0-9\n'); do
        text=${text//@D+$days@/$(date -u -d "+$days days" +%F)}
    done
    printf '%s' "${text%x}"
}

# names FILE: the ids of an organisations file.
names() {
    sed -n 's/^organisation "\([^"]*\)".*/\1/p' "$1"
}

# answers ORGANISATION ROUND: confirms every lot of its own that waits for an answer, unless it is
# named in the list of declines "ORGANISATION LOT" lines.
answers() {
    local organisation=$1 round=$2 lot
    for lot in $(silently_as "$organisation" lot list "$round" --output json |
        jq -r '.[] | select(.state == "confirming") | .lot'); do
        if grep -qxF "$organisation $lot" <<<"$declines"; then
            kopgroep_as "$organisation" lot decline "$lot" --reason "budget moved" --quiet
        elif [ "$(silently_as "$organisation" lines --output json | jq -r --arg lot "$lot" \
            '[.[] | select(.lot == $lot and .commitment != "binding")] | length')" -gt 0 ]; then
            kopgroep_as "$organisation" lot confirm "$lot" --quiet
        fi
    done
}

# keep ROUND: the round's files in $out.
keep() {
    silently_as EX-HUB export "$1" --proposed >"$out/$1.proposed.json"
    silently_as EX-HUB export "$1" >"$out/$1.lots.json"
    silently_as EX-HUB export "$1" --format ocds >"$out/$1.ocds.json"
    silently_as EX-HUB volume --round "$1" --by category,nuts,month,track --output csv \
        >"$out/$1.volume.csv"
}

# keep_feed ORGANISATION
keep_feed() {
    silently_as "$1" watch --once --output json | jq -c '.[]' >"$out/feeds/$1.jsonl"
}
