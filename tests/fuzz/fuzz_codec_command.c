/* SPDX-License-Identifier: EUPL-1.2 */
/* Any bytes as the body of a message whose kind is the first byte: refused with a sentence, or a
 * value that encodes to a body of the same meaning. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/catalogue_file.h"
#include "proto/codec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char catalogue_text[] =
    "criterion \"warranty-years\" { scale = {\"0\",\"1\",\"2\"} type = \"technical\" }\n"
    "category \"laptop\" { cpv = {\"30213100\"} criteria = {\"warranty-years\"} }\n"
    "category \"monitor\" { cpv = {\"30231000\"} }\n";

static void need(bool condition)
{
    if (!condition)
        abort();
}

/* Read once: it is messages that are tried here. */
static const kg_catalogue *small_catalogue(void)
{
    static kg_catalogue *catalogue;
    if (!catalogue) {
        kg_problems problems;
        kg_problems_init(&problems, NULL);
        catalogue = kg_catalogue_read_text(catalogue_text, "catalogue", &problems);
        need(catalogue != NULL);
        kg_problems_fini(&problems);
    }
    return catalogue;
}

static void need_said(kg_status status, const char *detail)
{
    need((status == KG_STATUS_OK) == (detail[0] == '\0'));
    need(strlen(detail) < 600);
    need(kg_status_text(status)[0] != '\0');
}

static void need_texts(const kg_texts *texts)
{
    for (size_t i = 0; i < texts->count; i++)
        need(kg_text_valid(texts->items[i], KG_FRAME_BYTES_MAX));
}

/* What was read reads the same again. */
static void need_stable(const kg_command *command)
{
    char detail[600];
    kg_command again;
    kg_buffer first, second;
    kg_buffer_init(&first);
    kg_buffer_init(&second);
    kg_codec_command_encode(command, small_catalogue(), &first);
    kg_status status = kg_codec_command_decode(command->kind, (const uint8_t *)first.bytes,
                                               first.count, small_catalogue(), &again, detail);
    /* What was left out is written: it may then be too large. */
    need(status == KG_STATUS_OK || first.count > KG_BODY_BYTES_MAX);
    if (status == KG_STATUS_OK)
        kg_codec_command_encode(&again, small_catalogue(), &second);
    need(status != KG_STATUS_OK ||
         (first.count == second.count && memcmp(first.bytes, second.bytes, first.count) == 0));
    kg_command_fini(&again);
    kg_buffer_fini(&first);
    kg_buffer_fini(&second);
}

static void try_command(uint8_t kind, const uint8_t *body, size_t count)
{
    char detail[600];
    kg_command command;
    kg_status status =
        kg_codec_command_decode(kind, body, count, small_catalogue(), &command, detail);
    need_said(status, detail);
    need_texts(&command.keys);
    need_texts(&command.lots);
    if (status == KG_STATUS_OK)
        need_stable(&command);
    kg_command_fini(&command);
}

static void try_query(const uint8_t *body, size_t count)
{
    char detail[600];
    kg_query query, again;
    kg_buffer bytes;
    kg_buffer_init(&bytes);
    kg_status status = kg_codec_query_decode(body, count, &query, detail);
    need_said(status, detail);
    if (status == KG_STATUS_OK) {
        kg_codec_query_encode(&query, &bytes);
        need(kg_codec_query_decode((const uint8_t *)bytes.bytes, bytes.count, &again, detail) ==
             KG_STATUS_OK);
        kg_query_fini(&again);
    }
    kg_query_fini(&query);
    kg_buffer_fini(&bytes);
}

static void try_reply(const uint8_t *bytes, size_t count)
{
    kg_reply reply, again;
    kg_buffer encoded;
    kg_buffer_init(&encoded);
    if (count <= KG_FRAME_BYTES_MAX && kg_codec_reply_decode(bytes, count, &reply)) {
        kg_codec_reply_encode(&reply, &encoded);
        need(encoded.count <= KG_FRAME_BYTES_MAX);
        need(kg_codec_reply_decode((const uint8_t *)encoded.bytes, encoded.count, &again));
        kg_reply_fini(&again);
        kg_reply_fini(&reply);
    } else if (count <= KG_FRAME_BYTES_MAX) {
        kg_reply_fini(&reply);
    }
    kg_buffer_fini(&encoded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kg_page page;
    if (size == 0)
        return 0;
    if (data[0] == KG_KIND_QUERY)
        try_query(data + 1, size - 1);
    else if (data[0] == KG_KIND_PAGE)
        kg_codec_page_decode(data + 1, size - 1, &page);
    else if (data[0] == 0xff) /* the other direction: what a client reads */
        try_reply(data + 1, size - 1);
    else
        try_command(data[0], data + 1, size - 1);
    return 0;
}
