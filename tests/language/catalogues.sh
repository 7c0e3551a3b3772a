#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# catalogues.sh SOURCE OUT: every text that users read is marked, and translated in every catalogue,
# from the sources as they are: none is missing, fuzzy, of an earlier wording, or has other facts.
set -u -o pipefail
source=$1 out=$2 wrong=0
mkdir -p "$out"
messages=$source/client/language/messages.sh

breach() {
    echo "$*"
    wrong=1
}

"$messages" "$source" "$out" || exit 1
count=$(grep -c '^msgid ' "$out/kopgroep.pot")
[ "$count" -gt 900 ] || breach "only $count texts were found"
for language in nl fr de; do
    po=$source/client/language/po/$language.po
    msgfmt --check --output-file=/dev/null "$po" || breach "$po: not well made"
    msgcmp "$po" "$out/kopgroep.pot" || breach "$po: run cmake --build BUILD --target messages"
    ! grep -q '^#, .*fuzzy' "$po" || breach "$po: has fuzzy texts"
    ! grep -q '^#~' "$po" || breach "$po: has texts that the sources no longer have"
    python3 "$source/tests/language/alike.py" "$po" || wrong=1
done
python3 "$source/tests/language/marked.py" "$source" "$out/kopgroep.pot" || wrong=1

# The checks themselves: a text taken away, made fuzzy or given other facts must be found.
po=$source/client/language/po/nl.po
sed '0,/^msgid "Nothing to show."/s//msgid "Nothing at all to show."/' "$po" >"$out/gone.po"
! msgcmp "$out/gone.po" "$out/kopgroep.pot" 2>/dev/null || breach "a missing text was not found"
sed 's/^msgstr "%s is open."/msgstr "%d is open."/' "$po" >"$out/facts.po"
! cmp -s "$po" "$out/facts.po" || breach "the text for the check of facts is gone"
! msgfmt --check --output-file=/dev/null "$out/facts.po" 2>/dev/null ||
    breach "a text with other facts was not found"
msgattrib --set-fuzzy "$po" >"$out/fuzzy.po"
! msgcmp "$out/fuzzy.po" "$out/kopgroep.pot" 2>/dev/null || breach "a fuzzy text was not found"
echo "$count texts in three languages"
exit "$wrong"
