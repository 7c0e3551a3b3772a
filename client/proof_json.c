/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/proof_json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/descriptor.h"
#include "proto/memory.h"
#include "proto/text.h"

json_t *kg_client_hex_json(const uint8_t *bytes, size_t count)
{
    char *text = kg_alloc(2 * count + 1, 1);
    kg_hex_write(bytes, count, text);
    json_t *out = json_string(text);
    free(text);
    return out;
}

json_t *kg_client_head_json(const kg_tree_head *head)
{
    json_t *out = json_pack("{s:I,s:I}", "size", (json_int_t)head->size, "time_ms",
                            (json_int_t)head->time_ms);
    json_object_set_new(out, "root", kg_client_hex_json(head->root.bytes, KG_TREE_HASH_BYTES));
    json_object_set_new(out, "signature", kg_client_hex_json(head->signature, KG_SIGNATURE_BYTES));
    return out;
}

json_t *kg_client_proof_json(const kg_tree_proof *proof)
{
    json_t *out = json_array();
    for (size_t i = 0; i < proof->count; i++)
        json_array_append_new(out, kg_client_hex_json(proof->hashes[i].bytes, KG_TREE_HASH_BYTES));
    return out;
}

bool kg_client_read_hex(const json_t *object, const char *name, uint8_t *out, size_t count)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text && kg_hex_parse(text, out, count);
}

bool kg_client_read_number(const json_t *object, const char *name, uint64_t *out)
{
    const json_t *number = json_object_get(object, name);
    if (!json_is_integer(number) || json_integer_value(number) < 0)
        return false;
    *out = (uint64_t)json_integer_value(number);
    return true;
}

bool kg_client_read_head(const json_t *object, kg_tree_head *out)
{
    uint64_t time_ms = 0;
    bool good = kg_client_read_number(object, "size", &out->size) && out->size > 0 &&
                kg_client_read_number(object, "time_ms", &time_ms) &&
                kg_client_read_hex(object, "root", out->root.bytes, KG_TREE_HASH_BYTES) &&
                kg_client_read_hex(object, "signature", out->signature, KG_SIGNATURE_BYTES);
    out->time_ms = (int64_t)time_ms;
    return good;
}

bool kg_client_read_proof(const json_t *array, kg_tree_proof *out)
{
    out->count = json_array_size(array);
    if (!json_is_array(array) || out->count > KG_TREE_PROOF_MAX)
        return false;
    for (size_t i = 0; i < out->count; i++) {
        const char *text = json_string_value(json_array_get(array, i));
        if (!text || !kg_hex_parse(text, out->hashes[i].bytes, KG_TREE_HASH_BYTES))
            return false;
    }
    return true;
}

bool kg_client_write_file(const char *path, const char *text, bool fresh)
{
    kg_buffer name;
    kg_buffer_init(&name);
    kg_buffer_format(&name, "%s.%d.new", path, (int)getpid());
    int descriptor = open(name.bytes, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool good = descriptor >= 0 && kg_descriptor_write(descriptor, text, strlen(text)) &&
                fsync(descriptor) == 0;
    if (descriptor >= 0)
        good = close(descriptor) == 0 && good;
    if (good)
        good = fresh ? link(name.bytes, path) == 0 : rename(name.bytes, path) == 0;
    int error = errno;
    if (descriptor >= 0 && (fresh || !good))
        unlink(name.bytes);
    errno = error;
    kg_buffer_fini(&name);
    return good;
}
