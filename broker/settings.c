/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/settings.h"

#include <stdlib.h>

#include "proto/catalogue_file.h"
#include "proto/settings_file.h"

void kg_problems_print(const kg_problems *problems, FILE *out)
{
    for (size_t i = 0; i < problems->count; i++) {
        char *text = kg_problem_write(&problems->items[i]);
        fprintf(out, "%s\n", text);
        free(text);
    }
}

static bool read_catalogue(kg_settings_of_broker *settings)
{
    kg_problems problems;
    kg_problems_init(&problems, settings->config.catalogue);
    settings->catalogue_text = kg_settings_load(settings->config.catalogue, &problems);
    if (settings->catalogue_text)
        settings->catalogue = kg_catalogue_read_text(settings->catalogue_text,
                                                     settings->config.catalogue, &problems);
    kg_problems_print(&problems, stderr);
    kg_problems_fini(&problems);
    return settings->catalogue != NULL;
}

bool kg_broker_settings_read(const char *path, kg_settings_of_broker *settings)
{
    kg_problems problems;
    *settings = (kg_settings_of_broker){0};
    kg_problems_init(&problems, path);
    bool good = kg_config_read(path, &settings->config, &problems);
    kg_problems_print(&problems, stderr);
    kg_problems_fini(&problems);
    good = good && read_catalogue(settings);
    if (!good)
        kg_broker_settings_fini(settings);
    return good;
}

void kg_broker_settings_fini(kg_settings_of_broker *settings)
{
    kg_config_fini(&settings->config);
    kg_catalogue_destroy(&settings->catalogue);
    free(settings->catalogue_text);
    *settings = (kg_settings_of_broker){0};
}
