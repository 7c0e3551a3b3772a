#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# Builds with address and undefined-behaviour checks, with thread checks, and in release mode with
# both compilers; runs every test in the first, and in the second those of code that makes threads.
# KOPGROEP_MEMORY=1: and the memory checks of what is our own.
# The last line is ctest's; the exit status is not 0 when anything failed. Installs what a bare
# Debian 12 or 13 lacks.
set -eu
cd "$(dirname "$0")/.."
. config/setup.sh

# shellcheck disable=SC2086
kg_install $kg_build_packages clang libcmocka-dev libglpk-dev python3 procps jq scdoc \
    systemd bubblewrap libseccomp-dev curl age python3-prometheus-client \
    python3-jsonschema python3-openpyxl ${KOPGROEP_BROWSER:+chromium} \
    ${KOPGROEP_OFFICE:+libreoffice-calc-nogui}
kg_install_postgresql
kg_install_patroni
if [ -n "${KOPGROEP_BROWSER:-}" ]; then
    export KOPGROEP_BROWSER=$PWD/build/browser
    command -v npm >/dev/null || kg_install npm
    mkdir -p "$KOPGROEP_BROWSER"
    cp tests/web/package.json tests/web/package-lock.json "$KOPGROEP_BROWSER"
    npm ci --prefix "$KOPGROEP_BROWSER" --ignore-scripts --no-audit --no-fund --loglevel=error >&2
fi

kg_build asan all -- -DCMAKE_BUILD_TYPE=RelWithDebInfo -DKG_SANITIZER=address,undefined
kg_build tsan all -- -DCMAKE_BUILD_TYPE=RelWithDebInfo -DKG_SANITIZER=thread
kg_build release kopgroepd kopgroep_cli -- -DCMAKE_BUILD_TYPE=Release -DKG_TESTS=OFF
kg_build clang-release kopgroepd kopgroep_cli model_simulate -- -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_C_COMPILER=clang

export TSAN_OPTIONS="suppressions=$PWD/tests/tsan.supp"
jobs=$(($(nproc) + 1)) # many tests wait for programs more than they compute
failed=0
# The whole of the door's sandbox stands only in a build without a sanitizer.
KOPGROEPD=$PWD/build/release/broker/kopgroepd KOPGROEP=$PWD/build/release/client/kopgroep \
    KOPGROEP_SOURCE=$PWD bash tests/scenario/door.sh || failed=1
ctest --test-dir build/tsan --output-on-failure -j "$jobs" || failed=1
ctest --test-dir build/asan --output-on-failure -j "$jobs" || failed=1
if [ -n "${KOPGROEP_MEMORY:-}" ]; then
    kg_build memory memory_tests -- -DCMAKE_BUILD_TYPE=RelWithDebInfo -DKG_SANITIZER=memory \
        -DCMAKE_C_COMPILER=clang
    ctest --test-dir build/memory --output-on-failure -j "$jobs" || failed=1
fi
exit $failed
