/* SPDX-License-Identifier: EUPL-1.2 */
/* Suppliers' offers: recorded from a file, and taken over by the award. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "client/session.h"
#include "client/workbook/offer_workbook.h"
#include "client/workbook/plan_workbook.h"
#include "proto/offer.h"

/* A workbook by what it holds, a CSV by its name; else a settings file. */
static kg_offer *read_offers(const char *file, kg_command *command, kg_problems *problems)
{
    const char *dot = strrchr(file, '.');
    if (kg_workbook_is(file))
        return kg_offer_workbook_read(file, &command->arena, &command->offers_count, problems);
    if (dot && strcasecmp(dot, ".csv") == 0)
        return kg_offers_read_csv(file, &command->arena, &command->offers_count, problems);
    return kg_offers_read(file, &command->arena, &command->offers_count, problems);
}

void kopgroep_lot_offers(kopgroep_session *session, const char *lot, const char *file,
                         kopgroep_answer *answer)
{
    kg_command command;
    kg_problems problems;
    kg_client_begin(session, answer);
    kg_command_init(&command, KG_KIND_LOT_OFFERS);
    kg_problems_init(&problems, file);
    command.lot = lot;
    command.offers = read_offers(file, &command, &problems);
    if (command.offers)
        kg_client_command(session, &command, NULL, answer);
    else
        kg_client_take_problems(answer, &problems);
    kg_problems_fini(&problems);
    kg_command_fini(&command);
}

/* The offer of a supplier, borrowed from the document; NULL when there is none. */
static const json_t *find_offer(const json_t *document, const char *supplier)
{
    size_t i;
    const json_t *offer;
    json_array_foreach(json_object_get(document, "offers"), i, offer)
    {
        const char *name = json_string_value(json_object_get(offer, "supplier"));
        if (name && strcmp(name, supplier) == 0)
            return offer;
    }
    return NULL;
}

static void join_labels(const json_t *offer, kg_buffer *out)
{
    size_t i;
    const json_t *label;
    json_array_foreach(json_object_get(offer, "labels"), i, label)
        kg_buffer_format(out, "%s%s", i > 0 ? "; " : "", json_string_value(label));
}

static void award(kopgroep_session *session, const char *lot, const json_t *offer,
                  kopgroep_answer *answer)
{
    kg_buffer evidence;
    kg_buffer_init(&evidence);
    join_labels(offer, &evidence);
    kopgroep_lot_award(session, lot, json_string_value(json_object_get(offer, "supplier")),
                       json_string_value(json_object_get(offer, "unit_price")),
                       json_string_value(json_object_get(offer, "levels")), evidence.bytes, answer);
    kg_buffer_fini(&evidence);
}

static void say_no_offer(const json_t *document, const char *lot, const char *supplier,
                         kopgroep_answer *answer)
{
    const bool none = json_array_size(json_object_get(document, "offers")) == 0;
    if (none)
        kg_client_say(answer, KOPGROEP_REFUSED, "No offers were recorded for %s.", lot);
    else
        kg_client_say(answer, KOPGROEP_REFUSED, "No offer of '%s' was recorded for %s.", supplier,
                      lot);
    answer->code = KG_STATUS_NO_OFFERS;
    answer->code_name = kg_status_name(KG_STATUS_NO_OFFERS);
}

void kopgroep_lot_award_offer(kopgroep_session *session, const char *lot, const char *supplier,
                              kopgroep_answer *answer)
{
    const kopgroep_question question = {.view = KOPGROEP_VIEW_OFFERS, .lot = lot};
    kopgroep_answer offers = {0};
    kopgroep_ask(session, &question, &offers);
    if (offers.outcome != KOPGROEP_DONE) {
        *answer = offers;
        return;
    }
    json_t *document = json_loads(offers.document, 0, NULL);
    const json_t *offer = find_offer(document, supplier);
    kg_client_begin(session, answer);
    if (offer)
        award(session, lot, offer, answer);
    else
        say_no_offer(document, lot, supplier, answer);
    json_decref(document);
    kopgroep_answer_fini(&offers);
}
