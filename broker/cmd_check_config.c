/* SPDX-License-Identifier: EUPL-1.2 */
/* kopgroepd check-config FILE: every problem of broker.conf and of the catalogue it names. */
#include <argp.h>
#include <stdlib.h>

#include "broker/commands.h"
#include "broker/config.h"
#include "broker/settings.h"

static error_t parse(int key, char *argument, struct argp_state *state)
{
    const char **file = state->input;
    if (key == ARGP_KEY_ARG && state->arg_num == 0)
        *file = argument;
    else if (key == ARGP_KEY_ARG || key == ARGP_KEY_NO_ARGS)
        argp_usage(state);
    else
        return ARGP_ERR_UNKNOWN;
    return 0;
}

static const char doc[] = "Examples:\n  kopgroepd check-config /var/lib/kopgroep/broker.conf\n\n"
                          "Checks the broker's settings and the catalogue they name.\v"
                          "Exit status: 0 nothing wrong, 4 something is.";

const struct argp kg_argp_check_config = {.parser = parse, .args_doc = "FILE", .doc = doc};

int kg_cmd_check_config(int argc, char **argv)
{
    const char *file = NULL;
    argp_err_exit_status = 2;
    argp_parse(&kg_argp_check_config, argc, argv, 0, NULL, &file);
    kg_settings_of_broker settings;
    if (!kg_broker_settings_read(file, &settings))
        return 4;
    printf("%s: fine. Folder %s, requests %s, feeds %s.\n", file, settings.config.folder,
           settings.config.requests, settings.config.feeds);
    printf("%s: fine. %zu categories, %zu criteria, %zu profiles, %zu labels, %zu thresholds.\n",
           settings.config.catalogue, settings.catalogue->categories_count,
           settings.catalogue->criteria_count, settings.catalogue->profiles_count,
           settings.catalogue->labels_count, settings.catalogue->thresholds_count);
    kg_broker_settings_fini(&settings);
    return 0;
}
