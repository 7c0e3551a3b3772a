/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/metrics/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const kg_report_about about = {.version = "1.2.3",
                                      .journal = "LMDB \"0.9\"",
                                      .checkpoint = "/nonexistent/checkpoint",
                                      .started_ms = 1500,
                                      .round_states = {"draft", "open"}};

/* Ready only while it serves, may write, and its core goes round; healthy whatever it does but
 * hang while it should serve. */
static void verdicts_follow_phase_room_and_turns(void **state)
{
    (void)state;
    char why[200];
    kg_vitals *vitals = kg_vitals_new();
    for (int phase = KG_PHASE_STARTING; phase <= KG_PHASE_STOPPING; phase++)
        for (int read_only = 0; read_only < 2; read_only++)
            for (int age = -1; age <= 1; age++) {
                int64_t now_ms = 1000 + KG_CORE_TURN_MS_MAX + age;
                bool hangs = phase == KG_PHASE_SERVING && age > 0;
                bool ready = phase == KG_PHASE_SERVING && !read_only && !hangs;
                kg_vitals_set(vitals, KG_VITAL_PHASE, (uint64_t)phase);
                kg_vitals_set(vitals, KG_VITAL_READ_ONLY, (uint64_t)read_only);
                kg_vitals_set(vitals, KG_VITAL_TURNED_MS, 1000);
                assert_int_equal(kg_report_healthy(vitals, now_ms, why), !hangs);
                assert_int_equal(strncmp(why, "stalled", 7) == 0, hangs);
                assert_int_equal(kg_report_ready(vitals, now_ms, why), ready);
                assert_int_equal(strcmp(why, "ready") == 0, ready);
            }
    kg_vitals_destroy(&vitals);
}

static void says_what_it_is_short_of(void **state)
{
    (void)state;
    char why[200];
    kg_vitals *vitals = kg_vitals_new();
    kg_vitals_set(vitals, KG_VITAL_PHASE, KG_PHASE_SERVING);
    kg_vitals_set(vitals, KG_VITAL_TURNED_MS, 1000);
    kg_vitals_set(vitals, KG_VITAL_READ_ONLY, 1);
    kg_vitals_set(vitals, KG_VITAL_SHORT_OF_DISK, 1);
    assert_false(kg_report_ready(vitals, 1000, why));
    assert_string_equal(why, "read-only: too little room on the disk; withdrawals and questions "
                             "are served");
    kg_vitals_set(vitals, KG_VITAL_SHORT_OF_MAP, 1);
    kg_vitals_set(vitals, KG_VITAL_FULL, 1);
    assert_false(kg_report_ready(vitals, 1000, why));
    assert_string_equal(why, "read-only: no room on the disk and in the journal's map; only "
                             "questions are served");
    kg_vitals_set(vitals, KG_VITAL_SHORT_OF_DISK, 0);
    assert_false(kg_report_ready(vitals, 1000, why));
    assert_string_equal(why, "read-only: no room in the journal's map (map_gib); only questions "
                             "are served");
    kg_vitals_destroy(&vitals);
}

static void core_that_has_not_begun_does_not_hang(void **state)
{
    (void)state;
    char why[200];
    kg_vitals *vitals = kg_vitals_new();
    kg_vitals_set(vitals, KG_VITAL_PHASE, KG_PHASE_SERVING);
    assert_true(kg_report_healthy(vitals, 1000000000, why));
    assert_false(kg_report_ready(vitals, 1000000000, why));
    assert_string_equal(why, "starting: the journal is being read");
    kg_vitals_destroy(&vitals);
}

static void has(const kg_buffer *page, const char *line)
{
    if (!strstr(page->bytes, line))
        fail_msg("the page lacks: %s", line);
}

static void page_tells_what_was_counted(void **state)
{
    (void)state;
    kg_buffer page;
    kg_vitals *vitals = kg_vitals_new();
    kg_vitals_set(vitals, KG_VITAL_RECORDS, 42);
    kg_vitals_set(vitals, KG_VITAL_WAITING_BATCHES, 2);
    kg_vitals_set_rounds(vitals, 1, 3);
    kg_vitals_request(vitals, KG_KIND_SUBMIT, KG_STATUS_OK);
    kg_vitals_request(vitals, KG_KIND_NONE, KG_STATUS_UNKNOWN_KIND);
    kg_vitals_observe(vitals, KG_HISTOGRAM_COMMIT_US, 700);
    kg_vitals_observe(vitals, KG_HISTOGRAM_COMMIT_US, 9000000);
    kg_buffer_init(&page);
    kg_report_write(vitals, &about, 0, &page);
    has(&page, "\nkopgroep_build_info{version=\"1.2.3\",journal=\"LMDB \\\"0.9\\\"\"} 1\n");
    has(&page, "\nkopgroep_journal_records_total 42\n");
    has(&page, "\nkopgroep_queue_depth{queue=\"batches\"} 2\n");
    has(&page, "\nkopgroep_rounds{state=\"draft\"} 0\nkopgroep_rounds{state=\"open\"} 3\n");
    has(&page, "\nkopgroep_requests_total{kind=\"submit\",status=\"OK\"} 1\n");
    has(&page, "\nkopgroep_requests_total{kind=\"unknown\",status=\"UNKNOWN_KIND\"} 1\n");
    has(&page, "\nkopgroep_commit_duration_seconds_bucket{le=\"0.0005\"} 0\n"
               "kopgroep_commit_duration_seconds_bucket{le=\"0.001\"} 1\n");
    has(&page, "{le=\"5\"} 1\nkopgroep_commit_duration_seconds_bucket{le=\"+Inf\"} 2\n"
               "kopgroep_commit_duration_seconds_sum 9.0007\n"
               "kopgroep_commit_duration_seconds_count 2\n");
    has(&page, "\nprocess_start_time_seconds 1.5\n");
    has(&page, "\nprocess_open_fds ");
    assert_null(strstr(page.bytes, "kopgroep_checkpoint_timestamp_seconds"));
    kg_buffer_fini(&page);
    kg_vitals_destroy(&vitals);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_follow_phase_room_and_turns),
        cmocka_unit_test(says_what_it_is_short_of),
        cmocka_unit_test(core_that_has_not_begun_does_not_hang),
        cmocka_unit_test(page_tells_what_was_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
