/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>
#include <string.h>

#include "broker/query/figures.h"
#include "broker/query/view.h"

static json_t *categories_of(const kg_state *state, const kg_round *round)
{
    json_t *out = json_array();
    for (size_t i = 0; i < round->categories_count; i++)
        json_array_append_new(out, kg_json_category(state, round->categories[i]));
    return out;
}

static json_t *cpv_of(const kg_round *round)
{
    json_t *out = json_array();
    for (size_t i = 0; i < round->cpv_count; i++)
        json_array_append_new(out, json_string(round->cpv[i].digits));
    return out;
}

static json_t *nuts_of(const kg_round *round)
{
    json_t *out = json_array();
    for (size_t i = 0; i < round->nuts_count; i++)
        json_array_append_new(out, json_string(round->nuts[i].code));
    return out;
}

static json_t *summary_of(const kg_asking *asking, const kg_campaign *campaign)
{
    const kg_state *state = asking->state;
    const kg_round *round = &campaign->rules;
    return json_pack(
        "{s:s,s:s,s:s,s:o,s:o,s:o,s:o,s:i,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "round",
        round->id, "state",
        campaign->reconfirming && campaign->state == KG_ROUND_CONFIRMING
            ? "reconfirming"
            : kg_round_state_name(campaign->state),
        "coordinator", campaign->coordinator, "title", kg_json_titles(round->titles),
        "categories", categories_of(state, round), "cpv", cpv_of(round), "nuts", nuts_of(round),
        "nuts_level", round->nuts_level, "delivery_from", kg_json_date(round->delivery_from),
        "delivery_to", kg_json_date(round->delivery_to), "opens", kg_json_date(round->opens),
        "closes", kg_json_date(round->closes), "confirm_by", kg_json_date(round->confirm_by),
        "reconfirm_by", kg_json_date(round->reconfirm_by), "award_by",
        kg_json_date(round->award_by), "lines", kg_asking_count(asking, campaign->claims_count),
        "lots", kg_asking_count(asking, campaign->lots_count));
}

kg_status kg_view_rounds(const kg_asking *asking, json_t **out)
{
    *out = json_array();
    for (uint32_t i = 0; i < kg_state_campaigns(asking->state); i++)
        json_array_append_new(*out,
                              summary_of(asking, kg_state_campaign(asking->state, i)));
    return KG_STATUS_OK;
}

static void add_rules(const kg_round *round, json_t *out)
{
    json_object_set_new(out, "bodies_min", json_integer(round->bodies_min));
    json_object_set_new(out, "quantity_min", json_integer(round->quantity_min));
    json_object_set_new(out, "value_min", kg_json_money(round->value_min_cents));
    json_object_set_new(out, "value_max", kg_json_money(round->value_max_cents));
    json_object_set_new(out, "window_days_min", json_integer(round->window_days_min));
}

/* A share of two sums as a percentage with one decimal, rounded down; null without a whole. */
static json_t *share(kg_int128 part, kg_int128 whole)
{
    char text[32];
    if (whole == 0)
        return json_null();
    int tenths = (int)(part * 1000 / whole);
    kg_text_format(text, sizeof text, "%d.%d", tenths / 10, tenths % 10);
    return json_string(text);
}

static json_t *signal_of(const kg_state *state, const kg_round_figures *figures)
{
    json_t *out = json_object();
    for (size_t i = 0; i < figures->categories_count; i++) {
        char name[KG_CATEGORY_NAME_BYTES];
        kg_category_name(kg_state_catalogue(state), figures->categories[i].category, name);
        json_object_set_new(out, name,
                            json_integer((json_int_t)figures->categories[i].vectors));
    }
    return out;
}

static json_t *reasons_of(const kg_campaign *campaign)
{
    uint64_t counts[KG_REASONS] = {0};
    json_t *out = json_object();
    for (size_t i = 0; i < campaign->claims_count; i++)
        if (campaign->claims[i].lot == KG_NONE && campaign->claims[i].why.blocking != 0)
            counts[campaign->claims[i].why.reason]++;
    for (int reason = 0; reason < KG_REASONS; reason++)
        if (counts[reason] > 0)
            json_object_set_new(out, kg_reason_name((kg_reason)reason),
                                json_integer((json_int_t)counts[reason]));
    return out;
}

static void add_figures(const kg_state *state, const kg_campaign *campaign, json_t *out)
{
    kg_round_figures figures;
    kg_round_figures_count(state, campaign, &figures);
    json_object_set_new(out, "placed", json_integer((json_int_t)figures.placed));
    json_object_set_new(out, "unplaced", reasons_of(campaign));
    json_object_set_new(out, "value", kg_json_money(figures.value));
    json_object_set_new(out, "value_kopgroep_percent",
                        share(figures.value_kopgroep, figures.value));
    json_object_set_new(out, "level_vectors", signal_of(state, &figures));
    json_object_set_new(out, "small_bodies", json_integer((json_int_t)figures.small_bodies));
    json_object_set_new(out, "small_bodies_placed_percent",
                        share((kg_int128)figures.small_bodies_placed,
                              (kg_int128)figures.small_bodies));
    json_object_set_new(out, "answers_open", json_integer((json_int_t)figures.answers_open));
    kg_round_figures_fini(&figures);
}

kg_status kg_view_round(const kg_asking *asking, json_t **out)
{
    const char *id = asking->query->round ? asking->query->round : "";
    uint32_t index = kg_state_find_campaign(asking->state, id);
    if (index == KG_NONE)
        return KG_STATUS_UNKNOWN_ROUND;
    const kg_campaign *campaign = kg_state_campaign(asking->state, index);
    *out = summary_of(asking, campaign);
    add_rules(&campaign->rules, *out);
    json_object_set_new(*out, "reason", kg_json_text(campaign->reason));
    if (kg_asking_coordinates(asking, campaign) && campaign->proposed) {
        json_object_set_new(*out, "ruleset", json_string(campaign->ruleset));
        json_object_set_new(*out, "input_digest", json_string(campaign->input_digest));
        add_figures(asking->state, campaign, *out);
    }
    return KG_STATUS_OK;
}
