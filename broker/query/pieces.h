/* SPDX-License-Identifier: EUPL-1.2 */
/* Values as pieces of a JSON document (jansson). Each returns a new reference. */
#ifndef KG_PIECES_H
#define KG_PIECES_H

#include <jansson.h>

#include "broker/domain/state.h"

json_t *kg_json_text(const char *text);            /* NULL or "": null */
json_t *kg_json_life_cycle(const kg_life_cycle *by); /* null where there is none */
json_t *kg_json_money(kg_int128 cents);            /* "812000.00" */
json_t *kg_json_date(kg_date date);                /* "2027-01-31"; KG_DATE_NONE: null */
json_t *kg_json_time(int64_t time_ms);
json_t *kg_json_languages(kg_languages languages); /* "nl fr" */
json_t *kg_json_category(const kg_state *state, kg_category category);
/* {"warranty-years":"3"}: the levels above their lowest; for `hi`, those that limit. */
json_t *kg_json_levels(const kg_state *state, kg_category category, const kg_levels *levels);
/* What is in `levels` above `base`. */
json_t *kg_json_levels_above(const kg_state *state, kg_category category,
                             const kg_levels *levels, const kg_levels *base);
json_t *kg_json_window(kg_date from, kg_date to);  /* {"from":..,"to":..} */
json_t *kg_json_titles(char *const titles[KG_NAMES]); /* {"nl":..}; absent ones left out */
json_t *kg_json_reasons(uint32_t blocking);        /* ["CRITERION","WINDOW"] */
json_t *kg_json_change(const kg_state *state, kg_category category, const kg_change *change);
json_t *kg_json_regime(kg_regime regime);          /* "eu", "national" or null */
json_t *kg_json_id(const kg_state *state, uint32_t lot); /* a lot's id, or null */
/* The document, compact; takes the reference. */
void kg_json_write(json_t *json, kg_buffer *out);

#endif
