#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Takes uPlot and Pico from npm as package-lock.json pins them (version and digest), into this
# folder. With --check: only says whether these files are what npm has.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp package.json package-lock.json "$work"
npm ci --prefix "$work" --ignore-scripts --no-audit --no-fund --loglevel=error >&2
status=0
take() {
    if [ "$mode" = --check ]; then
        cmp "$work/node_modules/$1" "$2" || status=1
    else
        cp "$work/node_modules/$1" "$2"
    fi
}
mode=${1:-}
take uplot/dist/uPlot.iife.min.js uPlot.iife.min.js
take uplot/dist/uPlot.min.css uPlot.min.css
take uplot/LICENSE LICENSE.uplot
take @picocss/pico/css/pico.classless.min.css pico.classless.min.css
take @picocss/pico/LICENSE.md LICENSE.pico
exit $status
