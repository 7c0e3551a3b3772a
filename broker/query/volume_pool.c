/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/volume_pool.h"

#include <string.h>

void kg_volume_tables_init(kg_volume_tables *tables)
{
    for (int day = 0; day <= UINT16_MAX; day++) {
        int year, month;
        kg_date_month(day + KG_POOL_EPOCH, &year, &month);
        tables->month[day] = (uint16_t)((year - 2000) * 12 + month - 1);
    }
    uint8_t country = 0;
    for (int i = 0; i < kg_nuts_count() && i < KG_VOLUME_NUTS_MAX; i++) {
        if (i == 0 || memcmp(kg_nuts_code(i), kg_nuts_code(i - 1), 2) != 0)
            country++;
        tables->country[i] = country;
    }
}
