/* SPDX-License-Identifier: EUPL-1.2 */
/* The views, one function each; query.c finds them. Each sets `*out` to a new reference, or
 * returns why not, with a sentence in `detail` (600 bytes) where the status's own is not enough. */
#ifndef KG_VIEW_H
#define KG_VIEW_H

#include "broker/query/pieces.h"
#include "broker/query/query.h"

typedef struct kg_asking {
    const kg_state *state;
    const kg_asker *asker;
    const kg_query *query;
    const kg_query_context *context;
    uint32_t member; /* the asker's index among the members */
    char *detail;
} kg_asking;

kg_status kg_view_status(const kg_asking *asking, json_t **out);
kg_status kg_view_lines(const kg_asking *asking, json_t **out);
kg_status kg_view_explain(const kg_asking *asking, json_t **out);
kg_status kg_view_what_if(const kg_asking *asking, json_t **out);
/* Writes its answer itself: see volume_text.h. */
kg_status kg_view_volume(const kg_asking *asking, kg_buffer *out);
/* Volume for readers; `round`: whose scope is asked for, or NULL. */
kg_status kg_view_published(const kg_asking *asking, const kg_round *round, json_t **out);
kg_status kg_view_rounds(const kg_asking *asking, json_t **out);
kg_status kg_view_round(const kg_asking *asking, json_t **out);
kg_status kg_view_lots(const kg_asking *asking, json_t **out);
kg_status kg_view_lot(const kg_asking *asking, json_t **out);
kg_status kg_view_offers(const kg_asking *asking, json_t **out);
kg_status kg_view_tenders(const kg_asking *asking, json_t **out);
kg_status kg_view_tender(const kg_asking *asking, json_t **out);
kg_status kg_view_feed(const kg_asking *asking, json_t **out);
kg_status kg_view_organisations(const kg_asking *asking, json_t **out);
kg_status kg_view_notice(const kg_asking *asking, json_t **out);
kg_status kg_view_keys(const kg_asking *asking, json_t **out);
kg_status kg_view_practices(const kg_asking *asking, json_t **out);
kg_status kg_view_practice(const kg_asking *asking, json_t **out);
/* For each level of a lot above the lowest: which clauses there are for it. */
json_t *kg_json_clauses(const kg_state *state, const kg_grouped_lot *shape);

/* The present keys of a member: [{"key":..,"sign":..,"roles":[..]}]. */
json_t *kg_json_keys(const kg_member *member);

/* Has the asker this role, and is the round its own? */
bool kg_asking_coordinates(const kg_asking *asking, const kg_campaign *campaign);
/* Has it no role but the reader's? Then nothing live that counts lines or lots is told. */
bool kg_asking_only_reads(const kg_asking *asking);
/* A count; null for one that only reads. */
json_t *kg_asking_count(const kg_asking *asking, size_t count);
/* Has the asker's organisation a line in the lot (or had one in it when it was proposed)? */
bool kg_asking_in_lot(const kg_asking *asking, const kg_lot *lot);
/* Where a line stands: "free" "claimed" "placed" "unplaced" "withdrawn". */
const char *kg_line_standing(const kg_state *state, const kg_pool_line *line);
/* The line's claim in its last round, or NULL. */
const kg_claim *kg_line_claim(const kg_state *state, const kg_pool_line *line);

#endif
