# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash
# A million lines at once: one plan of one client, all of it or none, as COPY is. PostgreSQL reads
# it from a file on its own disk.

pg_begin
pg_file 1000000
for ((round = 1; round <= rounds; round++)); do
    row=$("$bin/bench_submit" --compare -c 1 -f 16 -l 500 -p 1000000 "$kopgroepd" "$work")
    figure bulk-1M kopgroep "$(named lines/s "$row")"
    milliseconds=$({
        echo 'TRUNCATE demand;'
        printf '%s\n' '\timing on'
        echo "COPY demand FROM '$pg_folder/1000000.csv' CSV;"
    } | pg_script | awk '/^Time:/ { print $2 }')
    figure bulk-1M postgresql "$(awk "BEGIN { print 1e9 / $milliseconds }")"
done
