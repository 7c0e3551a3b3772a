/* SPDX-License-Identifier: EUPL-1.2 */
/* ZAP requests: one right one, and each way to be wrong. */
#include "broker/net/zap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t known[KG_KEY_BYTES] = "a key that is on the list......";

typedef struct frame {
    const void *bytes;
    size_t count;
} frame;

static void right_frames(frame out[KG_ZAP_FRAMES])
{
    static const frame right[KG_ZAP_FRAMES] = {
        [KG_ZAP_VERSION] = {"1.0", 3},          [KG_ZAP_REQUEST_ID] = {"1", 1},
        [KG_ZAP_DOMAIN_NAME] = {"kopgroep", 8}, [KG_ZAP_ADDRESS] = {"127.0.0.1", 9},
        [KG_ZAP_IDENTITY] = {"", 0},            [KG_ZAP_MECHANISM] = {"CURVE", 5},
        [KG_ZAP_KEY] = {known, KG_KEY_BYTES},
    };
    memcpy(out, right, sizeof right);
}

static bool admits(const frame *frames, size_t count)
{
    char organisation[KG_ID_BYTES_MAX + 1] = "";
    kg_zap_request request = {0};
    kg_admitted *admitted = kg_admitted_new();
    kg_admitted_add(admitted, known, "BE-KNOWN");
    for (size_t i = 0; i < count; i++)
        kg_zap_add(&request, frames[i].bytes, frames[i].count);
    bool good = kg_zap_admits(&request, admitted, organisation);
    assert_string_equal(organisation, good ? "BE-KNOWN" : "");
    kg_admitted_destroy(&admitted);
    return good;
}

static void known_key_is_admitted(void **state)
{
    (void)state;
    frame frames[KG_ZAP_FRAMES];
    right_frames(frames);
    assert_true(admits(frames, KG_ZAP_FRAMES));
    frames[KG_ZAP_ADDRESS] = (frame){"::1", 3}; /* says nothing about who it is */
    frames[KG_ZAP_IDENTITY] = (frame){"anything", 8};
    assert_true(admits(frames, KG_ZAP_FRAMES));
}

static void each_wrong_frame_is_refused(void **state)
{
    (void)state;
    static const uint8_t stranger[KG_KEY_BYTES] = "a key that is not on the list..";
    static const char long_frame[300] = "1.0";
    static const struct {
        int place;
        frame wrong;
    } cases[] = {
        {KG_ZAP_VERSION, {"2.0", 3}},
        {KG_ZAP_VERSION, {"1.0\0", 4}},
        {KG_ZAP_VERSION, {"", 0}},
        {KG_ZAP_VERSION, {long_frame, sizeof long_frame}},
        {KG_ZAP_DOMAIN_NAME, {"", 0}},
        {KG_ZAP_DOMAIN_NAME, {"kopgroe", 7}},
        {KG_ZAP_DOMAIN_NAME, {"kopgroep2", 9}},
        {KG_ZAP_MECHANISM, {"NULL", 4}},
        {KG_ZAP_MECHANISM, {"PLAIN", 5}},
        {KG_ZAP_KEY, {stranger, KG_KEY_BYTES}},
        {KG_ZAP_KEY, {known, KG_KEY_BYTES - 1}},
        {KG_ZAP_KEY, {long_frame, KG_KEY_BYTES + 1}},
        {KG_ZAP_KEY, {"", 0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        frame frames[KG_ZAP_FRAMES];
        right_frames(frames);
        frames[cases[i].place] = cases[i].wrong;
        if (admits(frames, KG_ZAP_FRAMES))
            fail_msg("case %zu was admitted", i);
    }
}

static void wrong_number_of_frames_is_refused(void **state)
{
    (void)state;
    frame frames[KG_ZAP_FRAMES + 2] = {0};
    right_frames(frames);
    for (size_t count = 0; count < KG_ZAP_FRAMES; count++)
        assert_false(admits(frames, count));
    frames[KG_ZAP_FRAMES] = frames[KG_ZAP_FRAMES + 1] = (frame){"more", 4};
    assert_false(admits(frames, KG_ZAP_FRAMES + 1));
    assert_false(admits(frames, KG_ZAP_FRAMES + 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_key_is_admitted),
        cmocka_unit_test(each_wrong_frame_is_refused),
        cmocka_unit_test(wrong_number_of_frames_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
