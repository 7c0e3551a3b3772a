/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as a command of somebody to a broker with six organisations, their lines and a round:
 * read, checked, grouped where it needs that, and applied. The first byte chooses how far the round
 * is, the second who commands, the third the kind. What is accepted can be read back from the
 * journal, and leaves the state sound. */
#include "tests/domain/helper_world.h"

#include <stdlib.h>
#include <string.h>

#include "proto/codec.h"
#include "tests/fuzz/fuzz.h"

static const char stages[] = "ocpg";
static const char *const actors[] = {"A", "B", "D", COORDINATOR, "stranger", ""};

static world worlds[sizeof stages - 1];
static bool is_made[sizeof stages - 1];

/* What is journalled must be there after a restart. */
static void survives(void *context, const kg_event *event, const kg_catalogue *catalogue)
{
    kg_buffer first, second;
    char error[200];
    (void)context;
    if (!catalogue)
        return;
    kg_buffer_init(&first);
    kg_buffer_init(&second);
    kg_codec_event_encode(event, catalogue, &first);
    kg_event *again =
        kg_codec_event_decode((const uint8_t *)first.bytes, first.count, catalogue, error);
    fuzz_need(again != NULL);
    kg_codec_event_encode(again, catalogue, &second);
    fuzz_need(first.count == second.count && memcmp(first.bytes, second.bytes, first.count) == 0);
    kg_event_destroy(&again);
    kg_buffer_fini(&first);
    kg_buffer_fini(&second);
}

static world *world_at(size_t stage)
{
    world *w = &worlds[stage];
    if (!is_made[stage]) {
        world_init(w);
        w->look_every = 1000;
        world_cast(w);
        world_round(w, stages[stage]);
        w->look_every = 1;
        w->seen = survives;
        is_made[stage] = true;
    }
    return w;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kg_command command;
    char detail[600];
    if (size < 3)
        return 0;
    size_t stage = data[0] % (sizeof stages - 1);
    const char *actor = actors[(data[1] & 15) % (sizeof actors / sizeof actors[0])];
    world *w = world_at(stage);
    w->roles = data[1] >> 4;
    kg_status status = kg_codec_command_decode(data[2], data + 3, size - 3,
                                               kg_state_catalogue(w->state), &command, detail);
    if (status != KG_STATUS_OK) {
        kg_command_fini(&command);
        return 0;
    }
    status = world_do(w, actor, &command);
    if (status == KG_STATUS_OK) { /* the next input meets the world as it was */
        world_fini(w);
        is_made[stage] = false;
    }
    return 0;
}
