/* SPDX-License-Identifier: EUPL-1.2 */
/* What is done to a settings file's text before libconfuse sees it, because libconfuse 3.3
 * - counts lines wrongly after comments, and refuses comments within lists: they become spaces;
 * - puts environment variables into texts, so that one file could mean different things on
 *   different machines: refused here;
 * - says of a text or comment without end only that the file ended: refused here, with its row;
 * - cuts a text at an escaped NUL, and skips characters that it does not know: refused here;
 * - does not tell on which row a section begins, and takes the end of the file for its end: both
 *   are noted here. */
#ifndef KG_SETTINGS_SCAN_FILE_H
#define KG_SETTINGS_SCAN_FILE_H

#include <stdbool.h>

#include "proto/problem.h"

typedef struct kg_settings_scan {
    char *text;         /* owned: the same rows, comments blanked, line ends LF */
    long *section_rows; /* owned: the row of each section's opening brace, in order */
    size_t sections_count, sections_capacity;
    bool unclosed; /* the last section's closing brace is missing */
} kg_settings_scan;

/* Initialises `scan` (fini it in either case); false with one problem, the first. */
bool kg_settings_scan_text(const char *text, kg_settings_scan *scan, kg_problems *problems);
void kg_settings_scan_fini(kg_settings_scan *scan);

#endif
