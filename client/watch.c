/* SPDX-License-Identifier: EUPL-1.2 */
/* Following a feed: hints only say that there is more; content is pulled by number, so nothing is
 * lost when a hint is. */
#include <jansson.h>
#include <stdlib.h>

#include "client/session.h"

#define SILENCE_MS 10000 /* pulled at least so often, hint or not */
#define RETRY_MS 1000    /* after the broker could not be reached */

typedef struct kg_watching {
    uint64_t since;
    kopgroep_each each;
    void *context;
    bool stopped; /* `each` said so */
} kg_watching;

/* Gives each entry of a page on. Returns how many there were. */
static size_t give(const char *document, kg_watching *watching)
{
    size_t i;
    json_t *entries = json_loads(document, 0, NULL), *entry;
    size_t count = json_array_size(entries);
    json_array_foreach(entries, i, entry)
    {
        uint64_t number = (uint64_t)json_integer_value(json_object_get(entry, "number"));
        char *text = json_dumps(entry, JSON_COMPACT);
        if (!watching->stopped && number > watching->since) {
            watching->since = number;
            watching->stopped = !watching->each(watching->context, number, text);
        }
        free(text);
    }
    json_decref(entries);
    return count;
}

/* All that there is now. False when the question was not answered. */
static bool pull(kopgroep_session *session, kg_watching *watching, kopgroep_answer *answer)
{
    size_t count = 1;
    while (count > 0 && !watching->stopped) {
        kg_query query;
        kg_query_init(&query, KG_VIEW_FEED);
        query.since = watching->since;
        bool good = kg_client_ask(session, &query, answer);
        kg_query_fini(&query);
        if (!good)
            return false;
        count = give(answer->document, watching);
        kopgroep_answer_fini(answer);
    }
    return true;
}

/* Refusals do not pass by waiting; a broker that is away does. */
static bool passes(const kopgroep_answer *answer)
{
    return answer->outcome == KOPGROEP_NOT_REACHED;
}

void kopgroep_watch(kopgroep_session *session, uint64_t since, kopgroep_each each, void *context,
                    kopgroep_answer *answer)
{
    const char *topic = kg_identity_organisation(session->identity);
    kg_watching watching = {since, each, context, false};
    *answer = (kopgroep_answer){0};
    if (!kg_transport_listen(session->transport, topic)) {
        kg_client_say(answer, KOPGROEP_LOCAL, "No socket for hints at %s.",
                      session->access.feeds);
        return;
    }
    kg_heard heard = KG_HEARD_NOTHING;
    while (heard != KG_HEARD_INTERRUPT) {
        uint64_t number;
        bool good = pull(session, &watching, answer);
        if (watching.stopped || (!good && !passes(answer)))
            return;
        heard = kg_transport_hear(session->transport, topic, good ? SILENCE_MS : RETRY_MS,
                                  &number);
        kopgroep_answer_fini(answer);
    }
}

void kopgroep_interrupt(kopgroep_session *session)
{
    kg_transport_interrupt(session->transport);
}
