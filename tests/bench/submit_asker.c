/* SPDX-License-Identifier: EUPL-1.2 */
#include "submit_asker.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "client/kopgroep.h"
#include "proto/memory.h"

struct submit_asker {
    kopgroep_session *session; /* owned */
    pthread_t thread;
    atomic_bool stop;
    int interval_ms;
    size_t answers;
};

static void must(kopgroep_answer *answer)
{
    if (answer->outcome != KOPGROEP_DONE) {
        fprintf(stderr, "asker: %s\n",
                answer->problems_count ? answer->problems[0].allowed : answer->detail);
        exit(4);
    }
    kopgroep_answer_fini(answer);
    *answer = (kopgroep_answer){0};
}

static kopgroep_session *open_as(const char *access, const char *key, kopgroep_answer *answer)
{
    const kopgroep_options options = {.broker = access, .identity = key};
    kopgroep_session *session = kopgroep_open(&options, answer);
    must(answer);
    return session;
}

static void write_day(int in_days, char out[static 11])
{
    struct tm day;
    time_t then = time(NULL) + (time_t)in_days * 86400;
    gmtime_r(&then, &day);
    strftime(out, 11, "%Y-%m-%d", &day);
}

static FILE *open_file(const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        exit(4);
    }
    return file;
}

static void write_files(const char *folder)
{
    char path[4300], opens[11], closes[11], confirm[11], reconfirm[11], award[11];
    write_day(0, opens);
    write_day(300, closes);
    write_day(320, confirm);
    write_day(330, reconfirm);
    write_day(360, award);
    snprintf(path, sizeof path, "%s/hub.conf", folder);
    FILE *file = open_file(path);
    fprintf(file, "organisation \"HUB\" {\n  name = \"Hub\"\n  legal_type = \"la\"\n"
                  "  central = false\n  nuts = \"BE211\"\n  languages = {\"nl\"}\n"
                  "  can_lead = true\n}\n");
    fclose(file);
    snprintf(path, sizeof path, "%s/round.conf", folder);
    file = open_file(path);
    fprintf(file,
            "round \"all\" {\n  title_en = \"All\"\n  bodies_min = 5\n"
            "  delivery_from = \"2027-01-01\"\n  delivery_to = \"2029-12-31\"\n  opens = \"%s\"\n"
            "  closes = \"%s\"\n  confirm_by = \"%s\"\n  reconfirm_by = \"%s\"\n"
            "  award_by = \"%s\"\n}\n",
            opens, closes, confirm, reconfirm, award);
    fclose(file);
}

static void *run(void *context)
{
    submit_asker *asker = context;
    const kopgroep_question question = {.view = KOPGROEP_VIEW_VOLUME, .by = "month,track"};
    while (!atomic_load(&asker->stop)) {
        kopgroep_answer answer = {0};
        kopgroep_ask(asker->session, &question, &answer);
        must(&answer);
        asker->answers++;
        usleep((useconds_t)asker->interval_ms * 1000);
    }
    return NULL;
}

submit_asker *submit_asker_start(const submit_broker *broker, int interval_ms)
{
    char access[4300], administrator[4300], key[4300], public_key[4310], records[4300], round[4300];
    kopgroep_answer answer = {0};
    submit_asker *asker = kg_alloc(1, sizeof *asker);
    asker->interval_ms = interval_ms;
    snprintf(access, sizeof access, "%s/broker/broker.access", broker->folder);
    snprintf(administrator, sizeof administrator, "%s/broker/administrator.key", broker->folder);
    snprintf(key, sizeof key, "%s/hub.key", broker->folder);
    snprintf(public_key, sizeof public_key, "%s.pub", key);
    snprintf(records, sizeof records, "%s/hub.conf", broker->folder);
    snprintf(round, sizeof round, "%s/round.conf", broker->folder);
    write_files(broker->folder);
    kopgroep_session *session = open_as(access, administrator, &answer);
    kopgroep_keygen(key, "HUB", NULL, &answer);
    must(&answer);
    kopgroep_register(session, records, "HUB", public_key, "coordinator", &answer);
    must(&answer);
    kopgroep_close(&session);
    asker->session = open_as(access, key, &answer);
    kopgroep_round_open(asker->session, round, &answer);
    must(&answer);
    if (pthread_create(&asker->thread, NULL, run, asker) != 0)
        exit(4);
    return asker;
}

size_t submit_asker_stop(submit_asker **asker)
{
    atomic_store(&(*asker)->stop, true);
    pthread_join((*asker)->thread, NULL);
    size_t answers = (*asker)->answers;
    kopgroep_close(&(*asker)->session);
    free(*asker);
    *asker = NULL;
    return answers;
}
