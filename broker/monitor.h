/* SPDX-License-Identifier: EUPL-1.2 */
/* What is told of the broker to whoever watches over it: /metrics, /healthz and /readyz, where the
 * settings name an address. It reads the vitals and nothing else, so that nobody waits for it. */
#ifndef KG_MONITOR_H
#define KG_MONITOR_H

#include "broker/config.h"
#include "broker/metrics/vitals.h"

typedef struct kg_monitor kg_monitor;

/* Takes the address, before there are threads. NULL with half a sentence in `why`. */
kg_monitor *kg_monitor_new(const kg_config *config, int64_t started_ms, char why[static 200]);
/* To be counted in, whether anybody asks or not; live as long as the monitor. */
kg_vitals *kg_monitor_vitals(kg_monitor *monitor);
/* Begins to answer, where there is an address. */
bool kg_monitor_start(kg_monitor *monitor, char why[static 200]);
void kg_monitor_destroy(kg_monitor **monitor);

#endif
