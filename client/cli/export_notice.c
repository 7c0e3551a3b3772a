/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/cli/export_notice.h"
#include "client/cli/tell.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "client/notice/eforms.h"
#include "client/notice/need.h"
#include "client/notice/notice_file.h"
#include "client/notice/ocds.h"
#include "proto/identity.h"

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static json_t *read_file(const char *path)
{
    kg_problems problems;
    kg_problems_init(&problems, NULL);
    json_t *given = kg_notice_file_read(path, &problems);
    cli_tell_problems(&problems);
    kg_problems_fini(&problems);
    return given;
}

static bool lacks_nothing(const kg_notice *notice)
{
    kg_needs needs;
    kg_needs_init(&needs);
    kg_notice_needs(notice, &needs);
    bool whole = needs.count == 0;
    if (!whole) {
        fputs(needs.text.bytes, stderr);
        cli_tell("Terms of subtype %d that are not told: %zu. Nothing was written. They can be "
                 "given in a notice file, with --with (see kopgroep export --help).\n",
                 notice->subtype, needs.count);
    }
    kg_needs_fini(&needs);
    return whole;
}

/* What a notice tells binds: figures that nobody has checked are not told unnoticed. */
static void warn_unverified(const kg_notice *notice)
{
    size_t i;
    const json_t *lot;
    json_array_foreach(kg_notice_lots(notice), i, lot)
    {
        const json_t *by = json_object_get(lot, "life_cycle");
        if (json_is_object(by) && !json_is_true(json_object_get(by, "verified")))
            cli_tell("kopgroep: %s: the notice tells how the cost over the whole life is counted, "
                     "by figures of the catalogue that nobody has checked (life_cycle, verified). "
                     "life_cycle = \"none\" in the notice file leaves them out.\n",
                     kg_notice_text(lot, "lot"));
    }
}

int cli_export_notice(const char *document, const char *with, int subtype)
{
    uint8_t random[16];
    kg_notice notice;
    kg_buffer out;
    json_t *facts = json_loads(document, 0, NULL), *given = facts ? read_file(with) : NULL;
    if (!given) {
        if (!facts)
            cli_tell("kopgroep export: the broker's answer is not JSON.\n");
        json_decref(facts);
        return KOPGROEP_LOCAL;
    }
    kg_random(random, sizeof random);
    kg_notice_init(&notice, subtype, facts, given, random, now_ms());
    kg_buffer_init(&out);
    bool whole = subtype == 0 || lacks_nothing(&notice);
    if (whole && subtype == 0)
        kg_ocds_write(&notice, &out);
    else if (whole)
        kg_eforms_write(&notice, &out);
    if (whole)
        warn_unverified(&notice);
    int status = whole ? KOPGROEP_DONE : KOPGROEP_REFUSED;
    if (whole && (fwrite(out.bytes, 1, out.count, stdout) != out.count || fflush(stdout) != 0)) {
        perror("kopgroep export");
        status = KOPGROEP_LOCAL;
    }
    kg_buffer_fini(&out);
    kg_notice_fini(&notice);
    return status;
}
