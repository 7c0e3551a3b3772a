/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/domain/apply.h"

#define CAPACITY_MIN 4

const char *kg_feed_kind_name(kg_feed_kind kind)
{
    static const char *const names[KG_FEED_KINDS] = {
        [KG_FEED_REGISTERED] = "registered",
        [KG_FEED_PLAN_TAKEN] = "plan-taken",
        [KG_FEED_LINE_WITHDRAWN] = "line-withdrawn",
        [KG_FEED_ROUND_OPENED] = "round-opened",
        [KG_FEED_ROUND_EXTENDED] = "round-extended",
        [KG_FEED_ROUND_CLOSED] = "round-closed",
        [KG_FEED_LINES_CLAIMED] = "lines-claimed",
        [KG_FEED_LINE_PLACED] = "line-placed",
        [KG_FEED_LINE_UNPLACED] = "line-unplaced",
        [KG_FEED_LOT_CONFIRMING] = "lot-confirming",
        [KG_FEED_LOT_ANSWERED] = "lot-answered",
        [KG_FEED_LINE_MOVED] = "line-moved",
        [KG_FEED_LOT_CONFIRMED] = "lot-confirmed",
        [KG_FEED_LOT_FAILED] = "lot-failed",
        [KG_FEED_ROUND_CONCLUDED] = "round-concluded",
        [KG_FEED_ROUND_CANCELLED] = "round-cancelled",
        [KG_FEED_TENDER_LAUNCHED] = "tender-launched",
        [KG_FEED_LOT_AWARDED] = "lot-awarded",
        [KG_FEED_LOT_CALLED_OFF] = "lot-called-off",
        [KG_FEED_LOT_EXHAUSTED] = "lot-exhausted",
        [KG_FEED_LOT_EXPIRED] = "lot-expired",
        [KG_FEED_KEY_ADDED] = "key-added",
        [KG_FEED_KEY_REVOKED] = "key-revoked",
        [KG_FEED_LINES_READ] = "lines-read",
        [KG_FEED_LOT_OFFERS] = "lot-offers",
    };
    return names[kind];
}

static void note(kg_effects *effects, const kg_state *state, uint32_t member)
{
    if (member >= effects->told_count) {
        effects->told = kg_realloc(effects->told, state->members_capacity, 1);
        memset(effects->told + effects->told_count, 0,
               state->members_capacity - effects->told_count);
        effects->told_count = state->members_capacity;
    }
    if (effects->told[member])
        return;
    effects->told[member] = 1;
    effects->members =
        kg_grow(effects->members, effects->count, &effects->capacity, sizeof *effects->members);
    effects->members[effects->count++] = member;
}

static const char *text_or_none(const char *text)
{
    return text ? text : "";
}

void kg_tell(kg_apply *apply, uint32_t member, kg_feed_kind kind, kg_about about)
{
    kg_feed *feed = &apply->state->members[member]->feed;
    if (feed->count == feed->capacity) { /* by half: there are many feeds, and most stay short */
        feed->capacity = feed->capacity ? feed->capacity + feed->capacity / 2 : CAPACITY_MIN;
        feed->entries = kg_realloc(feed->entries, feed->capacity, sizeof *feed->entries);
    }
    feed->entries[feed->count] = (kg_feed_entry){.number = feed->count + 1,
                                                 .sequence = apply->event->sequence,
                                                 .time_ms = apply->event->time_ms,
                                                 .kind = kind,
                                                 .round = text_or_none(about.round),
                                                 .lot = text_or_none(about.lot),
                                                 .tender = text_or_none(about.tender),
                                                 .line = text_or_none(about.line),
                                                 .detail = text_or_none(about.detail)};
    feed->count++;
    note(apply->effects, apply->state, member);
}

void kg_tell_lot(kg_apply *apply, const kg_lot *lot, kg_feed_kind kind, kg_about about)
{
    about.lot = lot->id;
    about.round = apply->state->campaigns[lot->campaign]->rules.id;
    for (size_t i = 0; i < lot->members_count; i++)
        if (kg_lot_first_of_body(apply->state, lot, i))
            kg_tell(apply, kg_lot_body(apply->state, lot, i), kind, about);
}

void kg_tell_everybody(kg_apply *apply, kg_feed_kind kind, kg_about about)
{
    for (uint32_t i = 0; i < apply->state->members_count; i++)
        kg_tell(apply, i, kind, about);
}

void kg_tell_round(kg_apply *apply, const kg_campaign *campaign, kg_feed_kind kind, kg_about about)
{
    uint32_t coordinator = kg_state_find_member(apply->state, campaign->coordinator);
    bool told = false;
    about.round = campaign->rules.id;
    if (campaign->state == KG_ROUND_OPEN) {
        kg_tell_everybody(apply, kind, about);
        return;
    }
    for (size_t i = 0; i < campaign->bodies_count; i++) {
        kg_tell(apply, campaign->bodies[i].member, kind, about);
        told |= campaign->bodies[i].member == coordinator;
    }
    if (!told)
        kg_tell(apply, coordinator, kind, about);
}
