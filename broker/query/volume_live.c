/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/query/volume_live.h"

#include <stdlib.h>
#include <string.h>

#include "broker/query/volume_cells.h"

#define SETS 3
#define AT_ONCE 1024

/* The lines of some rounds. */
typedef struct kg_live_set {
    uint32_t *rounds; /* owned; NULL: the place is free */
    size_t rounds_count;
    kg_volume_set lines;
    size_t round_at, at; /* where the search for lines stands: in a round, in pool or claims */
    bool whole;          /* all lines were found, and the cube made */
    bool wants_codes;    /* and a question waits for those that are in its wide nodes only */
    uint64_t asked; /* when, counted */
} kg_live_set;

struct kg_volume_live {
    kg_volume_tables tables;
    kg_live_set sets[SETS];
    uint64_t asked;
    size_t looked; /* lines whose months are known */
    uint16_t month_first, month_last;
};

kg_volume_live *kg_volume_live_new(void)
{
    kg_volume_live *live = kg_alloc(1, sizeof *live);
    kg_volume_tables_init(&live->tables);
    live->month_first = UINT16_MAX;
    return live;
}

static void drop(kg_live_set *set)
{
    kg_volume_set_fini(&set->lines);
    free(set->rounds);
    *set = (kg_live_set){0};
}

static void drop_all(kg_volume_live *live)
{
    for (size_t i = 0; i < SETS; i++)
        drop(&live->sets[i]);
}

void kg_volume_live_destroy(kg_volume_live **live)
{
    if (!*live)
        return;
    drop_all(*live);
    free(*live);
    *live = NULL;
}

/* ---- what is counted over ---- */

static void look_at_month(kg_volume_live *live, const kg_volume_pool *pool, uint32_t line)
{
    const kg_pool_row row = kg_pool_row_of(&pool->columns, line);
    uint16_t month = live->tables.month[row.from];
    if ((row.flags & KG_POOL_ODD) || !kg_cube_fits(pool, &row))
        return;
    if (month < live->month_first)
        live->month_first = month;
    if (month > live->month_last)
        live->month_last = month;
}

static kg_volume_pool pool_of(kg_volume_live *live, const kg_state *state)
{
    kg_volume_pool pool = {.state = state,
                           .catalogue = kg_state_catalogue(state),
                           .columns = kg_state_columns(state),
                           .members = kg_state_members(state),
                           .month = live->tables.month,
                           .countries = live->tables.country};
    for (; live->looked < pool.columns.count; live->looked++)
        look_at_month(live, &pool, (uint32_t)live->looked);
    pool.month_first = live->month_first == UINT16_MAX ? 0 : live->month_first;
    pool.month_last = live->month_last;
    return pool;
}

/* ---- which lines belong to a round ---- */

static bool takes_lines(const kg_campaign *campaign)
{
    return campaign->state == KG_ROUND_DRAFT || campaign->state == KG_ROUND_OPEN;
}

/* Free and in the scope of a round that takes lines. */
static bool in_scope(const kg_volume_pool *pool, const kg_campaign *campaign, uint32_t line)
{
    const kg_pool_columns *c = &pool->columns;
    if (c->flags[line] & (KG_POOL_WITHDRAWN | KG_POOL_HELD))
        return false;
    if (c->flags[line] & KG_POOL_ODD) {
        const kg_pool_line whole = kg_pool_get(pool->state, line);
        return kg_round_in_scope(&campaign->rules, pool->catalogue, &whole.line);
    }
    return kg_round_covers(&campaign->rules, c->category[line], c->cpv[line],
                           kg_nuts_code(c->nuts[line]), kg_pool_from(c, line),
                           kg_pool_to(c, line));
}

/* Claimed by the round, and by no other since. */
static bool is_claimed(const kg_state *state, uint32_t round, uint32_t line)
{
    const kg_pool_line whole = kg_pool_get(state, line);
    return !whole.withdrawn && whole.last_round == round;
}

static bool belongs(const kg_volume_pool *pool, const kg_live_set *set, uint32_t line)
{
    for (size_t i = 0; i < set->rounds_count; i++) {
        const kg_campaign *campaign = kg_state_campaign(pool->state, set->rounds[i]);
        if (takes_lines(campaign) ? in_scope(pool, campaign, line)
                                  : is_claimed(pool->state, set->rounds[i], line))
            return true;
    }
    return false;
}

/* ---- a set is made, some lines at a time ---- */

static void add_free(kg_live_set *set, const kg_volume_pool *pool, const kg_campaign *campaign,
                     size_t end)
{
    uint32_t lines[AT_ONCE];
    size_t count = 0;
    for (; set->at < end; set->at++) {
        uint32_t line = (uint32_t)set->at;
        if (in_scope(pool, campaign, line) && !kg_volume_set_has(&set->lines, line))
            lines[count++] = line;
        if (count == AT_ONCE || set->at + 1 == end) {
            kg_volume_set_add(&set->lines, pool, lines, count);
            count = 0;
        }
    }
}

static void add_claimed(kg_live_set *set, const kg_volume_pool *pool, uint32_t round, size_t end)
{
    const kg_campaign *campaign = kg_state_campaign(pool->state, round);
    for (; set->at < end; set->at++) {
        uint32_t line = campaign->claims[set->at].pool_line;
        if (is_claimed(pool->state, round, line) && !kg_volume_set_has(&set->lines, line))
            kg_volume_set_add(&set->lines, pool, &line, 1);
    }
}

/* Goes on with one round's lines, at most *lines of them. */
static void add_some(kg_live_set *set, const kg_volume_pool *pool, size_t *lines)
{
    uint32_t round = set->rounds[set->round_at];
    const kg_campaign *campaign = kg_state_campaign(pool->state, round);
    size_t count = takes_lines(campaign) ? pool->columns.count : campaign->claims_count;
    size_t end = count - set->at < *lines ? count : set->at + *lines;
    *lines -= end - set->at;
    if (takes_lines(campaign))
        add_free(set, pool, campaign, end);
    else
        add_claimed(set, pool, round, end);
    if (end == count) {
        set->round_at++;
        set->at = 0;
    }
}

/* New lines are in the wide nodes only, which answer most questions, until one asks for more. */
static bool code_some(kg_live_set *set, const kg_volume_pool *pool, size_t *lines)
{
    set->wants_codes = !kg_volume_set_code(&set->lines, pool, lines);
    return !set->wants_codes;
}

/* What changes meanwhile is followed as in one that is whole: a line that was not looked at yet is
 * in when it must be, and is then passed over. */
static void make_some(kg_live_set *set, const kg_volume_pool *pool, size_t *lines)
{
    if (set->whole) {
        code_some(set, pool, lines);
        return;
    }
    while (set->round_at < set->rounds_count && *lines > 0)
        add_some(set, pool, lines);
    if (set->round_at == set->rounds_count)
        set->whole = kg_volume_set_cube(&set->lines, pool, lines);
}

static void begin(kg_live_set *set, const kg_volume_pool *pool, const uint32_t *rounds,
                  size_t count)
{
    drop(set);
    set->rounds = kg_realloc(NULL, count ? count : 1, sizeof *rounds);
    if (count > 0)
        memcpy(set->rounds, rounds, count * sizeof *rounds);
    set->rounds_count = count;
    kg_volume_set_init(&set->lines);
    kg_volume_set_grow(&set->lines, pool->columns.count);
}

static bool is_of(const kg_live_set *set, const uint32_t *rounds, size_t count)
{
    return set->rounds && set->rounds_count == count &&
           memcmp(set->rounds, rounds, count * sizeof *rounds) == 0;
}

static bool is_being_made(const kg_live_set *set)
{
    return set->rounds && (!set->whole || set->wants_codes);
}

/* Begun in the place of the one that was asked for longest ago; NULL: all are being made. */
static kg_live_set *set_of(kg_volume_live *live, const kg_volume_pool *pool,
                           const uint32_t *rounds, size_t count)
{
    kg_live_set *place = NULL;
    for (size_t i = 0; i < SETS; i++) {
        kg_live_set *set = &live->sets[i];
        if (is_of(set, rounds, count))
            return set;
        if (!is_being_made(set) && (!place || set->asked < place->asked))
            place = set;
    }
    if (place)
        begin(place, pool, rounds, count);
    return place;
}

bool kg_volume_live_work(kg_volume_live *live, const kg_state *state, size_t lines)
{
    bool more = false;
    for (size_t i = 0; i < SETS; i++) {
        if (!is_being_made(&live->sets[i]))
            continue;
        const kg_volume_pool pool = pool_of(live, state);
        make_some(&live->sets[i], &pool, &lines);
        more |= is_being_made(&live->sets[i]);
    }
    return more;
}

bool kg_volume_live_ready(kg_volume_live *live, const kg_state *state, const uint32_t *rounds,
                          size_t rounds_count, const kg_query *query, size_t lines)
{
    const kg_volume_pool pool = pool_of(live, state);
    kg_live_set *set = set_of(live, &pool, rounds, rounds_count);
    if (!set)
        return false;
    set->asked = ++live->asked;
    if (!set->whole)
        make_some(set, &pool, &lines);
    if (!set->whole)
        return false;
    return !kg_volume_wants_codes(&set->lines, &pool, query) || code_some(set, &pool, &lines);
}

void kg_volume_live_count(kg_volume_live *live, const kg_state *state, const uint32_t *rounds,
                          size_t rounds_count, const kg_query *query, kg_volume *out)
{
    const kg_volume_pool pool = pool_of(live, state);
    kg_live_set *set = set_of(live, &pool, rounds, rounds_count);
    if (!set) {
        kg_volume_live_work(live, state, SIZE_MAX);
        set = set_of(live, &pool, rounds, rounds_count);
    }
    set->asked = ++live->asked;
    size_t lines = SIZE_MAX;
    if (!set->whole)
        make_some(set, &pool, &lines);
    if (kg_volume_wants_codes(&set->lines, &pool, query))
        code_some(set, &pool, &lines);
    kg_volume_count(&set->lines, &pool, query, out);
}

/* ---- events ---- */

/* Events that change neither which lines a round has nor what is in the columns, but for the lines
 * that the effects name. */
static bool is_plain(kg_kind kind)
{
    switch (kind) {
    case KG_KIND_SUBMIT:
    case KG_KIND_WITHDRAW:
    case KG_KIND_REGISTER:
    case KG_KIND_KEY_ADD:
    case KG_KIND_KEY_REVOKE:
    case KG_KIND_LOT_CONFIRM:
    case KG_KIND_LOT_CALL_OFF:
    case KG_KIND_ROUND_EXTEND:
    case KG_KIND_TENDER_LAUNCH:
    case KG_KIND_VOLUME_PUBLISH:
    case KG_KIND_LINES_READ:
        return true;
    default:
        return false;
    }
}

/* All that change leave first, as they were: the columns tell of them as they are now. */
static void follow_lines(kg_live_set *set, const kg_volume_pool *pool, const kg_effects *effects,
                         kg_effects_mark from)
{
    uint32_t lines[AT_ONCE];
    size_t count = 0;
    for (size_t i = from.before; i < effects->before_count; i++)
        if (kg_volume_set_has(&set->lines, effects->before[i].line))
            kg_volume_set_remove(&set->lines, pool, &effects->before[i]);
    kg_volume_set_grow(&set->lines, pool->columns.count);
    for (size_t i = from.lines; i < effects->lines_count; i++) {
        if (belongs(pool, set, effects->lines[i]) &&
            !kg_volume_set_has(&set->lines, effects->lines[i]))
            lines[count++] = effects->lines[i];
        if (count == AT_ONCE || i + 1 == effects->lines_count) {
            kg_volume_set_add(&set->lines, pool, lines, count);
            count = 0;
        }
    }
}

void kg_volume_live_follow(kg_volume_live *live, const kg_state *state, kg_kind kind,
                           const kg_effects *effects, kg_effects_mark from)
{
    if (!is_plain(kind)) {
        drop_all(live);
        return;
    }
    if (from.lines == effects->lines_count)
        return;
    const kg_volume_pool pool = pool_of(live, state);
    for (size_t i = from.lines; i < effects->lines_count; i++)
        look_at_month(live, &pool, effects->lines[i]);
    const kg_volume_pool wide = pool_of(live, state);
    for (size_t i = 0; i < SETS; i++)
        if (live->sets[i].rounds)
            follow_lines(&live->sets[i], &wide, effects, from);
}

size_t kg_volume_live_bytes(const kg_volume_live *live)
{
    size_t bytes = sizeof *live;
    for (size_t i = 0; i < SETS; i++)
        bytes += kg_volume_set_bytes(&live->sets[i].lines);
    return bytes;
}
