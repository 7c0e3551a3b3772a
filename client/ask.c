/* SPDX-License-Identifier: EUPL-1.2 */
/* Questions: the query, then the pages of its answer. */
#include <stdlib.h>
#include <string.h>

#include "client/session.h"

#define TRIES_MAX 4 /* an answer that the broker forgot is asked for again, or in older words */

static void add_page(kg_buffer *document, const kg_reply *reply)
{
    kg_buffer_add(document, reply->page, reply->page_bytes);
}

/* An OK that does not go on where we stand is taken for an answer that is gone. */
static bool check_page(const kg_buffer *document, kg_reply *reply)
{
    bool goes_on = reply->has_page && reply->offset == document->count &&
                   (reply->page_bytes > 0 || reply->total_bytes == 0);
    if (reply->status == KG_STATUS_OK && !goes_on)
        reply->status = KG_STATUS_DOCUMENT_GONE;
    return reply->status == KG_STATUS_OK;
}

/* Signed where it must be, or where the broker knows nothing else. */
static bool send(kopgroep_session *session, kg_kind kind, bool kept, const kg_buffer *body,
                 kg_reply *reply, kopgroep_answer *answer)
{
    return kept || session->signs
               ? kg_client_request(session, kind, body, reply, answer)
               : kg_client_request_tagged(session, kind, body, reply, answer);
}

static bool next_page(kopgroep_session *session, uint64_t id, kg_buffer *document,
                      kopgroep_answer *answer)
{
    kg_buffer body;
    kg_reply reply;
    const kg_page page = {id, document->count};
    kg_buffer_init(&body);
    kg_codec_page_encode(&page, &body);
    bool answered = send(session, KG_KIND_PAGE, false, &body, &reply, answer);
    bool good = answered && check_page(document, &reply);
    if (good) {
        add_page(document, &reply);
    } else if (answered) {
        kopgroep_answer_fini(answer);
        kg_client_take_reply(answer, &reply, NULL);
    }
    kg_reply_fini(&reply);
    kg_buffer_fini(&body);
    return good;
}

static bool ask_once(kopgroep_session *session, bool kept, const kg_buffer *body,
                     kg_buffer *document, kopgroep_answer *answer)
{
    kg_reply reply;
    bool good = send(session, KG_KIND_QUERY, kept, body, &reply, answer);
    if (good) {
        good = check_page(document, &reply);
        kg_client_take_reply(answer, &reply, NULL);
    }
    if (good)
        add_page(document, &reply);
    while (good && document->count < reply.total_bytes)
        good = next_page(session, reply.document, document, answer);
    kg_reply_fini(&reply);
    return good;
}

/* Shows what this session has seen, and more. */
static void encode(const kopgroep_session *session, const kg_query *query, kg_buffer *body)
{
    kg_query asked = *query; /* borrows */
    asked.seen = session->older ? 0 : session->seen;
    kg_buffer_fini(body);
    kg_codec_query_encode(&asked, body);
}

/* A broker of an earlier version follows nobody: it has all that was seen; and it knows no tags: to
 * it a message without a signature is none. */
static bool may_ask_again(kopgroep_session *session, bool kept, const kopgroep_answer *answer)
{
    bool older = answer->code == KG_STATUS_UNKNOWN_FIELD && session->seen > 0 && !session->older;
    bool tagless = !session->signs && !kept && (answer->code == KG_STATUS_MALFORMED ||
                                                answer->code == KG_STATUS_SIGNATURE);
    session->older |= older;
    session->signs |= tagless;
    return older || tagless || answer->code == KG_STATUS_DOCUMENT_GONE;
}

bool kg_client_ask(kopgroep_session *session, const kg_query *query, kopgroep_answer *answer)
{
    kg_buffer body, document;
    bool good = false;
    kg_buffer_init(&body);
    for (int i = 0; i < TRIES_MAX && !good; i++) {
        encode(session, query, &body);
        kopgroep_answer_fini(answer);
        kg_buffer_init(&document);
        good = ask_once(session, kg_query_is_kept(query), &body, &document, answer);
        if (good) {
            kg_buffer_add(&document, "", 0); /* makes the NUL of an empty one */
            answer->document = document.bytes;
            answer->document_bytes = document.count;
        } else {
            kg_buffer_fini(&document);
        }
        if (!may_ask_again(session, kg_query_is_kept(query), answer))
            break;
    }
    kg_buffer_fini(&body);
    return good;
}

/* ---- a question as the user writes it ---- */

static bool set_date(const char *text, const char *name, kg_date *out, kopgroep_answer *answer)
{
    if (!text || kg_date_parse(text, out))
        return true;
    kg_client_say(answer, KOPGROEP_USAGE, "%s is a day such as 2027-01-31, not '%s'.", name, text);
    return false;
}

static bool set_track(const char *text, kg_query *query, kopgroep_answer *answer)
{
    if (!text)
        return true;
    for (int track = KG_TRACK_PELOTON; track <= KG_TRACK_KOPGROEP; track++)
        if (strcmp(text, kg_track_name(track)) == 0) {
            query->track = track;
            return true;
        }
    kg_client_say(answer, KOPGROEP_USAGE, "A track is kopgroep or peloton, not '%s'.", text);
    return false;
}

static bool add_dimension(const char *name, kg_query *query, kopgroep_answer *answer)
{
    int dimension = kg_dimension_find(name);
    for (size_t i = 0; i < query->by_count; i++)
        if ((int)query->by[i] == dimension)
            dimension = -1;
    if (dimension < 0 || query->by_count == KG_VOLUME_DIMENSIONS) {
        kg_client_say(answer, KOPGROEP_USAGE,
                      "Volume is added up by category, cpv, nuts, month, track, each once, not "
                      "by '%s'.",
                      name);
        return false;
    }
    query->by[query->by_count++] = (kg_dimension)dimension;
    return true;
}

static bool set_dimensions(const char *text, kg_query *query, kopgroep_answer *answer)
{
    char *names = kg_strdup(text), *rest = NULL;
    bool good = true;
    for (char *name = names ? strtok_r(names, ",", &rest) : NULL; name && good;
         name = strtok_r(NULL, ",", &rest))
        good = add_dimension(name, query, answer);
    free(names);
    return good;
}

void kopgroep_ask(kopgroep_session *session, const kopgroep_question *question,
                  kopgroep_answer *answer)
{
    kg_query query;
    *answer = (kopgroep_answer){0};
    kg_query_init(&query, (kg_view)question->view);
    query.round = question->round;
    query.lot = question->lot;
    query.tender = question->tender;
    query.line = question->line;
    query.organisation = question->organisation;
    query.practice = question->practice;
    query.criterion = question->criterion;
    query.proposed = question->proposed;
    query.category = question->category;
    query.cpv = question->cpv;
    query.nuts = question->nuts;
    query.lots = (kg_texts){(const char **)(uintptr_t)question->lots, question->lots_count};
    query.since = question->since;
    query.limit = question->limit;
    if (set_date(question->from, "--from", &query.from, answer) &&
        set_date(question->to, "--to", &query.to, answer) &&
        set_track(question->track, &query, answer) && set_dimensions(question->by, &query, answer))
        kg_client_ask(session, &query, answer);
    kg_query_fini(&query);
}
