/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>
#include <string.h>

#include "client/cli/commands.h"
#include "client/cli/tell.h"

/* As it was asked for, else the one that the user works in; NULL where that is English, which is
 * also what it is where nothing is set. */
static const char *language_of(const cli_arguments *arguments)
{
    const char *own = kg_language();
    return cli_option(arguments, 'l', strcmp(own, "en") == 0 ? NULL : own);
}

static void act(kopgroep_session *session, const cli_arguments *arguments, kopgroep_answer *answer)
{
    const kopgroep_template_options options = {
        .language = language_of(arguments),
        .catalogue_file = arguments->option['c'],
        .category = arguments->option['g'],
        .nuts = arguments->option['n'],
    };
    kopgroep_template(session, arguments->option['o'], &options, answer);
}

static int run(const cli_arguments *arguments)
{
    kopgroep_answer answer = {0};
    if (!arguments->option['o']) {
        cli_tell("kopgroep: name the new workbook: --out plan.xlsx\n");
        return KOPGROEP_USAGE;
    }
    if (!arguments->option['c'])
        return cli_do(arguments, act);
    act(NULL, arguments, &answer);
    return cli_finish(arguments, &answer);
}

static const struct argp_option options[] = {
    {"out", 'o', "FILE", 0, N_("the new workbook; never over one that is there"), 0},
    {"language", 'l', "CODE", 0, N_("nl, fr, de or en (the language you work in; in English nl)"),
     0},
    {"category", 'g', "CATEGORY", 0, N_("only the criteria of this category"), 0},
    {"nuts", 'n', "CODE", 0, N_("only places that begin so in the list of places"), 0},
    {"catalogue", 'c', "FILE", 0, N_("by this catalogue, without asking a broker"), 0},
    {0},
};

const cli_command cli_template[] = {
    {"template", NULL, 0, 0, N_("Make an Excel workbook in which a plan is filled in"),
     "  kopgroep template --language nl --out plan.xlsx\n"
     "  kopgroep template --language fr --category laptop --nuts BE3 --out plan.xlsx\n"
     "  kopgroep template --catalogue catalogue.conf --out plan.xlsx\n",
     N_("It has a column for each column of a plan and two for each criterion, with lists to "
        "choose "
        "from, hints and instructions. kopgroep submit reads it in any of the four languages, as "
        "saved by Excel or LibreOffice."),
     options, run, false},
    {0},
};
