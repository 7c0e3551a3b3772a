/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/web/route.h"

#include <errno.h>
#include <string.h>

#include "client/language/language.h"
#include "client/web/plan_file.h"
#include "proto/text.h"

struct web_route {
    const char *path;
    kopgroep_view view; /* of a question */
    void (*act)(kopgroep_session *session, const web_request *request, kopgroep_answer *answer);
};

static const char *given(const web_request *request, const char *name)
{
    const char *value = request->parameter(request->context, name);
    return value && *value ? value : NULL;
}

static bool lacks(const web_request *request, const char *name, kopgroep_answer *answer)
{
    if (given(request, name))
        return false;
    *answer = (kopgroep_answer){.outcome = KOPGROEP_USAGE};
    kg_text_format(answer->detail, sizeof answer->detail, _("The parameter %s is not given."),
                   name);
    return true;
}

static void confirm(kopgroep_session *session, const web_request *request, kopgroep_answer *answer)
{
    if (!lacks(request, "lot", answer))
        kopgroep_lot_confirm(session, given(request, "lot"), NULL, 0, answer);
}

static void decline(kopgroep_session *session, const web_request *request, kopgroep_answer *answer)
{
    if (!lacks(request, "lot", answer))
        kopgroep_lot_decline(session, given(request, "lot"), NULL, 0, given(request, "reason"),
                             answer);
}

static void submit(kopgroep_session *session, const web_request *request, kopgroep_answer *answer)
{
    web_plan_file file;
    const kopgroep_submit_options options = {.dry_run = given(request, "dry_run") != NULL};
    if (!web_plan_file_write(&file, request->body, request->body_bytes)) {
        *answer = (kopgroep_answer){.outcome = KOPGROEP_LOCAL};
        kg_text_format(answer->detail, sizeof answer->detail,
                       _("The plan cannot be put aside to be read: %s."), strerror(errno));
        return;
    }
    kopgroep_submit(session, file.path, &options, answer);
    web_plan_file_remove(&file);
}

static const web_route routes[] = {
    {"/api/status", KOPGROEP_VIEW_STATUS, NULL},
    {"/api/volume", KOPGROEP_VIEW_VOLUME, NULL},
    {"/api/rounds", KOPGROEP_VIEW_ROUNDS, NULL},
    {"/api/round", KOPGROEP_VIEW_ROUND, NULL},
    {"/api/lots", KOPGROEP_VIEW_LOTS, NULL},
    {"/api/lot", KOPGROEP_VIEW_LOT, NULL},
    {"/api/lines", KOPGROEP_VIEW_LINES, NULL},
    {"/api/explain", KOPGROEP_VIEW_EXPLAIN, NULL},
    {"/api/practices", KOPGROEP_VIEW_PRACTICES, NULL},
    {"/api/practice", KOPGROEP_VIEW_PRACTICE, NULL},
    {"/api/confirm", 0, confirm},
    {"/api/decline", 0, decline},
    {"/api/submit", 0, submit},
};

const web_route *web_route_find(const char *path)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (strcmp(routes[i].path, path) == 0)
            return &routes[i];
    return NULL;
}

bool web_route_changes(const web_route *route)
{
    return route->act != NULL;
}

void web_route_take(const web_route *route, kopgroep_session *session, const web_request *request,
                    kopgroep_answer *answer)
{
    const char *language = given(request, "language");
    if (language && !kg_language_set(language)) {
        *answer = (kopgroep_answer){.outcome = KOPGROEP_USAGE};
        kg_text_format(answer->detail, sizeof answer->detail,
                       _("The language is nl, fr, de or en, not '%s'."), language);
        return;
    }
    if (route->act) {
        route->act(session, request, answer);
        return;
    }
    const kopgroep_question question = {
        .view = route->view,
        .round = given(request, "round"),
        .lot = given(request, "lot"),
        .line = given(request, "line"),
        .category = given(request, "category"),
        .cpv = given(request, "cpv"),
        .nuts = given(request, "nuts"),
        .from = given(request, "from"),
        .to = given(request, "to"),
        .track = given(request, "track"),
        .by = given(request, "by"),
        .organisation = given(request, "organisation"),
        .practice = given(request, "practice"),
        .criterion = given(request, "criterion"),
    };
    kopgroep_ask(session, &question, answer);
}
