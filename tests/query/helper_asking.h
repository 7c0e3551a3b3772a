/* SPDX-License-Identifier: EUPL-1.2 */
/* Asks a world of helper_world.h: what an organisation is answered, as parsed JSON, or which status
 * refuses it. */
#ifndef HELPER_ASKING_H
#define HELPER_ASKING_H

#include "../domain/helper_world.h"

#include <jansson.h>

#include "broker/query/query.h"

/* A query of a view; whatever is NULL is not named. */
kg_query query_of(kg_view view, const char *round, const char *lot, const char *line);
kg_query tender_query(const char *tender, const char *const *lots, size_t count);

/* The answer as it is written, and its status. `out` is initialised here. */
kg_status answer_of(const world *w, const char *organisation, uint32_t roles,
                    const kg_query *query, kg_buffer *out);
/* The answer; the test fails when it is refused. Returns owned. */
json_t *asked(const world *w, const char *organisation, uint32_t roles, const kg_query *query);
void refused(const world *w, const char *organisation, uint32_t roles, const kg_query *query,
             kg_status status);

/* An entry of an object, which must be there. */
json_t *entry(const json_t *object, const char *key);
const char *text(const json_t *object, const char *key);
bool is_null(const json_t *object, const char *key);
/* Compact, for comparing; the test frees it. */
#define assert_json(object, key, expected)                                                         \
    do {                                                                                           \
        char *found_ = json_dumps(entry(object, key), JSON_COMPACT | JSON_ENCODE_ANY);             \
        assert_string_equal(found_, expected);                                                     \
        free(found_);                                                                              \
    } while (0)

/* Does this text stand anywhere in the answer? */
bool holds(const json_t *json, const char *word);

#endif
