#!/bin/bash
# SPDX-License-Identifier: EUPL-1.2
# messages.sh SOURCE OUT [--update]: the texts that users read into OUT/kopgroep.pot; with --update,
# into the catalogues too. Most texts are known by the function that they are given to.
set -eu -o pipefail
source=$1 out=$2
cd "$source"
keywords=(
    _ N_ KG_SAY kg_said_of:1,2 kg_said_as:1c,2 WORD:1c,2 KG_STATUS:3
    cli_tell cli_print cli_wrong:2 cli_show_part:2 cli_show_table:3
    kg_client_say:3 kg_client_refuse:3 kg_need_add:3 kg_xml_refuse:2 kg_line_refuse:5
    kg_problems_add:6 kg_section_problem:6 kg_refuse:3 kg_apply_result:2 kg_identity_fail
    refuse:2,2t refuse:4,4t refuse_row:2
)
# The client's own, what it shares with the broker, and what the broker says to it. Workbooks have
# their own texts in four languages (texts.def).
mapfile -t files < <(find client proto broker/domain broker/query \
    broker/{answer,catalogue_change,commit,follower,recall,request,result_view}.c \
    \( -name '*.c' -o -name status.def -o -name words.def \) | LC_ALL=C sort)
# Forms without a word need no translation.
printf 'msgid "%s"\n\n' '%s' '%s%s' | sed '/^msgid/a msgstr ""' >"$out/wordless.po"
xgettext --exclude-file="$out/wordless.po" --language=C --from-code=UTF-8 \
    --package-name=Kopgroep --copyright-holder='' \
    --add-comments=Translators --no-location --sort-by-file --width=100 \
    --keyword "${keywords[@]/#/--keyword=}" --output="$out/kopgroep.pot" "${files[@]}"
sed -i '/^"POT-Creation-Date/d' "$out/kopgroep.pot"
[ "${3:-}" = --update ] || exit 0
for language in nl fr de; do
    msgmerge --quiet --update --backup=none --no-fuzzy-matching --no-location --width=100 \
        "client/language/po/$language.po" "$out/kopgroep.pot"
done
