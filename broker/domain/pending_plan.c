/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "broker/domain/state_private.h"

kg_pending_plan *kg_pending_plan_new(const uint8_t id[KG_REQUEST_ID_BYTES], uint32_t parts)
{
    kg_pending_plan *plan = kg_alloc(1, sizeof *plan);
    memcpy(plan->id, id, sizeof plan->id);
    plan->parts = parts;
    kg_slots_init(&plan->keys);
    kg_arena_init(&plan->texts);
    return plan;
}

void kg_pending_plan_destroy(kg_pending_plan **plan)
{
    kg_pending_plan *p = *plan;
    if (!p)
        return;
    free(p->lines);
    free(p->hashes);
    kg_slots_fini(&p->keys);
    kg_arena_fini(&p->texts);
    free(p);
    *plan = NULL;
}

bool kg_pending_plan_has(const kg_pending_plan *plan, const char *key, uint32_t hash)
{
    size_t at;
    uint32_t found = kg_slots_first(&plan->keys, hash, &at);
    while (found != KG_NONE && strcmp(plan->lines[found].line, key) != 0)
        found = kg_slots_next(&plan->keys, hash, &at);
    return found != KG_NONE;
}

void kg_pending_plan_add(kg_pending_plan *plan, const kg_plan_line *line, uint32_t hash)
{
    plan->lines = kg_grow(plan->lines, plan->count, &plan->capacity, sizeof *plan->lines);
    plan->hashes = kg_grow(plan->hashes, plan->count, &plan->hashes_capacity, sizeof hash);
    plan->hashes[plan->count] = hash;
    kg_plan_line *copy = &plan->lines[plan->count];
    *copy = *line;
    copy->organisation = NULL;
    copy->line = kg_arena_text(&plan->texts, line->line, strlen(line->line));
    copy->title = kg_arena_text(&plan->texts, line->title, strlen(line->title));
    kg_slots_add(&plan->keys, hash, (uint32_t)plan->count++);
}
