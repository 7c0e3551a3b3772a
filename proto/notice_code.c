/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/notice_code.h"

#include <stddef.h>
#include <string.h>

#define CODES(each)                                                                                \
    each("green:biodiv-eco") each("green:circ-econ") each("green:clim-adapt")                      \
        each("green:clim-mitig") each("green:other") each("green:pollu-prev")                      \
            each("green:water-mar") each("gpp:eu") each("gpp:national") each("gpp:other")          \
                each("social:acc-all") each("social:et-eq") each("social:gen-eq")                  \
                    each("social:hum-right") each("social:opp") each("social:other")               \
                        each("social:work-cond") each("innovation:mar-nov")                        \
                            each("innovation:proc-innov") each("innovation:prod-innov")            \
                                each("innovation:rd-act")

#define ITEM(code) code,
#define WORD(code) " " code

static const char *const codes[] = {CODES(ITEM)};
static const char all_codes[] = CODES(WORD);

bool kg_notice_code_listed(const char *code)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (strcmp(code, codes[i]) == 0)
            return true;
    return false;
}

const char *kg_notice_code_allowed(void)
{
    return all_codes + 1;
}
