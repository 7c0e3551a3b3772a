/* SPDX-License-Identifier: EUPL-1.2 */
/* A command on its way through the codec. */
#ifndef KG_TEST_HELPER_CODEC_H
#define KG_TEST_HELPER_CODEC_H

#include "helper_plan.h"
#include "helper_wire.h"
#include "proto/codec.h"

struct codec_scene {
    kg_catalogue *catalogue; /* small_catalogue() */
    kg_command sent, got;
    kg_buffer bytes;
    char detail[600];
};

/* For cmocka: *state is a scene. */
int codec_set_up(void **state);
int codec_tear_down(void **state);

/* `sent` afresh. */
void codec_start(struct codec_scene *scene, kg_kind kind);
/* Encodes `sent` into `bytes` and decodes it into `got`. */
kg_status codec_send(struct codec_scene *scene);
/* Decodes `bytes` into `got`. */
kg_status codec_take(struct codec_scene *scene, uint32_t kind);
/* Fails the test unless the bytes are refused so, with the field's name in the detail. */
void codec_need(struct codec_scene *scene, uint32_t kind, kg_status status, const char *field);
/* Both NULL, or equal. */
void codec_need_text(const char *got, const char *sent);
void codec_need_texts(const kg_texts *got, const kg_texts *sent);

#endif
