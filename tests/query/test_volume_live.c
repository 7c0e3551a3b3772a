/* SPDX-License-Identifier: EUPL-1.2 */
/* Volume of a life of submissions, amendments, withdrawals and rounds, against a recount after
 * every event that knows nothing of columns, sets or order: all 32 ways to add up, every filter. */
#include <stdlib.h>
#include <string.h>

#include "../domain/helper_world.h"
#include "broker/query/volume_live.h"

#define BODIES 8
#define KEYS 10
#define STEPS 640
#define CELLS_MAX 2000

typedef struct life {
    world w;
    kg_volume_live *live;
    uint64_t random;
    unsigned by; /* of the next question */
    size_t questions, cells, odd, later;
} life;

static uint64_t draw(life *l, uint64_t below)
{
    l->random = l->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (l->random >> 33) % below;
}

/* ---- the recount ---- */

static bool belongs(const world *w, const kg_pool_line *line, uint32_t index)
{
    const kg_campaign *campaign = kg_state_campaign(w->state, index);
    if (line->withdrawn)
        return false;
    if (campaign->state == KG_ROUND_DRAFT || campaign->state == KG_ROUND_OPEN)
        return line->round == KG_NONE &&
               kg_round_in_scope(&campaign->rules, kg_state_catalogue(w->state), &line->line);
    return line->round == index || (line->round == KG_NONE && line->last_round == index);
}

static bool matches(const world *w, const kg_query *query, const kg_plan_line *line)
{
    char cpv[16];
    const kg_catalogue *catalogue = kg_state_catalogue(w->state);
    kg_text_format(cpv, sizeof cpv, "%08u", kg_plan_line_cpv(line, catalogue));
    return (!query->nuts || strncmp(line->nuts.code, query->nuts, strlen(query->nuts)) == 0) &&
           (!query->cpv || strncmp(cpv, query->cpv, strlen(query->cpv)) == 0) &&
           (!query->category || line->category == kg_category_find(catalogue, query->category)) &&
           (query->track < 0 || query->track == line->track) &&
           (query->from == KG_DATE_NONE || line->delivery_to >= query->from) &&
           (query->to == KG_DATE_NONE || line->delivery_from <= query->to);
}

static kg_volume_cell cell_of(const world *w, const kg_query *query, const kg_plan_line *line)
{
    int year, month;
    kg_volume_cell cell = {.category = KG_CATEGORY_NONE};
    kg_date_month(line->delivery_from, &year, &month);
    for (size_t i = 0; i < query->by_count; i++)
        switch (query->by[i]) {
        case KG_BY_CATEGORY:
            cell.category = line->category;
            break;
        case KG_BY_CPV:
            cell.cpv = kg_plan_line_cpv(line, kg_state_catalogue(w->state));
            break;
        case KG_BY_NUTS:
            cell.nuts = line->nuts;
            break;
        case KG_BY_MONTH:
            cell.month = year * 12 + month - 1;
            break;
        case KG_BY_TRACK:
            cell.track = (int)line->track;
            break;
        }
    return cell;
}

static bool same_cell(const kg_query *query, const kg_volume_cell *a, const kg_volume_cell *b)
{
    bool same = true;
    for (size_t i = 0; i < query->by_count; i++)
        switch (query->by[i]) {
        case KG_BY_CATEGORY:
            same &= a->category == b->category;
            break;
        case KG_BY_CPV:
            same &= a->cpv == b->cpv;
            break;
        case KG_BY_NUTS:
            same &= strcmp(a->nuts.code, b->nuts.code) == 0;
            break;
        case KG_BY_MONTH:
            same &= a->month == b->month;
            break;
        case KG_BY_TRACK:
            same &= a->track == b->track;
            break;
        }
    return same;
}

typedef struct recount {
    kg_volume_cell cells[CELLS_MAX];
    bool seen[CELLS_MAX][BODIES + 1];
    size_t count;
} recount;

static void count_line(recount *r, const world *w, const kg_query *query, const kg_pool_line *line)
{
    const kg_volume_cell key = cell_of(w, query, &line->line);
    size_t at = 0;
    while (at < r->count && !same_cell(query, &r->cells[at], &key))
        at++;
    assert_true(at < CELLS_MAX);
    if (at == r->count)
        r->cells[r->count++] = key;
    kg_volume_cell *cell = &r->cells[at];
    cell->lines++;
    cell->quantity_min += line->line.quantity_min;
    cell->quantity += line->line.quantity;
    cell->quantity_max += line->line.quantity_max;
    cell->value_cents += line->line.value_cents;
    cell->organisations += !r->seen[at][line->member];
    r->seen[at][line->member] = true;
}

static void recount_all(recount *r, const world *w, const uint32_t *rounds, size_t count,
                        const kg_query *query)
{
    memset(r, 0, sizeof *r);
    for (uint32_t i = 0; i < kg_state_lines(w->state); i++) {
        const kg_pool_line line = kg_pool_get(w->state, i);
        bool in = false;
        for (size_t j = 0; j < count; j++)
            in |= belongs(w, &line, rounds[j]);
        if (in && matches(w, query, &line.line))
            count_line(r, w, query, &line);
    }
}

static void compare(const recount *r, const kg_query *query, const kg_volume *volume)
{
    assert_int_equal(volume->count, r->count);
    for (size_t i = 0; i < volume->count; i++) {
        const kg_volume_cell *got = &volume->cells[i];
        size_t at = 0;
        while (at < r->count && !same_cell(query, &r->cells[at], got))
            at++;
        assert_true(at < r->count);
        const kg_volume_cell *wanted = &r->cells[at];
        assert_int_equal(got->lines, wanted->lines);
        assert_int_equal(got->quantity_min, wanted->quantity_min);
        assert_int_equal(got->quantity, wanted->quantity);
        assert_int_equal(got->quantity_max, wanted->quantity_max);
        assert_true(got->value_cents == wanted->value_cents);
        assert_int_equal(got->organisations, wanted->organisations);
    }
}

/* ---- questions ---- */

static void draw_query(life *l, kg_query *query)
{
    static const char *const regions[] = {NULL, NULL, "BE", "BE2", "BE211", "NL"};
    static const char *const codes[] = {NULL, NULL, "3", "302", "30213100", "99"};
    static const char *const categories[] = {NULL, NULL, NULL, "laptop", "monitor"};
    for (int i = 0; i < KG_VOLUME_DIMENSIONS; i++)
        if (l->by >> i & 1)
            query->by[query->by_count++] = (kg_dimension)i;
    l->by++;
    query->nuts = regions[draw(l, 6)];
    query->cpv = codes[draw(l, 6)];
    query->category = categories[draw(l, 5)];
    query->track = (int)draw(l, 3) - 1;
    if (draw(l, 3) == 0)
        query->from = day("2027-04-16");
    if (draw(l, 3) == 0)
        query->to = day("2027-05-10");
}

static void ask(life *l)
{
    static recount r;
    uint32_t rounds[2];
    size_t count = 0;
    kg_query query;
    kg_volume volume;
    for (uint32_t i = 0; i < kg_state_campaigns(l->w.state); i++)
        if (draw(l, 3) > 0)
            rounds[count++] = i;
    kg_query_init(&query, KG_VIEW_VOLUME);
    draw_query(l, &query);
    if (draw(l, 3) == 0 &&
        !kg_volume_live_ready(l->live, l->w.state, rounds, count, &query, draw(l, 10))) {
        l->later++; /* it is made while life goes on */
        kg_query_fini(&query);
        return;
    }
    kg_volume_live_count(l->live, l->w.state, rounds, count, &query, &volume);
    recount_all(&r, &l->w, rounds, count, &query);
    compare(&r, &query, &volume);
    l->questions++;
    l->cells += volume.count;
    kg_volume_fini(&volume);
    kg_query_fini(&query);
}

static void follow(void *context, kg_kind kind)
{
    life *l = context;
    kg_volume_live_follow(l->live, l->w.state, kind, &l->w.effects, (kg_effects_mark){0});
    kg_volume_live_work(l->live, l->w.state, draw(l, 10));
    for (size_t i = 0; i < l->w.effects.lines_count; i++)
        l->odd += kg_pool_get(l->w.state, l->w.effects.lines[i]).line.delivery_from >=
                  day("2042-08-01"); /* no cube holds it */
    for (int i = 0; i < 3; i++)
        ask(l);
}

/* ---- the life ---- */

static void draw_line(life *l, char out[static 300])
{
    static const char *const what[] = {"category=laptop", "category=monitor",
                                       "category=|cpv=30213100", "category=|cpv=30231000",
                                       "category=|cpv=48000000"};
    static const char *const regions[] = {"BE211", "BE212", "BE310", "BE100", "NL310"};
    static const char *const tracks[] = {"peloton", "kopgroep"};
    static const int years[] = {2027, 2027, 2027, 2027, 2028, 2044};
    int year = years[draw(l, 6)], month = 1 + (int)draw(l, 9);
    size_t of = draw(l, 5);
    unsigned long pieces = draw(l, 12) == 0 ? 900000000ul : 1 + (unsigned long)draw(l, 60);
    kg_text_format(out, 300,
                   "line=l%d|%s|quantity=%lu|%s|nuts=%s|track=%s|delivery_from=%d-%02d-%02d|"
                   "delivery_to=%d-%02d-28",
                   (int)draw(l, KEYS), what[of], pieces, "unit_price_max=12.50",
                   regions[draw(l, 5)], tracks[draw(l, 2)], year, month, 1 + (int)draw(l, 28),
                   year, month + 3);
}

static void draw_body(life *l, char out[static 16])
{
    kg_text_format(out, 16, "B%d", (int)draw(l, BODIES));
}

static void submit(life *l)
{
    char body[16], lines[1300] = "", line[300];
    draw_body(l, body);
    for (uint64_t i = draw(l, 4) + 1; i > 0; i--) {
        draw_line(l, line);
        if (lines[0])
            strcat(lines, "\n");
        strcat(lines, line);
    }
    world_submit(&l->w, body, lines); /* refused when a key stands twice, or a line is claimed */
}

static void withdraw(life *l)
{
    char body[16], key[16];
    draw_body(l, body);
    kg_text_format(key, sizeof key, "l%d", (int)draw(l, KEYS));
    world_withdraw(&l->w, body, key);
}

static void open_round(life *l, const char *id, const char *nuts, bool all)
{
    kg_command command = round_command(id);
    strcpy(command.round_rules.nuts[0].code, nuts);
    command.round_rules.delivery_to = day("2028-12-31");
    if (all)
        command.round_rules.categories_count = 0;
    world_must(&l->w, COORDINATOR, &command);
}

static void live(life *l, size_t steps)
{
    for (size_t i = 0; i < steps; i++)
        if (draw(l, 4) > 0)
            submit(l);
        else
            withdraw(l);
}

static void volume_is_what_a_recount_gives(void **state)
{
    life l = {.random = 7};
    (void)state;
    world_init(&l.w);
    l.live = kg_volume_live_new();
    l.w.applied = follow;
    l.w.context = &l;
    for (int i = 0; i < BODIES; i++) {
        char id[16];
        kg_text_format(id, sizeof id, "B%d", i);
        world_register(&l.w, id, "nl fr", i % 2);
    }
    live(&l, STEPS / 4);
    open_round(&l, "R1", "BE2", false);
    open_round(&l, "R2", "BE", true);
    live(&l, STEPS / 2);
    assert_status(KG_STATUS_OK, world_step(&l.w, KG_KIND_ROUND_CLOSE, "R1"));
    live(&l, STEPS / 4);
    assert_status(KG_STATUS_OK, world_catalogue(&l.w, kg_state_catalogue_text(l.w.state)));
    assert_status(KG_STATUS_OK, world_step(&l.w, KG_KIND_ROUND_PROPOSE, "R1"));
    live(&l, STEPS / 8);
    assert_status(KG_STATUS_OK, world_step(&l.w, KG_KIND_ROUND_CANCEL, "R1"));
    live(&l, STEPS / 4);
    assert_true(l.questions > 600);
    assert_true(l.cells > 2000);
    assert_true(l.odd > 20);
    assert_true(l.later > 40);
    kg_volume_live_destroy(&l.live);
    world_fini(&l.w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(volume_is_what_a_recount_gives)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
