/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/csv_file.h"

#include <csv.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"

#define CHUNK_BYTES 65536
#define FIELD_BYTES_MAX 65536

struct reader {
    struct csv_parser parser;
    char separator;
    const kg_csv_taker *to;
    size_t fields; /* of the row so far */
    int last_end;  /* the character that ended the row before */
    bool skipping; /* to the end of a row whose quotes are wrong */
};

static void on_field(void *bytes, size_t count, void *context)
{
    struct reader *reader = context;
    reader->fields++;
    reader->to->field(reader->to->context, bytes, count);
}

static void end_row(struct reader *reader, bool broken)
{
    reader->fields = 0;
    reader->to->end(reader->to->context, broken);
}

/* The parser ends a row at CR and, empty, at the LF behind it: that is one end. */
static void on_row(int end, void *context)
{
    struct reader *reader = context;
    bool behind_cr = end == '\n' && reader->last_end == '\r' && reader->fields == 0;
    reader->last_end = end;
    if (!behind_cr)
        end_row(reader, false);
}

static void *grow(void *memory, size_t bytes)
{
    return kg_realloc(memory, bytes, 1);
}

static void start_parser(struct reader *reader)
{
    csv_init(&reader->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL);
    csv_set_delim(&reader->parser, (unsigned char)reader->separator);
    csv_set_realloc_func(&reader->parser, grow);
}

static void refuse_row(struct reader *reader, const char *allowed)
{
    kg_problems_add(reader->to->problems, KG_STATUS_FILE_SYNTAX, *reader->to->row, NULL, NULL, "%s",
                    allowed);
}

/* Skips to the end of a broken row; returns the bytes taken. */
static size_t skip(struct reader *reader, const char *bytes, size_t count)
{
    for (size_t at = 0; at < count; at++) {
        if (bytes[at] != '\r' && bytes[at] != '\n')
            continue;
        reader->skipping = false;
        reader->last_end = bytes[at];
        end_row(reader, true);
        return at + 1;
    }
    return count;
}

static void consume(struct reader *reader, const char *bytes, size_t count)
{
    while (count > 0 && !*reader->to->stopped) {
        size_t taken;
        if (reader->skipping) {
            taken = skip(reader, bytes, count);
        } else {
            taken = csv_parse(&reader->parser, bytes, count, on_field, on_row, reader);
            if (taken < count && !*reader->to->stopped) {
                refuse_row(reader, "A text with a quote in it must stand in quotes, with that "
                                   "quote doubled: \"24\"\" screen\".");
                csv_free(&reader->parser);
                start_parser(reader);
                reader->skipping = true;
            }
        }
        bytes += taken;
        count -= taken;
    }
    if (!*reader->to->stopped && reader->parser.entry_pos > FIELD_BYTES_MAX) {
        refuse_row(reader, "A text is longer than 64 KiB: a quote that opens in this row is not "
                           "closed. The rows after it were not read.");
        *reader->to->stopped = true;
    }
}

static void finish(struct reader *reader)
{
    if (reader->skipping) {
        end_row(reader, true);
    } else if (!*reader->to->stopped && csv_fini(&reader->parser, on_field, on_row, reader) != 0) {
        refuse_row(reader, "A quote that opens in this row is not closed.");
        end_row(reader, true);
    }
}

/* Gives the next bytes, 0 of them at the end; false with a problem when they cannot be read. */
struct source {
    bool (*next)(struct source *source, const char **bytes, size_t *count, kg_problems *problems);
    long long bytes_most;
    FILE *file;
    char *chunk; /* of a file */
    const char *bytes;
    size_t count; /* left, in memory; read so far, of a file */
};

static bool next_of_memory(struct source *source, const char **bytes, size_t *count,
                           kg_problems *problems)
{
    (void)problems;
    *bytes = source->bytes;
    *count = source->count < CHUNK_BYTES ? source->count : CHUNK_BYTES;
    source->bytes += *count;
    source->count -= *count;
    return true;
}

static bool next_of_file(struct source *source, const char **bytes, size_t *count,
                         kg_problems *problems)
{
    *bytes = source->chunk;
    *count = fread(source->chunk, 1, CHUNK_BYTES, source->file);
    source->count += *count;
    if (ferror(source->file)) {
        kg_problems_add(problems, KG_STATUS_FILE_SYNTAX, 0, NULL, NULL,
                        "The file cannot be read: %s.", strerror(errno));
        return false;
    }
    if ((long long)source->count > source->bytes_most) {
        kg_problems_add(problems, KG_STATUS_FILE_SYNTAX, 0, NULL, NULL,
                        "The file is larger than %lld bytes.", source->bytes_most);
        return false;
    }
    return true;
}

static bool read_source(struct source *source, const kg_csv_taker *taker)
{
    struct reader reader = {.to = taker};
    kg_csv_form form;
    const char *bytes;
    size_t count;
    if (!source->next(source, &bytes, &count, taker->problems) ||
        !kg_csv_form_find(bytes, count, &form, taker->problems))
        return false;
    reader.separator = form.separator;
    start_parser(&reader);
    bytes += form.skip;
    count -= form.skip;
    bool readable = true;
    while (readable && count > 0 && !*taker->stopped) {
        consume(&reader, bytes, count);
        readable = source->next(source, &bytes, &count, taker->problems);
    }
    if (readable)
        finish(&reader);
    csv_free(&reader.parser);
    return readable;
}

bool kg_csv_read(const char *path, const kg_csv_taker *taker)
{
    struct source source = {
        .next = next_of_file, .bytes_most = taker->bytes_most, .file = fopen(path, "rb")};
    if (!source.file) {
        kg_problems_add(taker->problems, KG_STATUS_FILE_SYNTAX, 0, NULL, NULL,
                        "The file cannot be opened: %s.", strerror(errno));
        return false;
    }
    source.chunk = kg_alloc(CHUNK_BYTES, 1);
    bool whole = read_source(&source, taker);
    free(source.chunk);
    fclose(source.file);
    return whole;
}

bool kg_csv_read_bytes(const char *bytes, size_t count, const kg_csv_taker *taker)
{
    struct source source = {.next = next_of_memory, .bytes = bytes, .count = count};
    return read_source(&source, taker);
}
