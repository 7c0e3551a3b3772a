/* SPDX-License-Identifier: EUPL-1.2 */
/* The catalogue file's kinds of section: which keys each has, and how one is read. Only
 * catalogue_file.c uses this. */
#ifndef KG_CATALOGUE_PARTS_FILE_H
#define KG_CATALOGUE_PARTS_FILE_H

#include "proto/catalogue.h"
#include "proto/settings_file.h"

extern const kg_key kg_criterion_keys[], kg_category_keys[], kg_profile_keys[], kg_label_keys[],
    kg_threshold_keys[], kg_life_cycle_keys[];

/* Each fills the entry of its kind (zeroed before) from a section and adds what is wrong with it.
 * What a section names must have been read: criteria first, then categories. */
void kg_criterion_read(kg_catalogue *catalogue, const kg_section *section, void *criterion,
                       kg_problems *problems);
void kg_category_read(kg_catalogue *catalogue, const kg_section *section, void *category,
                      kg_problems *problems);
void kg_profile_read(kg_catalogue *catalogue, const kg_section *section, void *profile,
                     kg_problems *problems);
void kg_label_read(kg_catalogue *catalogue, const kg_section *section, void *label,
                   kg_problems *problems);
void kg_threshold_read(kg_catalogue *catalogue, const kg_section *section, void *threshold,
                       kg_problems *problems);
/* catalogue_life_cycle_file.c; its section is titled by a category. */
void kg_life_cycle_read(kg_catalogue *catalogue, const kg_section *section, void *life_cycle,
                        kg_problems *problems);

#endif
