/* SPDX-License-Identifier: EUPL-1.2 */
/* What the broker is started with: broker.conf and the catalogue it names, both checked. */
#ifndef KG_BROKER_SETTINGS_H
#define KG_BROKER_SETTINGS_H

#include <stdio.h>

#include "broker/config.h"
#include "proto/catalogue.h"

typedef struct kg_settings_of_broker {
    kg_config config;
    kg_catalogue *catalogue; /* owned */
    char *catalogue_text;    /* owned: the file as it stands, to be journalled */
} kg_settings_of_broker;

/* Reads both; prints every problem to stderr, a line each. False when there was one: nothing to
 * fini then. */
bool kg_broker_settings_read(const char *path, kg_settings_of_broker *settings);
void kg_broker_settings_fini(kg_settings_of_broker *settings);
/* Every problem, a line each. */
void kg_problems_print(const kg_problems *problems, FILE *out);

#endif
