/* SPDX-License-Identifier: EUPL-1.2 */
/* Build-time: the NUTS lists as C initialisers, sorted by code in bytes. Reads CSV files with the
 * columns `code` and `label_en` (RFC 4180); of a code that stands twice the first stays. With
 * --numbers before the files each code's number stands before it; with --slots it is the table
 * of nuts_slot.h in which a code's place in that list is found by its number. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nuts_slot.h"

#define FIELD_BYTES 512
#define COLUMNS_MAX 32
#define ENTRIES_MAX 10000
#define NUMBER_CHARS 8

struct entry {
    char code[FIELD_BYTES], label[FIELD_BYTES];
    int order;
};

struct list {
    struct entry *entries;
    int count;
};

static _Noreturn void give_up(const char *path, const char *what)
{
    fprintf(stderr, "kg_gen_nuts: %s: %s\n", path, what);
    exit(1);
}

/* One field; returns the character that ended it: ',', '\n' or EOF. */
static int read_field(FILE *file, const char *path, char out[static FIELD_BYTES])
{
    size_t count = 0;
    bool quoted = false;
    for (int c = getc(file);; c = getc(file)) {
        if (c == '"') {
            int next = quoted ? getc(file) : EOF;
            if (!quoted || next != '"') {
                if (quoted)
                    ungetc(next, file);
                quoted = !quoted;
                continue;
            }
        }
        if (c == EOF || (!quoted && (c == ',' || c == '\n'))) {
            out[count] = '\0';
            return c;
        }
        if (c == '\r')
            continue;
        if (count == FIELD_BYTES - 1)
            give_up(path, "a field is too long");
        out[count++] = (char)c;
    }
}

static int read_record(FILE *file, const char *path, char fields[static COLUMNS_MAX][FIELD_BYTES])
{
    int count = 0, end;
    do {
        if (count == COLUMNS_MAX)
            give_up(path, "too many columns");
        end = read_field(file, path, fields[count++]);
    } while (end == ',');
    return end == EOF && count == 1 && !fields[0][0] ? 0 : count;
}

static int find_column(char fields[static COLUMNS_MAX][FIELD_BYTES], int count, const char *path,
                       const char *name)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(fields[i], name) == 0)
            return i;
    }
    give_up(path, "a column is missing");
}

static void read_list(const char *path, struct list *list)
{
    static char fields[COLUMNS_MAX][FIELD_BYTES];
    FILE *file = fopen(path, "r");
    if (!file)
        give_up(path, "cannot be opened");
    int columns = read_record(file, path, fields);
    int code = find_column(fields, columns, path, "code");
    int label = find_column(fields, columns, path, "label_en");
    for (int count; (count = read_record(file, path, fields)) > 0;) {
        if (count != columns || list->count == ENTRIES_MAX)
            give_up(path, "a row has another number of fields, or there are too many rows");
        struct entry *entry = &list->entries[list->count];
        strcpy(entry->code, fields[code]);
        strcpy(entry->label, fields[label]);
        entry->order = list->count++;
    }
    if (ferror(file))
        give_up(path, "cannot be read");
    fclose(file);
}

static int compare(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    int order = strcmp(x->code, y->code);
    return order ? order : x->order - y->order;
}

/* The code's letters as a number, the first one highest: numbers are in the order of the codes. */
static uint64_t number_of(const char *code)
{
    uint64_t number = 0;
    if (strlen(code) > NUMBER_CHARS)
        give_up(code, "the code is too long for a number");
    for (int i = 0; i < NUMBER_CHARS; i++)
        number = number << 8 | (i < (int)strlen(code) ? (unsigned char)code[i] : 0);
    return number;
}

static void print_text(const char *text)
{
    putchar('"');
    for (const char *at = text; *at; at++) {
        if (*at == '"' || *at == '\\')
            putchar('\\');
        putchar(*at);
    }
    putchar('"');
}

static void print_entries(const struct list *list, bool numbers)
{
    for (int i = 0; i < list->count; i++) {
        putchar('{');
        if (numbers)
            printf("0x%llxu,", (unsigned long long)number_of(list->entries[i].code));
        print_text(list->entries[i].code);
        putchar(',');
        print_text(list->entries[i].label);
        puts("},");
    }
}

static void print_slots(const struct list *list)
{
    static int slots[KG_NUTS_SLOTS];
    if (list->count > KG_NUTS_SLOTS * 3 / 4)
        give_up("nuts_slot.h", "more slots are needed");
    for (int i = 0; i < list->count; i++) {
        unsigned at = kg_nuts_slot(number_of(list->entries[i].code));
        while (slots[at])
            at = (at + 1) % KG_NUTS_SLOTS;
        slots[at] = i + 1;
    }
    for (int i = 0; i < KG_NUTS_SLOTS; i++)
        printf("%d,\n", slots[i]);
}

/* Sorts; of a code that stands twice the first stays. */
static void settle(struct list *list)
{
    int kept = 0;
    qsort(list->entries, (size_t)list->count, sizeof list->entries[0], compare);
    for (int i = 0; i < list->count; i++)
        if (kept == 0 || strcmp(list->entries[i].code, list->entries[kept - 1].code) != 0)
            list->entries[kept++] = list->entries[i];
    list->count = kept;
}

int main(int argc, char **argv)
{
    struct list list = {.entries = calloc(ENTRIES_MAX, sizeof(struct entry))};
    if (!list.entries)
        give_up("nuts", "out of memory");
    bool numbers = argc > 1 && strcmp(argv[1], "--numbers") == 0;
    bool slots = argc > 1 && strcmp(argv[1], "--slots") == 0;
    for (int i = numbers || slots ? 2 : 1; i < argc; i++)
        read_list(argv[i], &list);
    settle(&list);
    if (slots)
        print_slots(&list);
    else
        print_entries(&list, numbers);
    free(list.entries);
    return fflush(stdout) == 0 ? 0 : 1;
}
