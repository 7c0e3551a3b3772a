/* SPDX-License-Identifier: EUPL-1.2 */
/* Following a feed: hints only say that there is more; content is pulled by number, so nothing is
 * lost when a hint is. */
#include "client/session.h"

#include <jansson.h>
#include <stdlib.h>

#define SILENCE_MS 10000 /* pulled at least so often, hint or not */
#define RETRY_MS 1000    /* after a try that failed for a while only */
#define STRANGER_MAX 3   /* tries in which the broker, let us in before, does not know the key */

typedef struct kg_watching {
    uint64_t since;
    kopgroep_each each;
    void *context;
    bool done;     /* `each` said so */
    int strangers; /* times that we were not let in, in a row */
} kg_watching;

/* Gives each new entry of a page on; returns how many there were, or -1 when it cannot be read. */
static long give(const kopgroep_answer *answer, kg_watching *watching)
{
    size_t i;
    long given = 0;
    json_t *entry, *entries = json_loadb(answer->document, answer->document_bytes, 0, NULL);
    if (!json_is_array(entries))
        given = -1;
    json_array_foreach(entries, i, entry)
    {
        json_int_t number = json_integer_value(json_object_get(entry, "number"));
        if (watching->done || number <= 0 || (uint64_t)number <= watching->since)
            continue;
        char *text = json_dumps(entry, JSON_COMPACT);
        watching->since = (uint64_t)number;
        watching->done = !watching->each(watching->context, watching->since, text);
        given++;
        free(text);
    }
    json_decref(entries);
    return given;
}

/* All that there is now; false with the answer set. */
static bool pull(kopgroep_session *session, kg_watching *watching, kopgroep_answer *answer)
{
    long given = 1;
    while (given > 0 && !watching->done) {
        kg_query query;
        kg_query_init(&query, KG_VIEW_FEED);
        query.since = watching->since;
        bool good = kg_client_ask(session, &query, answer);
        kg_query_fini(&query);
        if (!good)
            return false;
        given = give(answer, watching);
        kopgroep_answer_fini(answer);
    }
    if (given < 0)
        kg_client_say(answer, KOPGROEP_REFUSED, "The broker's answer is no feed.");
    return given >= 0;
}

/* Does waiting help? A broker that is away comes back, one that has too much to do gets on; a key
 * that is not known may be one that is just being registered anew. */
static bool passes(const kopgroep_answer *answer, kg_watching *watching)
{
    if (answer->code == KG_STATUS_NOT_ADMITTED)
        return ++watching->strangers <= STRANGER_MAX;
    return answer->outcome == KOPGROEP_NOT_REACHED || answer->code == KG_STATUS_OVERLOADED;
}

/* Until there may be more. */
static kg_client_event wait_for_more(kopgroep_session *session, const kg_watching *watching)
{
    int64_t deadline = kg_client_now_ms() + SILENCE_MS;
    uint64_t number = 0;
    kg_client_event event;
    do
        event = kg_client_transport_hint(session->transport, deadline, &number);
    while (event == KG_CLIENT_FRAME && number <= watching->since);
    return event;
}

static void follow(kopgroep_session *session, kg_watching *watching, kopgroep_answer *answer)
{
    kg_client_event event = KG_CLIENT_SILENT;
    while (event != KG_CLIENT_STOPPED) {
        if (pull(session, watching, answer)) {
            if (watching->done)
                return;
            watching->strangers = 0;
            event = wait_for_more(session, watching);
        } else {
            if (!passes(answer, watching))
                return;
            event = kg_client_transport_pause(session->transport, kg_client_now_ms() + RETRY_MS);
        }
        kopgroep_answer_fini(answer);
    }
}

void kopgroep_watch(kopgroep_session *session, uint64_t since, kopgroep_each each, void *context,
                    kopgroep_answer *answer)
{
    kg_watching watching = {.since = since, .each = each, .context = context};
    *answer = (kopgroep_answer){0};
    if (!kg_client_transport_subscribe(session->transport, kopgroep_organisation(session))) {
        kg_client_say(answer, KOPGROEP_LOCAL, "\"%s\" in the access file is no endpoint for feeds.",
                      kg_client_access(session)->feeds);
        return;
    }
    kg_client_transport_begin_interruptible(session->transport);
    follow(session, &watching, answer);
    kg_client_transport_end_interruptible(session->transport);
}

void kopgroep_interrupt(kopgroep_session *session)
{
    kg_client_transport_interrupt(session->transport);
}
