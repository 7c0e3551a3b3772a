# SPDX-License-Identifier: EUPL-1.2
# shellcheck shell=bash
# A thousand members hear of a proposal and of its confirmation, and have pulled them.

rows=$("$bin/bench_feeds" "$kopgroepd" "$work" 1000 "$rounds")
while read -r event with told pulled; do
    case $event/$with in
    propose/alone | confirm/alone) figure "feeds-1000-$event" kopgroep "$pulled" ;;
    propose/stalled | confirm/stalled) figure "feeds-1000-$event-stalled" kopgroep "$pulled" ;;
    memory/*)
        figure feeds-memory kopgroep "$with"
        figure feeds-memory-stalled kopgroep "$told"
        ;;
    esac
done <<<"$rows"
