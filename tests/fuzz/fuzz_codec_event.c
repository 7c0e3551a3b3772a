/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as an event of the journal: damage with a sentence, or an event that encodes to one of
 * the same meaning; and its line of the dump. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/catalogue_file.h"
#include "proto/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char catalogue_text[] =
    "criterion \"warranty-years\" { scale = {\"0\",\"1\",\"2\"} type = \"technical\" }\n"
    "criterion \"take-back\" { scale = {\"no\",\"yes\"} type = \"clause\" }\n"
    "category \"laptop\" { cpv = {\"30213100\"} criteria = {\"warranty-years\",\"take-back\"} }\n"
    "category \"monitor\" { cpv = {\"30231000\"} criteria = {\"warranty-years\"} }\n";

static void need(bool condition)
{
    if (!condition)
        abort();
}

/* Read once: it is events that are tried here. */
static const kg_catalogue *small_catalogue(void)
{
    static kg_catalogue *catalogue;
    if (!catalogue) {
        kg_problems problems;
        kg_problems_init(&problems, NULL);
        catalogue = kg_catalogue_read_text(catalogue_text, "catalogue", &problems);
        need(catalogue != NULL);
        kg_problems_fini(&problems);
    }
    return catalogue;
}

static void need_lines(const kg_event *event)
{
    for (size_t i = 0; i < event->lines_count; i++) {
        const kg_plan_line *line = &event->lines[i];
        need(line->organisation == event->actor);
        need(strlen(line->line) + strlen(line->title) < SIZE_MAX / 2);
        need(line->conditions >= KG_CONDITION_NEW && line->conditions <= KG_CONDITION_EITHER);
        need(line->value_cents >= 0 && line->quantity_max >= 0);
        need(line->category != KG_CATEGORY_NONE && line->languages != 0);
    }
}

static void need_outcome(const kg_outcome *outcome)
{
    for (size_t i = 0; i < outcome->lots_count; i++) {
        const kg_grouped_lot *lot = &outcome->lots[i];
        need((size_t)lot->members_first + lot->members_count <= outcome->members_count);
        need((size_t)lot->curve_first + lot->curve_count <= outcome->curve_count);
        need(kg_language_code(lot->language) != NULL);
    }
    for (size_t i = 0; i < outcome->unplaced_count; i++) {
        need(outcome->unplaced[i].reason < KG_REASONS);
        need(outcome->unplaced[i].nearest_lot == KG_NO_LOT ||
             outcome->unplaced[i].nearest_lot < outcome->lots_count);
    }
}

/* What was read reads the same again. */
static void need_stable(const kg_event *event)
{
    char error[200];
    kg_buffer first, second;
    kg_buffer_init(&first);
    kg_buffer_init(&second);
    kg_codec_event_encode(event, small_catalogue(), &first);
    kg_event *again =
        kg_codec_event_decode((const uint8_t *)first.bytes, first.count, small_catalogue(), error);
    need(again != NULL);
    kg_codec_event_encode(again, small_catalogue(), &second);
    need(first.count == second.count && memcmp(first.bytes, second.bytes, first.count) == 0);
    kg_event_destroy(&again);
    kg_buffer_fini(&first);
    kg_buffer_fini(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char error[200];
    kg_event *event = kg_codec_event_decode(data, size, small_catalogue(), error);
    char *json = kg_codec_event_json(data, size);
    need((event == NULL) == (error[0] != '\0'));
    need(!event || json);
    need(!json || kg_text_valid(json, SIZE_MAX));
    if (event) {
        need_lines(event);
        if (event->outcome)
            need_outcome(event->outcome);
        need_stable(event);
    }
    free(json);
    kg_event_destroy(&event);
    return 0;
}
