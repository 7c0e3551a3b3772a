/* SPDX-License-Identifier: EUPL-1.2 */
#include "tests/fault/aftermath.h"

#include <stdlib.h>
#include <unistd.h>

#include "tests/journal/helper_journal.h"

const char *aftermath_look(const char *folder, uint64_t acknowledged, uint64_t sent)
{
    const char *wrong = NULL;
    kg_journal *journal;
    char *data = helper_path(folder, "data.mdb");

    if (access(data, F_OK) != 0 && !kg_journal_create(folder, helper_deployment))
        wrong = kg_journal_error();
    free(data);
    if (wrong)
        return wrong;
    journal = kg_journal_open(folder, NULL);
    if (!journal)
        return kg_journal_error();
    if (kg_journal_head(journal) < acknowledged)
        wrong = "what was acknowledged is lost";
    else if (kg_journal_head(journal) > sent)
        wrong = "it holds more than was sent";
    else if (helper_verify(journal) != (int64_t)kg_journal_head(journal))
        wrong = "it is damaged";
    else if (helper_append(journal, 5, false) != KG_APPEND_OK)
        wrong = "it takes nothing more";
    else if (helper_verify(journal) != (int64_t)kg_journal_head(journal))
        wrong = "it is damaged by going on";
    kg_journal_close(&journal);
    return wrong;
}
