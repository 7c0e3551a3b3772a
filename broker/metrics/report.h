/* SPDX-License-Identifier: EUPL-1.2 */
/* What the vitals say to who asks: the page of metrics, and two verdicts. */
#ifndef KG_REPORT_H
#define KG_REPORT_H

#include "broker/metrics/vitals.h"
#include "proto/sink.h"

/* The core goes round at least once a second when there is nothing to do; a slow disk or a large
 * round holds it for some. After this long it hangs. */
#define KG_CORE_TURN_MS_MAX 30000

/* What does not change while the broker runs; borrowed. */
typedef struct kg_report_about {
    const char *version, *journal; /* of the program; the backend's name and version */
    const char *checkpoint;        /* path of the file, which may be missing */
    int64_t started_ms;            /* since 1970 */
    const char *round_states[KG_VITALS_ROUND_STATES_MAX]; /* ends with NULL, unless full */
} kg_report_about;

/* Adds the page of metrics. `now_ms` is monotonic, here and below. */
void kg_report_write(const kg_vitals *vitals, const kg_report_about *about, int64_t now_ms,
                     kg_buffer *out);
/* Does the core still go round (or is not there yet, or any more)? Why, in one line without its
 * end. */
bool kg_report_healthy(const kg_vitals *vitals, int64_t now_ms, char why[static 200]);
/* Would a command be taken? */
bool kg_report_ready(const kg_vitals *vitals, int64_t now_ms, char why[static 200]);

#endif
