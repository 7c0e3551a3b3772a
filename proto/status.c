/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/status.h"

#include "proto/text.h"

#include <stddef.h>
#include <string.h>

/* A switch, not a table by number: two statuses of one number do not compile. */
const char *kg_status_name(kg_status status)
{
    switch (status) {
#define KG_STATUS(number, name, text)                                                              \
    case KG_STATUS_##name:                                                                         \
        return #name;
#include "proto/status.def"
#undef KG_STATUS
    }
    return "UNKNOWN_STATUS";
}

const char *kg_status_text(kg_status status)
{
    switch (status) {
#define KG_STATUS(number, name, text)                                                              \
    case KG_STATUS_##name:                                                                         \
        return text;
#include "proto/status.def"
#undef KG_STATUS
    }
    return KG_SAY("This build does not know the status. Upgrade the older side.");
}

int kg_status_find(const char *name)
{
    static const struct {
        const char *name;
        int number;
    } statuses[] = {
#define KG_STATUS(number, name, text) {#name, number},
#include "proto/status.def"
#undef KG_STATUS
    };
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        if (strcmp(statuses[i].name, name) == 0)
            return statuses[i].number;
    }
    return -1;
}
