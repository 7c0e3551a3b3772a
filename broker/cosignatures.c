/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/cosignatures.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "broker/clock.h"
#include "broker/journal/journal_folder.h"
#include "broker/log.h"
#include "broker/tree_heads.h"

#define FIRST_LINE "kopgroep cosignatures 1\n"
#define NEW_NAME "broker.cosignatures.new"
#define NAME "broker.cosignatures"
#define LINE_BYTES 600
#define LINES_MAX 10000 /* far more than there are witnesses: another file */
#define WHILE_MS 1000   /* between two writings, each of which costs the core two syncs */
#define AGAIN_MS 60000  /* until a writing that failed is tried again */

/* ---- reading ---- */

/* organisation, key, size, time, root, signature. */
static bool parse(const char *line, kg_cosignature *out)
{
    char sign[2 * KG_KEY_BYTES + 1], root[2 * KG_TREE_HASH_BYTES + 1];
    char signature[2 * KG_SIGNATURE_BYTES + 1];
    int end = 0;
    *out = (kg_cosignature){0};
    return sscanf(line, "%64s %64s %" SCNu64 " %" SCNd64 " %64s %128s\n%n", out->organisation, sign,
                  &out->head.size, &out->head.time_ms, root, signature, &end) == 6 &&
           line[end] == '\0' && kg_hex_parse(sign, out->sign, KG_KEY_BYTES) &&
           kg_hex_parse(root, out->head.root.bytes, KG_TREE_HASH_BYTES) &&
           kg_hex_parse(signature, out->head.signature, KG_SIGNATURE_BYTES);
}

static void read_lines(kg_core *core, FILE *file, size_t *taken, size_t *left_out)
{
    char line[LINE_BYTES];
    kg_cosignature one;
    bool known = fgets(line, sizeof line, file) && strcmp(line, FIRST_LINE) == 0;
    *left_out += !known;
    for (size_t i = 0; known && i < LINES_MAX && fgets(line, sizeof line, file); i++) {
        if (parse(line, &one) && kg_tree_heads_take(core, &one))
            ++*taken;
        else
            ++*left_out;
    }
}

void kg_cosignatures_load(kg_core *core)
{
    char *path = kg_folder_path(core->config->folder, NAME);
    FILE *file = fopen(path, "re");
    size_t taken = 0, left_out = 0;
    bool failed = !file && errno != ENOENT;
    if (file) {
        read_lines(core, file, &taken, &left_out);
        failed = ferror(file) != 0;
    }
    if (failed)
        kg_log(KG_LOG_WARNING, "cosignatures-not-read", "path=%s error=\"%s\"", path,
               strerror(errno));
    if (file)
        fclose(file);
    if (taken + left_out > 0)
        kg_log(left_out > 0 ? KG_LOG_WARNING : KG_LOG_INFO, "cosignatures-read",
               "taken=%zu left_out=%zu", taken, left_out);
    free(path);
}

/* ---- writing ---- */

static void write_line(FILE *file, const kg_cosignature *one)
{
    char sign[2 * KG_KEY_BYTES + 1], root[2 * KG_TREE_HASH_BYTES + 1];
    char signature[2 * KG_SIGNATURE_BYTES + 1];
    kg_hex_write(one->sign, KG_KEY_BYTES, sign);
    kg_hex_write(one->head.root.bytes, KG_TREE_HASH_BYTES, root);
    kg_hex_write(one->head.signature, KG_SIGNATURE_BYTES, signature);
    fprintf(file, "%s %s %" PRIu64 " %" PRId64 " %s %s\n", one->organisation, sign, one->head.size,
            one->head.time_ms, root, signature);
}

static bool write_new(const kg_core *core)
{
    char *path = kg_folder_path(core->config->folder, NEW_NAME);
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    bool good = file != NULL;
    if (file) {
        fputs(FIRST_LINE, file);
        for (size_t i = 0; i < core->cosignatures_count; i++)
            write_line(file, &core->cosignatures[i]);
        good = ferror(file) == 0;
        good = fclose(file) == 0 && good;
    }
    free(path);
    return good;
}

void kg_cosignatures_keep(kg_core *core, bool at_once)
{
    int64_t now_ms = kg_clock_monotonic_ms();
    if (!core->cosignatures_new || (!at_once && now_ms < core->cosignatures_due_ms))
        return;
    bool written = write_new(core);
    bool kept = written && kg_folder_publish(core->config->folder, NEW_NAME, NAME);
    core->cosignatures_new = !kept;
    core->cosignatures_due_ms = now_ms + (kept ? WHILE_MS : AGAIN_MS);
    if (!kept)
        kg_log(KG_LOG_WARNING, "cosignatures-not-kept", "error=\"%s\"",
               written ? kg_journal_error() : "the file cannot be written");
}
