/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/reasons.h"
#include "client/cli/tell.h"

#include <string.h>

static const struct {
    const char *reason, *text;
} texts[] = {
    {"WITHDRAWN", N_("The line was withdrawn.")},
    {"NOT_IN_SCOPE", N_("The round does not buy this: its categories, regions or delivery period "
                        "are others.")},
    {"PROCEDURE_DATE", N_("The order must be placed before the round's award date.")},
    {"AREA", N_("The line names a larger region than the round's lots are for.")},
    {"ALONE", N_("No other organisation asks for this in this region.")},
    {"CONDITION",
     N_("The others buy new where this line wants refurbished, or the other way round.")},
    {"LANGUAGE", N_("The line shares no working language with the others.")},
    {"CRITERION", N_("The level of a criterion is above what this line accepts, or below what it "
                     "requires.")},
    {"WINDOW", N_("The delivery window has too few days in common with the others'.")},
    {"BELOW_MIN_BODIES", N_("All that fits together has fewer organisations than the round asks.")},
    {"BELOW_MIN_QUANTITY", N_("All that fits together has fewer pieces than the round asks.")},
    {"BELOW_MIN_VALUE", N_("All that fits together has less value than the round asks.")},
    {"ABOVE_CAP", N_("With this line the lot would be larger than the round allows.")},
    {"BEATEN", N_("The line would fit, but another choice of lots scored higher.")},
    {"DECLINED", N_("Your organisation declined its place, or did not confirm it in time.")},
    {"LOT_FAILED", N_("The lot fell under the round's minima and no other could take the line.")},
};

const char *cli_reason_text(const char *reason)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(texts[i].reason, reason) == 0)
            return texts[i].text;
    return "";
}

const char *cli_reason_name(size_t n)
{
    return n < sizeof texts / sizeof *texts ? texts[n].reason : NULL;
}
