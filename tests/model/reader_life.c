/* SPDX-License-Identifier: EUPL-1.2 */
#include "reader_life.h"

#include <stdio.h>
#include <stdlib.h>

#include "broker/query/query.h"
#include "broker/query/volume.h"

uint64_t reader_next(reader_life *l)
{
    uint64_t z = l->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static int between(reader_life *l, int low, int high)
{
    return low + (int)(reader_next(l) % (uint64_t)(high - low + 1));
}

static bool chance(reader_life *l, int percent)
{
    return between(l, 1, 100) <= percent;
}

#define PICK(l, list) list[between(l, 0, (int)(sizeof(list) / sizeof((list)[0])) - 1)]

static void name_body(int body, char out[static 16])
{
    snprintf(out, 16, "O%02d", body);
}

/* The first three can be parents of later ones. */
static void register_body(reader_life *l)
{
    char id[16], parent[16] = "";
    kg_command command;
    name_body((int)l->bodies, id);
    kg_command_init(&command, KG_KIND_REGISTER);
    kg_organisation_fini(&command.record);
    record_init(&command.record, id, "nl");
    if (l->bodies >= 3 && chance(l, 15)) {
        name_body(between(l, 0, 2), parent);
        snprintf(command.record.parent, sizeof command.record.parent, "%s", parent);
    }
    world_must(&l->w, COORDINATOR, &command);
    l->bodies++;
}

/* Mostly alike, some large, few huge: cells that pass, and all ways not to. */
static int amount(reader_life *l)
{
    int kind = between(l, 1, 100);
    if (!chance(l, l->rough) || kind <= 40)
        return between(l, 8, 14);
    if (kind <= 85)
        return between(l, 1, 60);
    return kind <= 97 ? between(l, 50, 400) : between(l, 1000, 5000);
}

static void write_line(reader_life *l, char *out, size_t size, int key)
{
    static const char *const nuts[] = {"BE211", "BE211", "BE212", "BE100", "BE2"};
    static const char *const begins[] = {"2027-01-01", "2027-01-01", "2027-02-01", "2027-05-01"};
    bool other = chance(l, l->spread);
    const char *category = other && chance(l, 20) ? "monitor" : "laptop";
    const char *place = other ? PICK(l, nuts) : nuts[0];
    const char *from = other ? PICK(l, begins) : begins[0];
    const char *track = other && chance(l, 20) ? "kopgroep" : "peloton";
    int value = amount(l) * 100, quantity = amount(l);
    snprintf(out, size,
             "line=k%d|category=%s|nuts=%s|track=%s|delivery_from=%s|delivery_to=2027-12-31"
             "|quantity=%d|value=%d\n",
             key, category, place, track, from, quantity, value);
}

/* Whole plans shift: every body's first lines, in one of their columns only. */
static void shift(reader_life *l)
{
    static const char *const columns[] = {"nuts=BE100", "delivery_from=2027-05-01", "value=900"};
    const char *column = PICK(l, columns);
    for (int body = 0; body < (int)l->bodies; body++) {
        char id[16], line[300];
        name_body(body, id);
        uint32_t member = kg_state_find_member(l->w.state, id);
        uint32_t index = kg_state_find_line(l->w.state, member, "k0");
        if (index == KG_NONE || chance(l, 30))
            continue;
        const kg_plan_line now = kg_pool_get(l->w.state, index).line;
        snprintf(line, sizeof line,
                 "line=k0|category=laptop|nuts=BE211|track=peloton|delivery_from=2027-01-01"
                 "|delivery_to=2027-12-31|quantity=%lld|value=%lld",
                 (long long)now.quantity, (long long)now.value_cents / 100);
        /* A column that is named again says the last. */
        snprintf(line + strlen(line), sizeof line - strlen(line), "|%s\n", column);
        world_submit(&l->w, id, line);
    }
}

static void submit(reader_life *l)
{
    char id[16], lines[2000] = "";
    int first = between(l, 0, READER_KEYS - 1), count = between(l, 1, 4);
    name_body(between(l, 0, (int)l->bodies - 1), id);
    for (int i = 0; i < count && first + i < READER_KEYS; i++)
        write_line(l, lines + strlen(lines), sizeof lines - strlen(lines), first + i);
    world_submit(&l->w, id, lines);
}

static void withdraw(reader_life *l)
{
    char id[16], key[8];
    name_body(between(l, 0, (int)l->bodies - 1), id);
    snprintf(key, sizeof key, "k%d", between(l, 0, READER_KEYS - 1));
    world_withdraw(&l->w, id, key);
}

void reader_life_init(reader_life *l, uint64_t seed, kg_disclosure_rules rules, bool forgetful)
{
    memset(l, 0, sizeof *l);
    world_init(&l->w);
    l->w.look_every = 1000000;
    l->random = seed;
    l->rules = rules;
    l->forgetful = forgetful;
    l->history = kg_disclosure_history_new();
    l->busy = between(l, 5, 80);
    l->spread = between(l, 0, 100);
    l->rough = between(l, 0, 60);
    for (int i = between(l, 8, 20); i > 0; i--)
        register_body(l);
    for (int i = between(l, 5, 120); i > 0; i--)
        submit(l);
}

void reader_life_fini(reader_life *l)
{
    kg_disclosure_history_destroy(&l->history);
    kg_version_destroy(&l->version);
    for (int m = 0; m < READER_MEASURES; m++)
        free(l->pieces[m].items);
    world_fini(&l->w);
}

bool reader_set_has(const reader_set *set, size_t sum)
{
    return set->bits[sum / 64] >> sum % 64 & 1;
}

static bool is_empty(const reader_set *set)
{
    static const reader_set none;
    return memcmp(set, &none, sizeof none) == 0;
}

/* Adds a piece; those of one holding in the same sums are one. */
static void keep_piece(reader_pieces *pieces, const reader_piece *piece)
{
    if (is_empty(&piece->sums))
        return;
    for (size_t i = 0; i < pieces->count; i++) {
        reader_piece *other = &pieces->items[i];
        if (other->holding == piece->holding &&
            memcmp(&other->sums, &piece->sums, sizeof other->sums) == 0) {
            other->amount += piece->amount;
            return;
        }
    }
    pieces->items = kg_grow(pieces->items, pieces->count, &pieces->capacity, sizeof *piece);
    pieces->items[pieces->count++] = *piece;
}

/* What the broker says that it counts of a line. */
static void note_class(reader_life *l, uint32_t index, uint32_t class)
{
    reader_line *line = &l->lines[index];
    const kg_pool_line now = kg_pool_get(l->w.state, index);
    const int64_t amounts[READER_MEASURES] = {now.line.value_cents, now.line.quantity};
    line->class = class;
    if (class == 0)
        return;
    line->holding = kg_holding_of(l->w.state, now.member);
    for (int m = 0; m < READER_MEASURES; m++) {
        reader_piece *piece = &line->pieces[m];
        if (piece->amount != amounts[m] || piece->holding != line->holding) {
            keep_piece(&l->pieces[m], piece);
            *piece = (reader_piece){line->holding, amounts[m], {{0}}};
        }
        line->counted[m] = amounts[m];
    }
}

static size_t sum_of(const reader_life *l, uint32_t class)
{
    kg_cell_key at;
    int level;
    kg_disclosure_history_cell(l->history, class, &at, &level);
    for (size_t i = l->sums_count; i-- > 0;)
        if (l->sums[i].version == l->versions && l->sums[i].at == at &&
            l->sums[i].level == level)
            return i;
    fail_msg("version %u counts a line in a cell that it does not show", l->versions);
    return 0;
}

static void note_lines(reader_life *l)
{
    for (uint32_t i = 0; i < kg_state_lines(l->w.state); i++) {
        uint32_t class = kg_disclosure_history_class(l->history, i);
        if (l->forgetful || class != l->lines[i].class)
            note_class(l, i, class);
        if (class == 0)
            continue;
        size_t sum = sum_of(l, class);
        for (int m = 0; m < READER_MEASURES; m++)
            l->lines[i].pieces[m].sums.bits[sum / 64] |= UINT64_C(1) << sum % 64;
    }
}

static void note_sums(reader_life *l)
{
    size_t before = l->sums_count;
    for (size_t i = 0; i < l->version->count; i++) {
        const kg_version_cell *cell = &l->version->cells[i];
        assert_true(l->sums_count < READER_SUMS_MAX);
        l->sums[l->sums_count++] = (reader_sum){l->versions,
                                                cell->at,
                                                cell->level,
                                                {(int64_t)cell->value_cents, cell->quantity}};
        for (size_t k = 0; k < before; k++)
            l->changed += l->sums[k].version + 1 == l->versions && l->sums[k].at == cell->at &&
                          l->sums[k].level == cell->level &&
                          l->sums[k].amounts[READER_VALUE] != (int64_t)cell->value_cents;
    }
}

/* A figure that is not the sum of what it is said to count would make every bound worthless. */
static void check_sums(const reader_life *l)
{
    for (size_t s = 0; s < l->sums_count; s++) {
        const reader_sum *sum = &l->sums[s];
        int64_t truth[READER_MEASURES] = {0};
        if (sum->version != l->versions)
            continue;
        for (size_t i = 0; i < READER_LINES; i++)
            for (int m = 0; m < READER_MEASURES; m++)
                if (reader_set_has(&l->lines[i].pieces[m].sums, s))
                    truth[m] += l->lines[i].counted[m];
        for (int m = 0; m < READER_MEASURES; m++)
            assert_int_equal(truth[m], sum->amounts[m]);
    }
}

static void publish(reader_life *l)
{
    if (l->forgetful) {
        kg_disclosure_history_destroy(&l->history);
        l->history = kg_disclosure_history_new();
    }
    kg_version_destroy(&l->version);
    l->version = kg_disclosure_pool_next(l->history, l->w.state, &l->rules, l->w.now.today);
    l->versions++;
    note_sums(l);
    note_lines(l);
    check_sums(l);
}

void reader_life_step(reader_life *l)
{
    for (int i = between(l, 0, l->busy); i > 0; i--) {
        if (l->bodies < READER_BODIES && chance(l, 15))
            register_body(l);
        else if (chance(l, 25))
            withdraw(l);
        else if (chance(l, 4))
            shift(l);
        else
            submit(l);
    }
    l->w.now.today++;
    l->w.now.time_ms += 86400000;
    publish(l);
}

void reader_life_end(reader_life *l)
{
    for (size_t i = 0; i < READER_LINES; i++)
        for (int m = 0; m < READER_MEASURES; m++)
            keep_piece(&l->pieces[m], &l->lines[i].pieces[m]);
}
