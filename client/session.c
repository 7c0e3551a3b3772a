/* SPDX-License-Identifier: EUPL-1.2 */
/* Opening and closing. */
#include "client/language/language.h"
#include "client/history.h"

#include <stdlib.h>
#include <string.h>

#include "client/receipt.h"
#include "proto/memory.h"

#define TIMEOUT_MS 30000
#define LET_IN_MS 5000

const kg_broker_access *kg_client_access(const kopgroep_session *session)
{
    return kg_client_brokers_present(&session->brokers);
}

static bool read_identity(kopgroep_session *session, const kopgroep_options *options,
                          kopgroep_answer *answer)
{
    bool needs_passphrase = false;
    session->identity_path = kg_strdup(options->identity);
    session->identity = kg_identity_read(options->identity, options->passphrase, &needs_passphrase);
    if (!session->identity) {
        kg_client_say_retold(answer, KOPGROEP_LOCAL, kg_identity_error());
        answer->needs_passphrase = needs_passphrase;
        return false;
    }
    if (options->keep_heads)
        session->heads_path = kg_client_history_path(session, options->identity);
    kg_client_history_seen(session);
    kg_identity_public(session->identity, &session->key);
    kg_key_id(session->key.sign, session->key_id);
    session->signs = !kg_identity_share(session->identity, true, kg_client_access(session)->sign,
                                        session->shared);
    return true;
}

static bool reach(kopgroep_session *session, kopgroep_answer *answer)
{
    char detail[KG_CLIENT_DETAIL_BYTES] = "";
    session->transport = kg_client_transport_new(kg_client_access(session), session->identity);
    if (!session->transport) {
        kg_client_say(answer, KOPGROEP_LOCAL,
                      "No descriptor is left: close files, or raise the limit of open files.");
        return false;
    }
    const int64_t deadline = kg_client_now_ms() + LET_IN_MS * (int64_t)session->brokers.count;
    kg_client_standing standing =
        kg_client_brokers_reach(&session->brokers, session->transport, deadline, detail);
    if (standing != KG_CLIENT_LET_IN)
        kg_client_say_standing(session, standing, detail, answer);
    return standing == KG_CLIENT_LET_IN;
}

kopgroep_session *kopgroep_open(const kopgroep_options *options, kopgroep_answer *answer)
{
    *answer = (kopgroep_answer){0};
    if (!options->broker || !options->identity) {
        kg_client_say(answer, KOPGROEP_USAGE,
                      "A session needs the broker's access file and an identity file.");
        return NULL;
    }
    kopgroep_session *session = kg_alloc(1, sizeof *session);
    session->timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : TIMEOUT_MS;
    session->receipts.kept = options->keep_receipts;
    if (!kg_client_brokers_read(options->broker, &session->brokers, answer) ||
        !read_identity(session, options, answer) || !reach(session, answer))
        kopgroep_close(&session);
    return session;
}

void kopgroep_close(kopgroep_session **session)
{
    kopgroep_session *self = *session;
    if (!self)
        return;
    kg_client_transport_destroy(&self->transport);
    kg_identity_destroy(&self->identity);
    explicit_bzero(self->shared, sizeof self->shared);
    kg_catalogue_destroy(&self->catalogue);
    kg_client_flight_fini(&self->flight);
    kg_client_plan_destroy(&self->plan);
    kg_client_receipts_fini(&self->receipts);
    free(self->heads_path);
    free(self->identity_path);
    free(self);
    *session = NULL;
}

const char *kopgroep_organisation(const kopgroep_session *session)
{
    return kg_identity_organisation(session->identity);
}

const char *kopgroep_version(void)
{
    return KG_VERSION;
}
