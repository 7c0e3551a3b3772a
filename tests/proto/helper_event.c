/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_event.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

int event_set_up(void **state)
{
    struct event_scene *scene = kg_alloc(1, sizeof *scene);
    scene->catalogue = small_catalogue();
    kg_buffer_init(&scene->bytes);
    *state = scene;
    return 0;
}

int event_tear_down(void **state)
{
    struct event_scene *scene = *state;
    kg_event_destroy(&scene->sent);
    kg_event_destroy(&scene->got);
    kg_buffer_fini(&scene->bytes);
    kg_catalogue_destroy(&scene->catalogue);
    free(scene);
    return 0;
}

void event_start(struct event_scene *scene, kg_kind kind)
{
    kg_event_destroy(&scene->sent);
    scene->sent = kg_event_new(kind);
    strcpy(scene->sent->actor, "BE-0316380940");
    scene->sent->time_ms = 1798761600123;
    scene->sent->today = 20819;
}

bool event_take(struct event_scene *scene)
{
    kg_event_destroy(&scene->got);
    scene->got = kg_codec_event_decode((const uint8_t *)scene->bytes.bytes, scene->bytes.count,
                                       scene->catalogue, scene->error);
    return scene->got != NULL;
}

void event_send(struct event_scene *scene)
{
    scene->bytes.count = 0;
    kg_codec_event_encode(scene->sent, scene->catalogue, &scene->bytes);
    if (!event_take(scene))
        fail_msg("%s", scene->error);
    assert_string_equal(scene->error, "");
    assert_string_equal(scene->got->actor, scene->sent->actor);
    assert_int_equal(scene->got->time_ms, scene->sent->time_ms);
    assert_int_equal(scene->got->today, scene->sent->today);
    assert_int_equal(scene->got->command.kind, scene->sent->command.kind);
    assert_string_equal(scene->got->ruleset, scene->sent->ruleset);
    assert_string_equal(scene->got->input_digest, scene->sent->input_digest);
}
