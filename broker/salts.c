/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/salts.h"

#include <string.h>

#include "proto/identity.h"

void kg_salts_take(kg_salts *salts, uint8_t out[KG_SALT_BYTES])
{
    if (salts->left == 0) {
        kg_random(salts->drawn, sizeof salts->drawn);
        salts->left = KG_SALTS;
    }
    memcpy(out, salts->drawn[--salts->left], KG_SALT_BYTES);
}
