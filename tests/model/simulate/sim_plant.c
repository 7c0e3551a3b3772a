/* SPDX-License-Identifier: EUPL-1.2 */
#include "sim_plant.h"

#include <ctype.h>
#include <string.h>

#include "proto/codec.h"
#include "sim.h"

const char *sim_plant_name(sim_plant plant)
{
    static const char *const names[SIM_PLANTS] = {
        [SIM_PLANT_NONE] = "none",
        [SIM_PLANT_UNSYNCED] = "unsynced",
        [SIM_PLANT_FORGETFUL] = "forgetful",
        [SIM_PLANT_STALE_CHECKPOINT] = "stale-checkpoint",
        [SIM_PLANT_WRONG_ANSWER] = "wrong-answer",
        [SIM_PLANT_WRONG_RECEIPT] = "wrong-receipt",
        [SIM_PLANT_EARLY_HINT] = "early-hint",
        [SIM_PLANT_LOST_LINE] = "lost-line",
    };
    return names[plant];
}

/* What stands in the message as it is on the wire. */
static uint8_t *find(uint8_t *bytes, size_t count, const void *what, size_t length)
{
    return length > 0 && length <= count ? memmem(bytes, count, what, length) : NULL;
}

static void change_last_digit(uint8_t *text, size_t count)
{
    while (count > 0)
        if (isdigit(text[--count])) {
            text[count] = text[count] == '1' ? '2' : '1';
            return;
        }
}

void sim_plant_in_reply(uint8_t *bytes, size_t count)
{
    kg_reply reply;
    uint8_t *found;
    if (sim.plant != SIM_PLANT_WRONG_ANSWER && sim.plant != SIM_PLANT_WRONG_RECEIPT)
        return;
    if (!kg_codec_reply_decode(bytes, count, &reply))
        return;
    if (sim.plant == SIM_PLANT_WRONG_ANSWER && reply.has_page &&
        (found = find(bytes, count, reply.page, reply.page_bytes)))
        change_last_digit(found, reply.page_bytes);
    if (sim.plant == SIM_PLANT_WRONG_RECEIPT && reply.has_receipt &&
        (found = find(bytes, count, reply.chain, sizeof reply.chain)))
        *found ^= 1;
    kg_reply_fini(&reply);
}

void sim_plant_in_outcome(kg_outcome *outcome)
{
    if (sim.plant == SIM_PLANT_LOST_LINE && outcome->unplaced_count > 0)
        outcome->unplaced_count--;
}
