/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/export/result.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "proto/identity.h"
#include "proto/memory.h"

#define FLUSH_BYTES 65536

static const char *const change_fields[] = {
    [KG_CHANGE_ACCEPTS] = "accepts",       [KG_CHANGE_DELIVERY_FROM] = "delivery_from",
    [KG_CHANGE_DELIVERY_TO] = "delivery_to", [KG_CHANGE_LANGUAGES] = "languages",
    [KG_CHANGE_CONDITION] = "condition",   [KG_CHANGE_CRITERIA] = "criteria",
};

/* Bytes on their way to the sink, in large pieces: hashes and files dislike small ones. */
typedef struct writer {
    kg_buffer buffer;
    kg_sink sink;
    const kg_result *result;
    char (*lot_ids)[KG_LOT_ID_BYTES]; /* owned; by lot index */
} writer;

static void flush(writer *w)
{
    w->sink.write(w->sink.context, w->buffer.bytes, w->buffer.count);
    w->buffer.count = 0;
}

static inline void put(writer *w, const char *text)
{
    kg_buffer_add(&w->buffer, text, strlen(text));
}

static int put_piece(const char *bytes, size_t count, void *context)
{
    kg_buffer_add(context, bytes, count);
    return 0;
}

/* Takes `json`; one that could not be made, for want of memory or well-formed text, ends the
 * process, as no true result can be written any more. */
static void put_json(writer *w, json_t *json, size_t flags)
{
    if (!json || json_dump_callback(json, put_piece, &w->buffer, flags | JSON_COMPACT) != 0)
        kg_memory_end();
    json_decref(json);
}

/* Length of a text that stands for itself in JSON; -1 when it has something to escape. */
static ptrdiff_t plain_bytes(const char *text)
{
    const char *at = text;
    for (; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == '"' || *at == '\\')
            return -1;
    return at - text;
}

/* Rows are many and their texts nearly always plain: those need no tree. */
static void put_text(writer *w, const char *text)
{
    ptrdiff_t bytes = plain_bytes(text);
    if (bytes < 0) {
        put_json(w, json_string(text), JSON_ENCODE_ANY);
        return;
    }
    kg_buffer_add(&w->buffer, "\"", 1);
    kg_buffer_add(&w->buffer, text, (size_t)bytes);
    kg_buffer_add(&w->buffer, "\"", 1);
}

static void put_line(writer *w, uint32_t line)
{
    put(w, "{\"organisation\":");
    put_text(w, w->result->organisations[line]);
    put(w, ",\"line\":");
    put_text(w, w->result->lines[line]);
}

static const char *level_text(const writer *w, kg_category category, int place, uint8_t rank)
{
    return kg_category_criterion(w->result->catalogue, category, place)->levels[rank];
}

/* {"warranty-years":"3"}: the levels of `levels` that stand above `base`. Returns owned. */
static json_t *levels_json(const writer *w, kg_category category, const kg_levels *levels,
                           const kg_levels *base)
{
    json_t *out = json_object();
    int count = kg_category_criteria(w->result->catalogue, category);
    for (int i = 0; i < count; i++) {
        const kg_criterion *criterion = kg_category_criterion(w->result->catalogue, category, i);
        uint8_t rank = levels->rank[i];
        if (rank > base->rank[i])
            json_object_set_new(out, criterion->id, json_string(criterion->levels[rank]));
    }
    return out;
}

static json_t *money_json(kg_int128 cents)
{
    char text[KG_MONEY_BYTES];
    kg_money_write(cents, text);
    return json_string(text);
}

static json_t *window_json(const kg_grouped_lot *lot)
{
    char from[KG_DATE_BYTES], to[KG_DATE_BYTES];
    kg_date_write(lot->from, from);
    kg_date_write(lot->to, to);
    return json_pack("{s:s,s:s}", "from", from, "to", to);
}

static json_t *lead_json(const writer *w, const kg_grouped_lot *lot)
{
    return lot->lead == KG_NO_ORGANISATION ? json_null()
                                           : json_string(w->result->bodies[lot->lead]);
}

static json_t *regime_json(kg_regime regime)
{
    switch (regime) {
    case KG_REGIME_EU:
        return json_string("eu");
    case KG_REGIME_NATIONAL:
        return json_string("national");
    default:
        return json_null();
    }
}

/* What the lot is; then, what it holds. */
static json_t *terms_json(const writer *w, const kg_grouped_lot *lot, const char *id)
{
    static const kg_levels lowest;
    char category[KG_CATEGORY_NAME_BYTES];
    kg_category_name(w->result->catalogue, lot->category, category);
    return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:o,s:i,s:o}", "lot", id, "category", category,
                     "condition", kg_condition_name(lot->condition), "nuts", lot->nuts.code,
                     "language", kg_language_code(lot->language), "track",
                     kg_track_name(lot->track), "criteria",
                     levels_json(w, lot->category, &lot->x, &lowest), "steps", (int)lot->steps,
                     "window", window_json(lot));
}

static json_t *totals_json(const writer *w, const kg_grouped_lot *lot)
{
    return json_pack("{s:o,s:I,s:I,s:I,s:I,s:o,s:o,s:o,s:o}", "lead", lead_json(w, lot), "bodies",
                     (json_int_t)lot->bodies, "quantity_min", (json_int_t)lot->quantity_min,
                     "quantity", (json_int_t)lot->quantity, "quantity_max",
                     (json_int_t)lot->quantity_max, "value", money_json(lot->value_cents),
                     "value_max", money_json(lot->value_max_cents), "regime",
                     regime_json(lot->regime), "headroom",
                     levels_json(w, lot->category, &lot->headroom, &lot->x));
}

static void put_member(writer *w, uint32_t line)
{
    char quantity[24];
    kg_text_format(quantity, sizeof quantity, "%lld", (long long)w->result->quantities[line]);
    put_line(w, line);
    put(w, ",\"track\":");
    put_text(w, kg_track_name(w->result->tracks[line]));
    put(w, ",\"quantity\":");
    put(w, quantity);
    put(w, "}");
}

static void put_members(writer *w, const kg_grouped_lot *lot)
{
    const uint32_t *members = w->result->outcome->members + lot->members_first;
    put(w, ",\"members\":[");
    for (uint32_t i = 0; i < lot->members_count; i++) {
        if (i > 0)
            put(w, ",");
        put_member(w, members[i]);
        if (w->buffer.count > FLUSH_BYTES)
            flush(w);
    }
    put(w, "]");
}

static void put_lots(writer *w)
{
    const kg_outcome *outcome = w->result->outcome;
    put(w, ",\"lots\":[");
    for (size_t i = 0; i < outcome->lots_count; i++) {
        const kg_grouped_lot *lot = &outcome->lots[i];
        put(w, i > 0 ? ",{" : "{");
        put_json(w, terms_json(w, lot, w->lot_ids[i]), JSON_EMBED);
        put(w, ",");
        put_json(w, totals_json(w, lot), JSON_EMBED);
        put_members(w, lot);
        put(w, "}");
    }
    put(w, "]");
}

static void put_blocking(writer *w, uint32_t blocking)
{
    const char *separator = "";
    put(w, ",\"blocking\":[");
    for (int i = 0; i < KG_REASONS; i++) {
        if (!(blocking >> i & 1))
            continue;
        put(w, separator);
        put_text(w, kg_reason_name((kg_reason)i));
        separator = ",";
    }
    put(w, "]");
}

static void put_change_to(writer *w, const kg_change *change, kg_category category)
{
    char text[KG_LANGUAGES_BYTES];
    switch (change->field) {
    case KG_CHANGE_ACCEPTS:
    case KG_CHANGE_CRITERIA:
        put_text(w, level_text(w, category, change->place, change->rank));
        break;
    case KG_CHANGE_LANGUAGES:
        kg_languages_write(change->languages, text);
        put_text(w, text);
        break;
    case KG_CHANGE_CONDITION:
        put_text(w, kg_condition_name(change->conditions));
        break;
    default:
        kg_date_write(change->date, text);
        put_text(w, text);
    }
}

static void put_change(writer *w, const kg_change *change, kg_category category)
{
    put(w, ",\"change\":");
    if (change->field == KG_CHANGE_NONE) {
        put(w, "null");
        return;
    }
    put(w, "{\"field\":");
    put_text(w, change_fields[change->field]);
    put(w, ",\"criterion\":");
    if (change->place < 0)
        put(w, "null");
    else
        put_text(w, kg_category_criterion(w->result->catalogue, category, change->place)->id);
    put(w, ",\"to\":");
    put_change_to(w, change, category);
    put(w, "}");
}

static void put_unplaced_line(writer *w, const kg_unplaced *unplaced)
{
    bool near = unplaced->nearest_lot != KG_NO_LOT;
    put_line(w, unplaced->line);
    put(w, ",\"reason\":");
    put_text(w, kg_reason_name(unplaced->reason));
    put_blocking(w, unplaced->blocking);
    put(w, ",\"nearest_lot\":");
    if (near)
        put_text(w, w->lot_ids[unplaced->nearest_lot]);
    else
        put(w, "null");
    put_change(w, &unplaced->change,
               near ? w->result->outcome->lots[unplaced->nearest_lot].category : KG_CATEGORY_NONE);
    put(w, "}");
}

static void put_unplaced(writer *w)
{
    const kg_outcome *outcome = w->result->outcome;
    put(w, ",\"unplaced\":[");
    for (size_t i = 0; i < outcome->unplaced_count; i++) {
        if (i > 0)
            put(w, ",");
        put_unplaced_line(w, &outcome->unplaced[i]);
        if (w->buffer.count > FLUSH_BYTES)
            flush(w);
    }
    put(w, "]");
}

static json_t *score_json(const kg_score *score)
{
    return json_pack("{s:I,s:I,s:I,s:I,s:o,s:o,s:I}", "lines", (json_int_t)score->lines, "placed",
                     (json_int_t)score->placed, "binding", (json_int_t)score->binding, "bodies",
                     (json_int_t)score->bodies, "ambition_value",
                     money_json(score->ambition_value), "value", money_json(score->value), "lots",
                     (json_int_t)score->lots);
}

static void write_lot_ids(writer *w)
{
    const kg_outcome *outcome = w->result->outcome;
    w->lot_ids = kg_alloc(outcome->lots_count, sizeof *w->lot_ids);
    for (size_t i = 0; i < outcome->lots_count; i++) {
        const kg_grouped_lot *lot = &outcome->lots[i];
        kg_lot_id_write(w->result->round, w->result->catalogue, lot->category, lot->nuts.code,
                        lot->number, w->lot_ids[i]);
    }
}

void kg_result_write(const kg_result *result, const char *digest, kg_sink sink)
{
    writer w = {.sink = sink, .result = result};
    kg_buffer_init(&w.buffer);
    write_lot_ids(&w);
    put(&w, "{");
    put_json(&w,
             json_pack("{s:s,s:s,s:s,s:s}", "round", result->round, "ruleset", result->ruleset,
                       "input_digest", result->input_digest, "result_digest", digest),
             JSON_EMBED);
    put_lots(&w);
    put_unplaced(&w);
    put(&w, ",\"score\":");
    put_json(&w, score_json(&result->outcome->score), 0);
    put(&w, "}");
    flush(&w);
    free(w.lot_ids);
    kg_buffer_fini(&w.buffer);
}

void kg_result_write_digested(const kg_result *result, kg_sink sink)
{
    uint8_t digest[KG_SHA256_BYTES];
    char hex[2 * KG_SHA256_BYTES + 1];
    kg_sha256 *hash = kg_sha256_new();
    kg_result_write(result, "", kg_sha256_sink(hash));
    kg_sha256_end(&hash, digest);
    kg_hex_write(digest, sizeof digest, hex);
    kg_result_write(result, hex, sink);
}

void kg_lot_id_write(const char *round, const kg_catalogue *catalogue, kg_category category,
                     const char *nuts, uint32_t number, char out[static KG_LOT_ID_BYTES])
{
    char name[KG_CATEGORY_NAME_BYTES];
    kg_category_name(catalogue, category, name);
    kg_text_format(out, KG_LOT_ID_BYTES, "%s/%s/%s/%u", round, name, nuts, number);
}
