# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash
# Sourced by run.sh: where things are, processes and folders that must not outlive the run, and how
# a figure is written down. Rows find these set: $bin (programs), $work (scratch, on the disk that
# is measured), $quick (1 or empty), $rounds, $seconds (of one timed run).

kg_bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=config/setup.sh
. "$kg_bench/../../config/setup.sh"

bin=$kg_root/build/bench/tests/bench
kopgroepd=$kg_root/build/bench/broker/kopgroepd
kopgroep=$kg_root/build/bench/client/kopgroep
export LC_ALL=C.UTF-8

say() {
    echo "$(date +%T) $*" >&2
}

die() {
    echo "bench: $*" >&2
    exit 1
}

# ---- what is left behind: nothing

work=
started=() # processes of this run
endings=() # commands that end what is not a process of ours

# begin NAME COMMAND...: in the background; its process is $begun, its talk in $work/NAME.log.
begin() {
    local name=$1
    shift
    "$@" >"$work/$name.out" 2>"$work/$name.log" </dev/null &
    begun=$!
    started+=("$begun")
}

# end PID: and waits for it; whatever its status.
end() {
    kill -TERM "$1" 2>/dev/null
    { wait "$1"; } 2>/dev/null || true
}

clean_up() {
    local status=$? item
    trap - EXIT TERM
    set +e
    for item in "${started[@]}"; do
        kill -KILL "$item" 2>/dev/null
    done
    { wait; } 2>/dev/null
    for item in "${endings[@]}"; do
        $item
    done
    [ -z "$work" ] || rm -rf -- "$work"
    exit "$status"
}

# The folder lies on a disk: syncing a file in memory costs nothing and would measure nothing.
make_work() {
    local parent=${KOPGROEP_BENCH_DIR:-/var/tmp} kind
    kind=$(stat -f -c %T "$parent") || die "no folder $parent"
    case $kind in
    tmpfs | ramfs) die "$parent is in memory; set KOPGROEP_BENCH_DIR to a folder on a disk" ;;
    esac
    work=$(mktemp -d "$parent/kopgroep-bench.XXXXXX")
    chmod 711 "$work" # PostgreSQL runs as another user
    trap clean_up EXIT
    trap 'exit 143' TERM
}

# wait_for WHAT COMMAND...: until it succeeds, at most 120 s.
wait_for() {
    local what=$1 deadline=$((SECONDS + 120))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$deadline" ] || die "waited for $what in vain"
        read -r -t 0.02 <> <(:) || true
    done
}

median() {
    sort -g | awk '{ v[NR] = $1 }
        END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# ---- figures

figures= # the row's file, a JSON object a line

# figure WORK SIDE VALUE [VARIANT]: of kopgroep, floor, postgresql or duckdb. The table takes the
# median of a variant's figures, and of the variants (numbers of clients, say) the best.
figure() {
    [[ $3 =~ ^[0-9.]+(e[-+]?[0-9]+)?$ ]] || die "no figure for $1 of $2: '$3'"
    jq -cn --arg work "$1" --arg side "$2" --argjson value "$3" --arg variant "${4:-}" \
        '{$work, $side, $variant, $value}' >>"$figures"
}

# named KEY ROW: the value of "KEY=VALUE" in what a program printed.
named() {
    tr ' ' '\n' <<<"$2" | sed -n "s|^$1=||p"
}

# has PROGRAM: was it built? Parts that are not there are left out of the table, and said.
has() {
    [ -x "$bin/$1" ] || {
        say "  left out: there is no $1"
        return 1
    }
}
