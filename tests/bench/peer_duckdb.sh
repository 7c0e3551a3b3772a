# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash
# DuckDB, by its package for node: in build/, so that nothing of the machine's own is touched.

duckdb_version=1.5.6-r.1
duckdb_folder=$kg_root/build/bench-duckdb

duckdb_install() {
    command -v node >/dev/null && command -v npm >/dev/null || kg_install nodejs npm || return
    [ "$(cat "$duckdb_folder/installed" 2>/dev/null)" = "$duckdb_version" ] && return
    say "Installing @duckdb/node-api $duckdb_version"
    mkdir -p "$duckdb_folder"
    echo '{"private": true}' >"$duckdb_folder/package.json"
    (cd "$duckdb_folder" && npm install --no-audit --no-fund --silent --ignore-scripts \
        "@duckdb/node-api@$duckdb_version" >&2) || return
    echo "$duckdb_version" >"$duckdb_folder/installed"
}

# duckdb load FILE LINES.csv | ask FILE REPEATS
duckdb() {
    DUCKDB_MODULES=$duckdb_folder node "$kg_bench/peer_duckdb.mjs" "$@" ||
        die "DuckDB failed: $1"
}
