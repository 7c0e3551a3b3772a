/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/monitor.h"

#include <stdlib.h>
#include <string.h>

#include "broker/clock.h"
#include "broker/domain/campaign.h"
#include "broker/journal/journal.h"
#include "broker/log.h"
#include "broker/metrics/exposition.h"
#include "broker/metrics/http.h"
#include "broker/metrics/report.h"
#include "proto/text.h"

struct kg_monitor {
    kg_vitals *vitals; /* owned */
    kg_http *http;     /* owned; NULL: nobody may ask */
    char *checkpoint;  /* owned */
    kg_report_about about;
};

_Static_assert(KG_ROUND_CANCELLED < KG_VITALS_ROUND_STATES_MAX, "each state has its place");

static unsigned verdict(bool good, const char *why, kg_buffer *body)
{
    kg_buffer_format(body, "%s\n", why);
    return good ? 200 : 503;
}

static unsigned make_page(void *context, const char *path, kg_buffer *body, const char **type)
{
    const kg_monitor *monitor = context;
    const int64_t now_ms = kg_clock_monotonic_ms();
    char why[200];
    if (strcmp(path, "/healthz") == 0)
        return verdict(kg_report_healthy(monitor->vitals, now_ms, why), why, body);
    if (strcmp(path, "/readyz") == 0)
        return verdict(kg_report_ready(monitor->vitals, now_ms, why), why, body);
    if (strcmp(path, "/metrics") == 0) {
        *type = KG_EXPOSITION_TYPE;
        kg_report_write(monitor->vitals, &monitor->about, now_ms, body);
        return 200;
    }
    kg_buffer_format(body, "Here are /metrics, /healthz and /readyz.\n");
    return 404;
}

static void describe(kg_monitor *monitor, const kg_config *config, int64_t started_ms)
{
    kg_report_about *about = &monitor->about;
    monitor->checkpoint = kg_config_checkpoint(config);
    *about = (kg_report_about){.version = KG_VERSION,
                               .journal = kg_journal_backend(),
                               .checkpoint = monitor->checkpoint,
                               .started_ms = started_ms};
    for (int i = KG_ROUND_DRAFT; i <= KG_ROUND_CANCELLED; i++)
        about->round_states[i] = kg_round_state_name((kg_round_state)i);
}

kg_monitor *kg_monitor_new(const kg_config *config, int64_t started_ms, char why[static 200])
{
    kg_address address;
    kg_monitor *monitor = kg_alloc(1, sizeof *monitor);
    monitor->vitals = kg_vitals_new();
    describe(monitor, config, started_ms);
    if (config->metrics && kg_address_parse(config->metrics, &address))
        monitor->http = kg_http_listen(&address, why);
    if (config->metrics && !monitor->http)
        kg_monitor_destroy(&monitor);
    return monitor;
}

kg_vitals *kg_monitor_vitals(kg_monitor *monitor)
{
    return monitor->vitals;
}

bool kg_monitor_start(kg_monitor *monitor, char why[static 200])
{
    char address[64];
    if (!monitor->http)
        return true;
    if (!kg_http_start(monitor->http, make_page, monitor, why))
        return false;
    kg_http_address(monitor->http, address);
    kg_log(KG_LOG_INFO, "metrics-served", "address=%s", address);
    kg_log_flush();
    return true;
}

void kg_monitor_destroy(kg_monitor **monitor)
{
    kg_monitor *self = *monitor;
    if (!self)
        return;
    kg_http_stop(&self->http);
    kg_vitals_destroy(&self->vitals);
    free(self->checkpoint);
    free(self);
    *monitor = NULL;
}
