/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_codec.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

int codec_set_up(void **state)
{
    struct codec_scene *scene = kg_alloc(1, sizeof *scene);
    scene->catalogue = small_catalogue();
    kg_command_init(&scene->sent, KG_KIND_NONE);
    kg_command_init(&scene->got, KG_KIND_NONE);
    kg_buffer_init(&scene->bytes);
    *state = scene;
    return 0;
}

int codec_tear_down(void **state)
{
    struct codec_scene *scene = *state;
    kg_command_fini(&scene->sent);
    kg_command_fini(&scene->got);
    kg_buffer_fini(&scene->bytes);
    kg_catalogue_destroy(&scene->catalogue);
    free(scene);
    return 0;
}

void codec_start(struct codec_scene *scene, kg_kind kind)
{
    kg_command_fini(&scene->sent);
    kg_command_init(&scene->sent, kind);
}

kg_status codec_take(struct codec_scene *scene, uint32_t kind)
{
    kg_command_fini(&scene->got);
    return kg_codec_command_decode(kind, (const uint8_t *)scene->bytes.bytes, scene->bytes.count,
                                   scene->catalogue, &scene->got, scene->detail);
}

kg_status codec_send(struct codec_scene *scene)
{
    scene->bytes.count = 0;
    kg_codec_command_encode(&scene->sent, scene->catalogue, &scene->bytes);
    return codec_take(scene, scene->sent.kind);
}

void codec_need(struct codec_scene *scene, uint32_t kind, kg_status status, const char *field)
{
    kg_status told = codec_take(scene, kind);
    if (told != status || strncmp(scene->detail, field, strlen(field)) != 0)
        fail_msg("kind %u: %s, not %s of %s: %s", (unsigned)kind, kg_status_name(told),
                 kg_status_name(status), field, scene->detail);
}

void codec_need_text(const char *got, const char *sent)
{
    if (sent)
        assert_string_equal(got ? got : "(none)", sent);
    else
        assert_null(got);
}

void codec_need_texts(const kg_texts *got, const kg_texts *sent)
{
    assert_int_equal(got->count, sent->count);
    for (size_t i = 0; i < sent->count; i++)
        assert_string_equal(got->items[i], sent->items[i]);
}
