/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/gathering.h"

void kg_gathering_see(kg_gathering *gathering, size_t open, size_t waiting, int64_t now_us)
{
    if (open == 0)
        gathering->since_us = 0;
    else if (gathering->since_us == 0)
        gathering->since_us = now_us;
    if (waiting > gathering->most)
        gathering->most = waiting;
}

void kg_gathering_note(kg_gathering *gathering, int64_t took_us)
{
    gathering->most_before = gathering->most;
    gathering->most = 0;
    gathering->took_us = took_us < KG_GATHERING_US_MAX ? took_us : KG_GATHERING_US_MAX;
}

int64_t kg_gathering_left_us(const kg_gathering *gathering, size_t open, size_t bytes,
                             int64_t now_us)
{
    const size_t crowd = gathering->most > gathering->most_before ? gathering->most
                                                                  : gathering->most_before;
    const int64_t left_us = gathering->since_us + gathering->took_us - now_us;
    if (gathering->since_us == 0 || crowd < KG_GATHERING_FEW || 2 * open >= crowd ||
        bytes >= KG_GATHERING_BYTES)
        return 0;
    return left_us > 0 ? left_us : 0;
}
