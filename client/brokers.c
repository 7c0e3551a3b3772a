/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/brokers.h"

#include <stdlib.h>
#include <string.h>

#include "client/language/language.h"
#include "client/session.h"
#include "proto/memory.h"

const kg_broker_access *kg_client_brokers_present(const kg_client_brokers *brokers)
{
    return &brokers->items[brokers->at];
}

/* ---- reading ---- */

static void say_wrong_file(const char *path, kopgroep_answer *answer)
{
    kg_client_say(answer, KOPGROEP_LOCAL,
                  "%s is not a broker's access file. The administrator has it: broker.access in "
                  "the broker's folder.",
                  path);
}

static bool belongs(const kg_broker_access *first, const kg_broker_access *other, const char *path,
                    kopgroep_answer *answer)
{
    if (memcmp(first->deployment, other->deployment, sizeof first->deployment) != 0)
        kg_client_say(answer, KOPGROEP_LOCAL,
                      "%s is of another deployment than the first of the list. Brokers named "
                      "together serve one journal; for others use contexts.",
                      path);
    else if (memcmp(first->sign, other->sign, sizeof first->sign) != 0)
        kg_client_say(answer, KOPGROEP_LOCAL,
                      "%s has another signing key than the first of the list. Brokers named "
                      "together sign with one key, so that a receipt of one can be held to all.",
                      path);
    else
        return true;
    return false;
}

static bool read_next(const char *path, kg_client_brokers *out, kg_problems *problems,
                      kopgroep_answer *answer)
{
    kg_broker_access read;
    if (out->count == KG_CLIENT_BROKERS_MAX) {
        kg_client_say(answer, KOPGROEP_USAGE, "A list names %d brokers at most.",
                      KG_CLIENT_BROKERS_MAX);
        return false;
    }
    kg_problems_init(problems, path);
    if (!kg_broker_access_read(path, &read, problems)) {
        kg_client_take_problems(answer, problems);
        say_wrong_file(path, answer);
        return false;
    }
    if (out->count > 0 && !belongs(&out->items[0], &read, path, answer))
        return false;
    out->items[out->count++] = read;
    return true;
}

bool kg_client_brokers_read(const char *files, kg_client_brokers *out, kopgroep_answer *answer)
{
    bool good = true;
    char *rest = kg_strdup(files), *name;
    char *list = rest;
    *out = (kg_client_brokers){0};
    while (good && (name = strsep(&rest, ","))) {
        kg_problems problems = {0};
        good = read_next(name, out, &problems, answer);
        kg_problems_fini(&problems);
    }
    free(list);
    return good;
}

/* ---- reaching ---- */

static void use(kg_client_brokers *brokers, kg_client_transport *transport, size_t at)
{
    brokers->at = at;
    kg_client_transport_turn(transport, &brokers->items[at]);
}

void kg_client_brokers_turn(kg_client_brokers *brokers, kg_client_transport *transport)
{
    use(brokers, transport, (brokers->at + 1) % brokers->count);
}

bool kg_client_brokers_turn_to(kg_client_brokers *brokers, kg_client_transport *transport,
                               const char *requests)
{
    for (size_t i = 0; i < brokers->count; i++)
        if (i != brokers->at && strcmp(brokers->items[i].requests, requests) == 0) {
            use(brokers, transport, i);
            return true;
        }
    return false;
}

/* To be known but refused says more than silence. */
static bool says_more(kg_client_standing one, kg_client_standing other)
{
    return one != KG_CLIENT_NOT_REACHED && other == KG_CLIENT_NOT_REACHED;
}

static bool ends_it(kg_client_standing standing)
{
    return standing == KG_CLIENT_LET_IN || standing == KG_CLIENT_UNUSABLE ||
           standing == KG_CLIENT_INTERRUPTED;
}

/* Each once, beginning with the one in use. */
static kg_client_standing try_each(kg_client_brokers *brokers, kg_client_transport *transport,
                                   bool haste, int64_t deadline_ms, char *cause)
{
    kg_client_standing told = KG_CLIENT_NOT_REACHED;
    size_t teller = brokers->at;
    for (size_t i = 0; i < brokers->count; i++) {
        char why[KG_CLIENT_DETAIL_BYTES] = "";
        if (i > 0)
            kg_client_brokers_turn(brokers, transport);
        kg_client_standing standing =
            kg_client_transport_connect(transport, haste, deadline_ms, why);
        if (i == 0 || ends_it(standing) || says_more(standing, told)) {
            told = standing;
            teller = brokers->at;
            kg_text_format(cause, KG_CLIENT_DETAIL_BYTES, "%s", why);
        }
        if (ends_it(standing))
            return standing;
    }
    use(brokers, transport, teller);
    return told;
}

kg_client_standing kg_client_brokers_reach(kg_client_brokers *brokers,
                                           kg_client_transport *transport, int64_t deadline_ms,
                                           char cause[static KG_CLIENT_DETAIL_BYTES])
{
    char why[KG_CLIENT_DETAIL_BYTES] = "";
    if (brokers->count == 1)
        return kg_client_transport_connect(transport, false, deadline_ms, cause);
    kg_client_standing standing = try_each(brokers, transport, true, deadline_ms, why);
    if (standing == KG_CLIENT_NOT_REACHED || standing == KG_CLIENT_CROWDED)
        standing = try_each(brokers, transport, false, deadline_ms, why);
    if (standing == KG_CLIENT_NOT_REACHED)
        kg_text_format(cause, KG_CLIENT_DETAIL_BYTES,
                       _("None of the %zu brokers lets you in. %.400s"), brokers->count, why);
    else
        kg_text_format(cause, KG_CLIENT_DETAIL_BYTES, "%s", why);
    return standing;
}
