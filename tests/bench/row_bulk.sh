# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash
# A million lines at once: PostgreSQL reads them from a file on its own disk.

pg_begin
pg_file 1000000
for ((round = 1; round <= rounds; round++)); do
    if has bench_submit; then
        rate=$("$bin/bench_submit" --bulk "$work" 1000000) || die "bench_submit failed"
        figure bulk-1M kopgroep "$(echo "$rate" | awk '{ print $2 }')"
    fi
    milliseconds=$({
        echo 'TRUNCATE demand;'
        echo '\timing on'
        echo "COPY demand FROM '$pg_folder/1000000.csv' CSV;"
    } | pg_script | awk '/^Time:/ { print $2 }')
    figure bulk-1M postgresql "$(awk "BEGIN { print 1e9 / $milliseconds }")"
done
echo 'TRUNCATE demand' | pg_script
