/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "broker/domain/state_private.h"

void kg_lot_drop_offers(kg_lot *lot)
{
    for (size_t i = 0; i < lot->offers_count; i++) {
        free(lot->offers[i].supplier);
        free(lot->offers[i].levels);
        free(lot->offers[i].labels);
    }
    free(lot->offers);
    lot->offers = NULL;
    lot->offers_count = 0;
}

static char *write_levels(const kg_offer *offer)
{
    kg_buffer out;
    kg_buffer_init(&out);
    kg_buffer_format(&out, "%s", "");
    for (size_t i = 0; i < offer->levels_count; i++)
        kg_buffer_format(&out, "%s%s=%s", i > 0 ? " " : "", offer->levels[i].criterion,
                         offer->levels[i].level);
    return out.bytes;
}

static char *write_labels(const kg_offer *offer)
{
    kg_buffer out;
    kg_buffer_init(&out);
    kg_buffer_format(&out, "%s", "");
    for (size_t i = 0; i < offer->labels.count; i++)
        kg_buffer_format(&out, "%s%s", i > 0 ? "\n" : "", offer->labels.items[i]);
    return out.bytes;
}

void kg_lot_take_offers(kg_lot *lot, const kg_offer *offers, size_t count)
{
    kg_lot_drop_offers(lot);
    lot->offers = kg_alloc(count + 1, sizeof *lot->offers);
    lot->offers_count = count;
    for (size_t i = 0; i < count; i++) {
        kg_lot_offer *own = &lot->offers[i];
        *own = (kg_lot_offer){.offer = offers[i],
                              .supplier = kg_strdup(offers[i].supplier),
                              .levels = write_levels(&offers[i]),
                              .labels = write_labels(&offers[i])};
        own->offer.supplier = NULL;
        own->offer.levels = NULL;
        own->offer.levels_count = 0;
        own->offer.labels = (kg_texts){0};
    }
}
