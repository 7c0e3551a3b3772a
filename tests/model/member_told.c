/* SPDX-License-Identifier: EUPL-1.2 */
#include "member_told.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "broker/query/query.h"

#define ALL_EARS ((1U << MEMBER_EARS) - 1)
#define CENTRAL_CENTS 14000000.0 /* thresholds of helper_world.h's catalogue */
#define OTHER_CENTS 21600000.0

static const char *const ears[MEMBER_EARS] = {"O00", "O01", MEMBER_READS};
static const char *const figure_names[MEMBER_FIGURES] = {"quantity", "quantity_max", "value",
                                                         "value_max", "quantity_min"};

static bool is_money(int figure)
{
    return figure == MEMBER_VALUE || figure == MEMBER_VALUE_MAX;
}

/* ---- facts ---- */

static bool same(const member_fact *a, const member_fact *b)
{
    return a->figure == b->figure && a->least == b->least && a->most == b->most &&
           a->contract == b->contract && a->count == b->count && strcmp(a->what, b->what) == 0 &&
           memcmp(a->lines, b->lines, a->count * sizeof *a->lines) == 0;
}

/* What the attacker takes for true must be. */
static void check(const member_life *l, const member_fact *fact)
{
    double sum = 0;
    for (size_t i = 0; i < fact->count; i++)
        sum += (double)member_figure(l, fact->lines[i], fact->figure);
    if (sum < fact->least || sum > fact->most)
        fail_msg("%s: %s is %.0f, not between %.0f and %.0f", fact->what,
                 figure_names[fact->figure], sum, fact->least, fact->most);
}

/* Takes the lines. */
static void keep_fact(member_life *l, member_fact fact)
{
    check(l, &fact);
    for (size_t i = 0; i < l->facts_count; i++)
        if (same(&l->facts[i], &fact)) {
            l->facts[i].ears |= fact.ears;
            free(fact.lines);
            return;
        }
    l->facts = kg_grow(l->facts, l->facts_count, &l->facts_capacity, sizeof *l->facts);
    l->facts[l->facts_count++] = fact;
}

static bool is_launched(const kg_lot *lot)
{
    return lot->state == KG_LOT_LAUNCHED || lot->state == KG_LOT_AWARDED ||
           lot->state == KG_LOT_EXHAUSTED;
}

static void keep_of_lot(member_life *l, uint32_t ears_of, const kg_lot *lot, const char *what,
                        int figure, double least, double most)
{
    uint32_t *lines = malloc((lot->members_count + 1) * sizeof *lines);
    for (size_t i = 0; i < lot->members_count; i++)
        lines[i] = l->claimed[lot->campaign][lot->members[i]];
    keep_fact(l, (member_fact){what, ears_of, is_launched(lot), figure, least, most, lines,
                               lot->members_count});
}

/* "1000-1999", "1000+", a number, or an amount of money. */
static void read_figure(const json_t *told, bool money, double *least, double *most)
{
    const char *text = json_string_value(told);
    const double unit = money ? 100 : 1;
    long long first, last;
    if (!text) {
        *least = *most = (double)json_integer_value(told);
    } else if (strchr(text, '.')) {
        assert_int_equal(sscanf(text, "%lld.%lld", &first, &last), 2);
        *least = *most = (double)(first * 100 + last);
    } else {
        int found = sscanf(text, "%lld-%lld", &first, &last);
        bool open = strchr(text, '+') != NULL;
        assert_true(found == 2 || open || (found == 1 && first == 0));
        *least = (double)first * unit;
        *most = open ? NO_END : found == 2 ? (double)last * unit + (unit - 1) : 0;
    }
}

static void read_figures(member_life *l, uint32_t ear, const kg_lot *lot, const json_t *told)
{
    for (int figure = 0; figure < MEMBER_FIGURES; figure++) {
        double least, most;
        read_figure(json_object_get(told, figure_names[figure]), is_money(figure), &least, &most);
        keep_of_lot(l, 1U << ear, lot, least < most ? "a band" : "an exact sum", figure, least,
                    most);
        if (!l->plant_sums)
            continue;
        const kg_grouped_lot *shape = &lot->shape;
        const double sums[MEMBER_FIGURES] = {(double)shape->quantity, (double)shape->quantity_max,
                                             (double)shape->value_cents,
                                             (double)shape->value_max_cents,
                                             (double)shape->quantity_min};
        keep_of_lot(l, 1U << ear, lot, "a planted sum", figure, sums[figure], sums[figure]);
    }
}

/* A lot that stands is within its round's rules. */
static void read_rules(member_life *l, uint32_t ear, const kg_lot *lot)
{
    const kg_round *rules = &kg_state_campaign(l->w.state, lot->campaign)->rules;
    keep_of_lot(l, 1U << ear, lot, "quantity_min", MEMBER_QUANTITY, (double)rules->quantity_min,
                NO_END);
    keep_of_lot(l, 1U << ear, lot, "value_min", MEMBER_VALUE, (double)rules->value_min_cents,
                NO_END);
    if (rules->value_max_cents > 0)
        keep_of_lot(l, 1U << ear, lot, "value_max", MEMBER_VALUE_MAX, 0,
                    (double)rules->value_max_cents);
}

static void read_regime(member_life *l, uint32_t ear, const kg_lot *lot, const json_t *told)
{
    const kg_campaign *campaign = kg_state_campaign(l->w.state, lot->campaign);
    const char *regime = json_string_value(json_object_get(told, "regime"));
    double threshold = OTHER_CENTS;
    for (size_t i = 0; i < lot->members_count; i++) {
        uint32_t member = kg_state_find_member(
            l->w.state, campaign->claims[lot->members[i]].line.organisation);
        if (kg_state_member(l->w.state, member)->record.central)
            threshold = CENTRAL_CENTS;
    }
    if (!regime)
        return;
    if (strcmp(regime, "eu") == 0)
        keep_of_lot(l, 1U << ear, lot, "the regime", MEMBER_VALUE_MAX, threshold, NO_END);
    else
        keep_of_lot(l, 1U << ear, lot, "the regime", MEMBER_VALUE_MAX, 0, threshold - 1);
}

/* ---- asking ---- */

/* The answer stays at the end of what the ear was told; NULL where it was refused. */
static const char *ask(member_life *l, uint32_t ear, kg_query *query, const char *about)
{
    char detail[600] = "";
    const uint32_t roles = ear == MEMBER_READER ? KG_ROLE_READER
                                                : KG_ROLE_ORGANISATION | KG_ROLE_READER;
    const kg_asker asker = {ears[ear], roles};
    const kg_query_context context = {.version = "test",
                                .deployment = "00",
                                .chain = "00",
                                .durability = "kept",
                                .takes = "everything",
                                .head = l->w.sequence,
                                .today = l->w.now.today,
                                .published = l->version,
                                .disclosure_organisations_min = l->rules.organisations_min};
    kg_buffer *told = &l->told[ear];
    kg_buffer_format(told, "\n%d %s: ", (int)query->view, about);
    const size_t at = told->count;
    kg_status status = kg_query_answer(l->w.state, &asker, query, &context, told, detail);
    if (status != KG_STATUS_OK)
        kg_buffer_format(told, "%s %s", kg_status_name(status), detail);
    kg_query_fini(query);
    return status == KG_STATUS_OK ? told->bytes + at : NULL;
}

static const char *ask_for(member_life *l, uint32_t ear, kg_view view, const char *round,
                           const char *lot, const char *line)
{
    kg_query query;
    kg_query_init(&query, view);
    query.round = round;
    query.lot = lot;
    query.line = line;
    return ask(l, ear, &query, round ? round : lot ? lot : line ? line : "");
}

static json_t *parse(const member_life *l, uint32_t ear, const char *answer)
{
    const kg_buffer *told = &l->told[ear];
    return json_loadb(answer, (size_t)(told->bytes + told->count - answer), 0, NULL);
}

static void ask_lots(member_life *l, uint32_t ear)
{
    json_t *lots = parse(l, ear, ask_for(l, ear, KG_VIEW_LOTS, NULL, NULL, NULL));
    for (size_t i = 0; i < json_array_size(lots); i++) {
        const json_t *told = json_array_get(lots, i);
        const char *id = json_string_value(json_object_get(told, "lot"));
        const kg_lot *lot = kg_state_lot(l->w.state, kg_state_find_lot(l->w.state, id));
        read_figures(l, ear, lot, told);
        read_rules(l, ear, lot);
    }
    json_decref(lots);
    for (uint32_t i = 0; i < kg_state_lots(l->w.state); i++) {
        const kg_lot *lot = kg_state_lot(l->w.state, i);
        const char *answer = ask_for(l, ear, KG_VIEW_LOT, NULL, lot->id, NULL);
        json_t *told = answer ? parse(l, ear, answer) : NULL;
        if (told)
            read_regime(l, ear, lot, told);
        json_decref(told);
    }
}

static void ask_tenders(member_life *l, uint32_t ear)
{
    ask_for(l, ear, KG_VIEW_TENDERS, NULL, NULL, NULL);
    for (uint32_t i = 0; i < kg_state_tenders(l->w.state); i++) {
        kg_query query;
        kg_query_init(&query, KG_VIEW_TENDER);
        query.tender = kg_state_tender(l->w.state, i)->id;
        ask(l, ear, &query, query.tender);
    }
    for (uint32_t i = 0; i < kg_state_lots(l->w.state); i++) {
        kg_query query;
        const char *lots[] = {kg_state_lot(l->w.state, i)->id};
        kg_query_init(&query, KG_VIEW_TENDER);
        query.lots = (kg_texts){lots, 1};
        ask(l, ear, &query, lots[0]);
    }
}

static void ask_lines(member_life *l, uint32_t ear)
{
    static const char *const keys[MEMBER_KEYS] = {"k0", "k1", "k2"};
    ask_for(l, ear, KG_VIEW_LINES, NULL, NULL, NULL);
    for (int key = 0; key < MEMBER_KEYS; key++) {
        ask_for(l, ear, KG_VIEW_EXPLAIN, NULL, NULL, keys[key]);
        ask_for(l, ear, KG_VIEW_WHAT_IF, NULL, NULL, keys[key]);
    }
}

static void ask_rounds(member_life *l, uint32_t ear)
{
    ask_for(l, ear, KG_VIEW_ROUNDS, NULL, NULL, NULL);
    for (uint32_t i = 0; i < kg_state_campaigns(l->w.state); i++) {
        const char *id = kg_state_campaign(l->w.state, i)->rules.id;
        ask_for(l, ear, KG_VIEW_ROUND, id, NULL, NULL);
        if (ear == MEMBER_READER)
            continue;
        ask_for(l, ear, KG_VIEW_LINES, id, NULL, NULL);
        ask_for(l, ear, KG_VIEW_NOTICE, id, NULL, NULL);
    }
}

/* Any answer is made of a version's cells; a few ways to add them up stand for all. */
static void ask_volume(member_life *l, uint32_t ear)
{
    static const kg_dimension by[][KG_VOLUME_DIMENSIONS] = {
        {KG_BY_CATEGORY}, {KG_BY_NUTS}, {KG_BY_CATEGORY, KG_BY_NUTS, KG_BY_MONTH, KG_BY_TRACK}};
    static const size_t counts[] = {1, 1, 4};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        kg_query query;
        kg_query_init(&query, KG_VIEW_VOLUME);
        query.by_count = counts[i];
        memcpy(query.by, by[i], sizeof by[i]);
        query.category = i == 1 ? "laptop" : NULL;
        ask(l, ear, &query, "");
    }
}

/* What no answer says, and no fact either: a leak that only a twin can show. */
static void plant(member_life *l, uint32_t ear)
{
    int64_t quantity = 0, most = 0, value = 0;
    for (uint32_t i = 0; i < kg_state_lines(l->w.state); i++) {
        const kg_plan_line line = kg_pool_get(l->w.state, i).line;
        quantity += line.quantity;
        most += line.quantity_max;
        value += line.value_cents;
    }
    kg_buffer_format(&l->told[ear], "\n%lld %lld %lld", (long long)quantity, (long long)most,
                     (long long)value);
}

/* What says nothing of sums that is not a fact already, or should say nothing. */
static void ask_more(member_life *l, uint32_t ear)
{
    ask_for(l, ear, KG_VIEW_STATUS, NULL, NULL, NULL);
    ask_for(l, ear, KG_VIEW_FEED, NULL, NULL, NULL);
    ask_rounds(l, ear);
    ask_volume(l, ear);
    if (l->plant_unseen)
        plant(l, ear);
    if (ear == MEMBER_READER)
        return;
    ask_lines(l, ear);
    ask_tenders(l, ear);
    for (uint32_t i = 0; i < kg_state_lots(l->w.state); i++) {
        const char *id = kg_state_lot(l->w.state, i)->id;
        ask_for(l, ear, KG_VIEW_OFFERS, NULL, id, NULL);
        ask_for(l, ear, KG_VIEW_NOTICE, NULL, id, NULL);
    }
}

void member_told_all(member_life *l)
{
    for (uint32_t ear = 0; ear < MEMBER_EARS; ear++) {
        if (ear != MEMBER_READER)
            ask_lots(l, ear);
        if (l->letters)
            ask_more(l, ear);
    }
}

void member_told_answer(member_life *l, uint32_t body, kg_status status)
{
    if (body >= MEMBER_READER)
        return;
    kg_buffer_format(&l->told[body], "\n%s %s %s", kg_status_name(status), l->w.decision.detail,
                     status == KG_STATUS_OK ? l->w.effects.result : "");
    for (size_t i = 0; i < l->w.decision.problems.count; i++) {
        char *text = kg_problem_write(&l->w.decision.problems.items[i]);
        kg_buffer_format(&l->told[body], "\n%s", text);
        free(text);
    }
}

/* ---- versions ---- */

static void keep_cell(member_life *l, const kg_version_cell *cell)
{
    static const int figures[] = {MEMBER_QUANTITY, MEMBER_VALUE};
    const double sums[] = {(double)cell->quantity, (double)cell->value_cents};
    for (int i = 0; i < 2; i++) {
        uint32_t *lines = malloc(MEMBER_POOL * sizeof *lines);
        size_t count = 0;
        for (uint32_t line = 0; line < MEMBER_POOL; line++) {
            kg_cell_key at;
            int level;
            if (l->class[line] == 0)
                continue;
            kg_disclosure_history_cell(l->history, l->class[line], &at, &level);
            if (at == cell->at && level == cell->level)
                lines[count++] = l->counted[line];
        }
        keep_fact(l, (member_fact){"a cell", ALL_EARS, false, figures[i], sums[i], sums[i], lines,
                                   count});
    }
}

void member_told_version(member_life *l)
{
    for (uint32_t line = 0; line < kg_state_lines(l->w.state); line++) {
        uint32_t class = kg_disclosure_history_class(l->history, line);
        if (class != l->class[line])
            l->counted[line] = l->present[line];
        l->class[line] = class;
    }
    for (size_t i = 0; i < l->version->count; i++)
        keep_cell(l, &l->version->cells[i]);
}
