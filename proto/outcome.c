/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/outcome.h"

#include <stdlib.h>

static const char *const reason_names[KG_REASONS] = {
    [KG_REASON_WITHDRAWN] = "WITHDRAWN",
    [KG_REASON_NOT_IN_SCOPE] = "NOT_IN_SCOPE",
    [KG_REASON_PROCEDURE_DATE] = "PROCEDURE_DATE",
    [KG_REASON_AREA] = "AREA",
    [KG_REASON_ALONE] = "ALONE",
    [KG_REASON_CONDITION] = "CONDITION",
    [KG_REASON_LANGUAGE] = "LANGUAGE",
    [KG_REASON_CRITERION] = "CRITERION",
    [KG_REASON_WINDOW] = "WINDOW",
    [KG_REASON_BELOW_MIN_BODIES] = "BELOW_MIN_BODIES",
    [KG_REASON_BELOW_MIN_QUANTITY] = "BELOW_MIN_QUANTITY",
    [KG_REASON_BELOW_MIN_VALUE] = "BELOW_MIN_VALUE",
    [KG_REASON_ABOVE_CAP] = "ABOVE_CAP",
    [KG_REASON_BEATEN] = "BEATEN",
    [KG_REASON_DECLINED] = "DECLINED",
    [KG_REASON_LOT_FAILED] = "LOT_FAILED",
};

const char *kg_reason_name(kg_reason reason)
{
    return reason_names[reason];
}

void kg_outcome_destroy(kg_outcome **outcome)
{
    kg_outcome *o = *outcome;
    if (!o)
        return;
    free(o->lots);
    free(o->members);
    free(o->unplaced);
    free(o->curve);
    free(o);
    *outcome = NULL;
}
