/* SPDX-License-Identifier: EUPL-1.2 */
/* Questions with bytes that no client of ours makes: refused, or answered in JSON without harm, and
 * never with another's price ceiling. */
#include <stdlib.h>
#include <string.h>

#include "../domain/helper_hostile.h"
#include "helper_asking.h"
#include "proto/codec.h"

#define ROUNDS 12000

/* A question of some view that names something of everything. */
static void ask_all(kg_view view, kg_buffer *out)
{
    static const char *const lots[] = {LOT1, LOT2};
    kg_query query = tender_query(view == KG_VIEW_TENDER ? NULL : "T1", lots, 2);
    query.view = view;
    query.round = "R1";
    query.lot = LOT1;
    query.line = "a1";
    query.category = "laptop";
    query.cpv = "30213100";
    query.nuts = "BE2";
    query.from = 20000;
    query.to = 21000;
    query.track = 1;
    for (; query.by_count < KG_VOLUME_DIMENSIONS; query.by_count++)
        query.by[query.by_count] = (kg_dimension)query.by_count;
    query.since = 3;
    query.limit = 7;
    kg_codec_query_encode(&query, out);
    kg_query_fini(&query);
}

static bool is_json(const kg_buffer *out)
{
    json_t *json = json_loadb(out->bytes, out->count, JSON_REJECT_DUPLICATES, NULL);
    bool good = json != NULL;
    json_decref(json);
    return good;
}

static bool answer_is_sound(const world *w, uint32_t roles, const kg_query *query, bool *given)
{
    kg_buffer out;
    static const char *const askers[] = {"A", "E", COORDINATOR, "B"};
    const char *asker = askers[roles % 4];
    *given = answer_of(w, asker, roles / 4 % 16, query, &out) == KG_STATUS_OK;
    bool good = !*given ? out.count == 0
                        : query->view == KG_VIEW_CATALOGUE || is_json(&out);
    if (roles % 4 < 3 && out.count > 0 && memmem(out.bytes, out.count, "777.77", 6))
        good = false;
    kg_buffer_fini(&out);
    return good;
}

static void no_question_does_harm(void **state)
{
    world w;
    uint64_t random = 7;
    size_t unread = 0, refused_ = 0, answered = 0;
    (void)state;
    world_init(&w);
    world_cast_but(&w, "B", "unit_price_max=777.77");
    world_round(&w, 'g');
    for (uint32_t i = 0; i < ROUNDS; i++) {
        kg_buffer sound, bad;
        kg_query query;
        char detail[600];
        bool given = false;
        kg_buffer_init(&sound);
        kg_buffer_init(&bad);
        ask_all((kg_view)(1 + i % 14), &sound);
        hostile_bytes((const uint8_t *)sound.bytes, sound.count, &random, &bad);
        kg_status status = kg_codec_query_decode((const uint8_t *)bad.bytes, bad.count, &query,
                                                 detail);
        if (status != KG_STATUS_OK)
            assert_true(detail[0] != '\0');
        else if (query.view != KG_VIEW_RESULT && query.view != KG_VIEW_WHAT_IF)
            assert_true(answer_is_sound(&w, i / 14, &query, &given));
        unread += status != KG_STATUS_OK;
        answered += given;
        refused_ += status == KG_STATUS_OK && !given;
        kg_query_fini(&query);
        kg_buffer_fini(&sound);
        kg_buffer_fini(&bad);
    }
    print_message("%zu unread, %zu refused, %zu answered\n", unread, refused_, answered);
    assert_true(unread > 1000 && refused_ > 1000 && answered > 1000);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_question_does_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
