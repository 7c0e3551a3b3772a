/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/practice.h"

#include "proto/text.h"

int kg_practice_parts(const kg_practice *practice)
{
    return practice->clause ? KG_CLAUSE_PARTS : KG_FICHE_PARTS;
}

static int count_texts(const kg_practice_text *text, int parts)
{
    int count = text->title != NULL;
    for (int i = 0; i < parts; i++)
        count += text->parts[i] != NULL;
    return count;
}

bool kg_practice_whole(const kg_practice *practice, char why[static 200])
{
    const int parts = kg_practice_parts(practice);
    int whole = 0;
    why[0] = '\0';
    for (int i = 0; i < KG_NAMES && !why[0]; i++) {
        int count = count_texts(&practice->texts[i], parts);
        if (count > 0 && count <= parts)
            kg_text_format(why, 200, KG_SAY("In %s a part is missing."), kg_name_language(i));
        whole += count > parts;
    }
    if (!why[0] && whole == 0)
        kg_text_format(why, 200, "%s", KG_SAY("It is in no language."));
    if (!why[0] && practice->clause && practice->lot)
        kg_text_format(why, 200, "%s", KG_SAY("A clause tells of no lot."));
    return !why[0];
}
