#!/bin/sh
# SPDX-License-Identifier: EUPL-1.2
# build.sh KOPGROEP SCDOC OUT: the manual of kopgroep, its commands from the program itself.
set -eu
here=$(dirname "$0")
{ cat "$here/kopgroep.head.scd"; "$1" completion scdoc; cat "$here/kopgroep.tail.scd"; } >"$3.scd"
"$2" <"$3.scd" >"$3.new"
mv "$3.new" "$3"
rm "$3.scd"
