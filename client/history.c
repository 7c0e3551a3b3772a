/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/language/language.h"
#include "client/history.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/proof_json.h"
#include "proto/memory.h"

#define DEPLOYMENT_SHOWN_BYTES 8

char *kg_client_history_path(const kopgroep_session *session, const char *identity)
{
    char deployment[2 * DEPLOYMENT_SHOWN_BYTES + 1];
    kg_buffer path;
    kg_buffer_init(&path);
    kg_hex_write(kg_client_access(session)->deployment, DEPLOYMENT_SHOWN_BYTES, deployment);
    kg_buffer_format(&path, "%s.%s.head", identity, deployment);
    return path.bytes;
}

void kg_client_refuse(kopgroep_answer *answer, kg_status status, const char *format, ...)
{
    va_list arguments;
    answer->outcome = KOPGROEP_REFUSED;
    answer->code = (int)status;
    answer->code_name = kg_status_name(status);
    va_start(arguments, format);
    kg_text_vformat(answer->detail, sizeof answer->detail, kg_said(format), arguments);
    va_end(arguments);
}

bool kg_client_history_signed(const kopgroep_session *session, const kg_tree_head *head,
                              kopgroep_answer *answer)
{
    if (kg_tree_head_signed_by(head, KG_TREE_BROKER, kg_client_access(session)->deployment,
                               kg_client_access(session)->sign))
        return true;
    kg_client_refuse(answer, KG_STATUS_HEAD_SIGNATURE, "%s",
                     _(kg_status_text(KG_STATUS_HEAD_SIGNATURE)));
    return false;
}

/* ---- proofs ---- */

/* The broker's own word, in place of what it had to prove. */
static void pass_on(const kopgroep_answer *from, kopgroep_answer *answer)
{
    answer->outcome = from->outcome;
    answer->code = from->code;
    answer->code_name = from->code_name;
    kg_text_format(answer->detail, sizeof answer->detail, "%s", from->detail);
}

static json_t *ask(kopgroep_session *session, const kg_query *query, kopgroep_answer *answer)
{
    kopgroep_answer own = {0};
    json_t *document = NULL;
    if (!kg_client_ask(session, query, &own))
        pass_on(&own, answer);
    else if (!(document = json_loads(own.document, 0, NULL)))
        kg_client_say(answer, KOPGROEP_LOCAL, "The broker's answer is not JSON.");
    kopgroep_answer_fini(&own);
    return document;
}

static bool ask_proof(kopgroep_session *session, kg_query *query, kg_tree_proof *proof,
                      kopgroep_answer *answer)
{
    json_t *document = ask(session, query, answer);
    bool good = document && kg_client_read_proof(json_object_get(document, "proof"), proof);
    if (document && !good)
        kg_client_say(answer, KOPGROEP_LOCAL, "The broker's answer is not a proof.");
    json_decref(document);
    kg_query_fini(query);
    return good;
}

bool kg_client_history_inclusion(kopgroep_session *session, uint64_t sequence, uint64_t size,
                                 kg_tree_proof *proof, kopgroep_answer *answer)
{
    kg_query query;
    kg_query_init(&query, KG_VIEW_INCLUSION);
    query.sequence = sequence;
    query.tree_size = size;
    return ask_proof(session, &query, proof, answer);
}

static bool prove(kopgroep_session *session, const kg_tree_head *old, const kg_tree_head *head,
                  kg_tree_proof *proof, kopgroep_answer *answer)
{
    kg_query query;
    proof->count = 0;
    if (old->size == head->size)
        return true;
    kg_query_init(&query, KG_VIEW_CONSISTENCY);
    query.old_tree_size = old->size;
    query.tree_size = head->size;
    if (ask_proof(session, &query, proof, answer))
        return true;
    if (answer->code == KG_STATUS_NO_SUCH_RECORD)
        kg_client_refuse(answer, KG_STATUS_HISTORY_SHORTER, "%s It signed one of %llu records.",
                         _(kg_status_text(KG_STATUS_HISTORY_SHORTER)),
                         (unsigned long long)head->size);
    return false;
}

bool kg_client_history_continues(kopgroep_session *session, const kg_tree_head *old,
                                 const kg_tree_head *head, kopgroep_answer *answer)
{
    kg_tree_proof proof;
    if (old->size > head->size)
        return kg_client_history_continues(session, head, old, answer);
    if (!prove(session, old, head, &proof, answer))
        return false;
    if (kg_tree_check_consistency(old->size, &old->root, head->size, &head->root, &proof))
        return true;
    kg_client_refuse(answer, KG_STATUS_HISTORY, "%s It happened before record %llu.",
                     _(kg_status_text(KG_STATUS_HISTORY)), (unsigned long long)old->size + 1);
    return false;
}

/* ---- the head that is kept ---- */

static json_t *signed_head(const kopgroep_session *session, const kg_tree_head *head)
{
    json_t *out = kg_client_head_json(head);
    json_object_set_new(
        out, "deployment",
        kg_client_hex_json(kg_client_access(session)->deployment, KG_DEPLOYMENT_BYTES));
    json_object_set_new(out, "key",
                        kg_client_hex_json(kg_client_access(session)->sign, KG_KEY_BYTES));
    return out;
}

static bool write_json(const char *path, json_t *json, kopgroep_answer *answer)
{
    char *text = json_dumps(json, JSON_INDENT(1));
    bool good = kg_client_write_file(path, text, false);
    if (!good)
        kg_client_say(answer, KOPGROEP_LOCAL,
                      "The head of the broker's history could not be kept "
                      "in %s: %s.",
                      path, kg_said_as("fact", strerror(errno)));
    free(text);
    json_decref(json);
    return good;
}

/* None is size 0. */
static bool read_kept(const kopgroep_session *session, kg_tree_head *out, kopgroep_answer *answer)
{
    json_error_t error;
    *out = (kg_tree_head){0};
    if (access(session->heads_path, F_OK) != 0)
        return true;
    json_t *json = json_load_file(session->heads_path, 0, &error);
    bool good = json && kg_client_read_head(json, out);
    if (!good)
        kg_client_say(answer, KOPGROEP_LOCAL,
                      "%s is not a head of a broker's history. Put back the one that was there; "
                      "without it nothing before now can be held against the broker.",
                      session->heads_path);
    json_decref(json);
    return good;
}

/* One that cannot be read is told when it is needed. */
void kg_client_history_seen(kopgroep_session *session)
{
    kopgroep_answer own = {0};
    kg_tree_head kept;
    if (session->heads_path && read_kept(session, &kept, &own))
        session->seen = kept.size;
    kopgroep_answer_fini(&own);
}

/* Two signed heads of which neither continues the other are proof against the broker. */
static void keep_evidence(const kopgroep_session *session, const kg_tree_head *kept,
                          const kg_tree_head *head, kopgroep_answer *answer)
{
    kopgroep_answer own = {0};
    kg_buffer path;
    char said[sizeof answer->detail];
    kg_buffer_init(&path);
    kg_buffer_format(&path, "%s.broken", session->heads_path);
    json_t *both = json_pack("{s:o,s:o}", "kept", signed_head(session, kept), "given",
                             signed_head(session, head));
    kg_text_format(said, sizeof said, "%s", answer->detail);
    if (write_json(path.bytes, both, &own))
        kg_text_format(answer->detail, sizeof answer->detail, _("%s Both heads are in %s."), said,
                       path.bytes);
    kopgroep_answer_fini(&own);
    kg_buffer_fini(&path);
}

static bool is_broken(const kopgroep_answer *answer)
{
    return answer->outcome == KOPGROEP_REFUSED && answer->code >= KG_STATUS_HISTORY &&
           answer->code <= KG_STATUS_HEAD_SIGNATURE;
}

bool kg_client_history_keep(kopgroep_session *session, const kg_tree_head *head,
                            kg_tree_head *before, kopgroep_answer *answer)
{
    kg_tree_head kept = {0};
    if (session->heads_path && !read_kept(session, &kept, answer))
        return false;
    if (before)
        *before = kept;
    if (kept.size > 0 && !kg_client_history_continues(session, &kept, head, answer)) {
        if (is_broken(answer))
            keep_evidence(session, &kept, head, answer);
        return false;
    }
    return !session->heads_path || head->size <= kept.size ||
           write_json(session->heads_path, signed_head(session, head), answer);
}

void kg_client_history_take(kopgroep_session *session, const kg_reply *reply,
                            kopgroep_answer *answer)
{
    kopgroep_answer own = {0};
    if (!reply->has_receipt || reply->status != KG_STATUS_OK)
        return;
    bool good = kg_client_history_signed(session, &reply->tree, &own);
    if (good && reply->tree.size < reply->sequence) {
        good = false;
        kg_client_refuse(&own, KG_STATUS_HISTORY_SHORTER, "%s",
                         _(kg_status_text(KG_STATUS_HISTORY_SHORTER)));
    }
    if (good && session->heads_path)
        good = kg_client_history_keep(session, &reply->tree, NULL, &own);
    if (!good && is_broken(&own))
        kg_client_refuse(answer, (kg_status)own.code,
                         "The command was accepted as record %llu, but: %s",
                         (unsigned long long)reply->sequence, own.detail);
    else if (!good)
        kg_text_format(answer->detail, sizeof answer->detail,
                       _("The broker's history was not checked. %s"), own.detail);
    kopgroep_answer_fini(&own);
}

json_t *kg_client_history_now(kopgroep_session *session, kg_tree_head *head, kg_tree_head *before,
                              kopgroep_answer *answer)
{
    kg_query query;
    kg_query_init(&query, KG_VIEW_TREE_HEAD);
    json_t *document = ask(session, &query, answer);
    kg_query_fini(&query);
    bool good = document && kg_client_read_head(document, head);
    if (document && !good)
        kg_client_say(answer, KOPGROEP_LOCAL, "The broker's answer is not a head.");
    if (good && kg_client_history_signed(session, head, answer) &&
        kg_client_history_keep(session, head, before, answer))
        return document;
    json_decref(document);
    return NULL;
}
