/* SPDX-License-Identifier: EUPL-1.2 */
#include "sim_broker.h"

#include <stdlib.h>
#include <string.h>

#include "broker/catalogue_change.h"
#include "broker/core.h"
#include "broker/entrance.h"
#include "broker/grouped.h"
#include "helper_world.h"
#include "proto/catalogue_file.h"
#include "sim.h"
#include "sim_checkpoint.h"
#include "sim_clients.h"
#include "sim_journal.h"
#include "sim_net.h"
#include "sim_shadow.h"

#define DOCUMENTS 64
#define DOCUMENTS_BYTES (1u << 20)

static void wake(void *context)
{
    (void)context;
}

static bool change_catalogue(kg_core *core)
{
    const char *text = sim_clients_catalogue(), *present;
    kg_problems problems;
    present = kg_state_catalogue_text(core->store.state);
    if (present && strcmp(present, text) == 0)
        return true;
    kg_problems_init(&problems, "catalogue");
    kg_catalogue *catalogue = kg_catalogue_read_text(text, "catalogue", &problems);
    bool good = kg_catalogue_change(core, text, &catalogue);
    kg_catalogue_destroy(&catalogue);
    kg_problems_fini(&problems);
    if (!good && !sim.dead)
        sim_clients_put_back_catalogue();
    return good;
}

/* The first administrator, who coordinates as well. */
static bool found(kg_core *core)
{
    static const uint8_t no_request[KG_REQUEST_KEY_BYTES];
    kg_reply reply;
    if (kg_state_members(core->store.state) > 0)
        return true;
    kg_core_read_clock(core);
    kg_event *event = kg_event_new(KG_KIND_REGISTER);
    kg_organisation_fini(&event->command.record);
    record_init(&event->command.record, COORDINATOR, "nl fr");
    event->command.record.can_lead = true;
    memcpy(event->command.key.sign, "the coordinator's", 17);
    memcpy(event->command.key.transport, "the coordinator's way", 21);
    event->command.key.roles = SIM_COORDINATOR_ROLES;
    event->command.has_key = true;
    event->time_ms = core->now.time_ms;
    event->today = core->now.today;
    kg_reply_init(&reply);
    kg_core_stage(core, &event, NULL, 0, no_request, &reply);
    kg_reply_fini(&reply);
    return kg_core_commit(core);
}

static void start_net(kg_core *core)
{
    char error[300];
    kg_net_options options = {.admit = kg_entrance_open,
                              .context = core,
                              .preparing = kg_entrance_preparing(core->gate, 1)};
    core->net = kg_net_start(&options, error);
}

static void serve(kg_core *core)
{
    char why[200];
    start_net(core);
    core->worker = kg_worker_start(1, wake, NULL);
    sim_clients_look_at(core->store.state);
    bool good = kg_core_run(core, &sim.stop);
    sim_clients_look_at(NULL);
    kg_worker_stop(&core->worker);
    kg_grouped_drop(core);
    if (!good || sim.dead)
        return;
    sim.counts.stops++;
    sim_shadow_compare(core->store.state);
    if (!sim_chance(500) || !kg_store_write_checkpoint(&core->store, "", why))
        return;
    sim.counts.checkpoints++;
    if (!sim.calm && sim_chance(200))
        sim_checkpoint_lose();
}

static void open_and_serve(kg_core *core)
{
    char note[200] = "", error[300] = "";
    const kg_journal_options options = {0};
    if (!kg_store_open_from_checkpoint(&core->store, "", &options, note, error)) {
        if (!sim.dead)
            sim_fail("the journal cannot be opened: %s", error);
        return;
    }
    if (note[0] != '\0' && !sim.dead)
        sim_fail("the checkpoint is not used: %s", note);
    if (!sim.dead)
        sim_shadow_compare(core->store.state);
    core->gate = kg_gate_new(core->store.deployment, NULL);
    if (change_catalogue(core) && found(core))
        serve(core);
    kg_journal_close(&core->store.journal);
    kg_net_stop(&core->net);
    kg_store_close(&core->store);
}

/* From a start to a kill, a failure or a stop. */
static void run_broker(const kg_config *config)
{
    kg_core *core = kg_alloc(1, sizeof *core);
    sim.dead = false;
    atomic_store(&sim.stop, false);
    sim.calls_left = 0;
    if (!sim.calm)
        sim.calls_left = (uint64_t)(sim_chance(200) ? sim_between(1, 60) : sim_between(60, 1500));
    sim.counts.boots++;
    sim_note("start");
    kg_vitals *vitals = kg_vitals_new();
    kg_core_init(core, config, vitals);
    core->started_ms = sim_wall_ms();
    kg_documents_init(&core->documents, DOCUMENTS, DOCUMENTS_BYTES);
    open_and_serve(core);
    kg_documents_fini(&core->documents);
    kg_gate_destroy(&core->gate);
    kg_core_fini(core);
    kg_vitals_destroy(&vitals);
    free(core);
}

/* Ends the broker once nobody wants anything of it. */
static void look_for_the_end(void *subject)
{
    (void)subject;
    if (sim_clients_done())
        atomic_store(&sim.stop, true);
    else
        sim_at(sim.now_us + 20000, look_for_the_end, NULL);
}

void sim_live(uint64_t seed, unsigned steps, sim_outcome *out)
{
    sim_begin(seed);
    const kg_config config = {.map_gib = 64,
                              .disk_reserve_mib = 1024,
                              .threads = 1,
                              .disclosure_organisations_min = (int)sim_between(3, 5),
                              .disclosure_largest_percent = 60,
                              .disclosure_two_percent = 80,
                              .disclosure_p_percent = 15,
                              .disclosure_days = 7,
                              .lines_max = sim_chance(100) ? 8 : 100000};
    sim_journal_begin();
    sim_net_begin();
    sim_checkpoint_begin();
    sim_shadow_begin();
    sim_clients_begin(steps, &config);
    look_for_the_end(NULL);
    while (!sim_clients_done()) {
        run_broker(&config);
        sim_run_until(sim.now_us + (sim_chance(200) ? sim_between(0, 300000) : 1000));
    }
    atomic_store(&sim.stop, true);
    sim_at(sim.now_us, look_for_the_end, NULL);
    run_broker(&config); /* what is there in the end is there after another start */
    sim_clients_check();
    sim_clients_end();
    kg_store_state_hash(sim_shadow()->state, out->state);
    sim_shadow_end();
    sim_checkpoint_lose();
    sim_net_end();
    sim_journal_end();
    sim_end(out->trace);
}
