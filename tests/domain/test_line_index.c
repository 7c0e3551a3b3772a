/* SPDX-License-Identifier: EUPL-1.2 */
/* An organisation finds its lines by their keys, all of them and no others, however many. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "broker/domain/line_index.h"

#define LINES 3000
#define OWN(line) ((line) % 3 != 0) /* the others are another organisation's */

typedef struct store {
    kg_lines lines;
    kg_dictionary dictionary;
    kg_line_index index;
} store;

static const char *key(unsigned line, char out[static 16])
{
    snprintf(out, 16, "k%u", line);
    return out;
}

static uint32_t find(const store *s, const char *text)
{
    return kg_line_index_find(&s->index, &s->lines, &s->dictionary, text, kg_slots_hash(text));
}

static void add(store *s)
{
    char text[16];
    uint32_t line = kg_lines_add(&s->lines);
    s->lines.key[line] = kg_dictionary_add(&s->dictionary, key(line, text));
    if (OWN(line))
        kg_line_index_add(&s->index, &s->lines, &s->dictionary, line, kg_slots_hash(text));
}

static void check_all(const store *s)
{
    char text[16];
    for (uint32_t line = 0; line < LINES; line++) {
        bool there = line < s->lines.count && OWN(line);
        assert_int_equal(find(s, key(line, text)), there ? line : KG_NONE);
    }
}

static void check_list(const store *s)
{
    uint32_t listed[LINES], count = s->index.count;
    bool seen[LINES] = {false};
    kg_line_index_list(&s->index, listed);
    for (uint32_t i = 0; i < count; i++) {
        assert_true(listed[i] < s->lines.count && OWN(listed[i]) && !seen[listed[i]]);
        seen[listed[i]] = true;
    }
}

static void test_finds_its_own(void **state)
{
    (void)state;
    store s = {0};
    kg_lines_init(&s.lines);
    kg_dictionary_init(&s.dictionary);
    check_all(&s);
    uint32_t own = 0;
    for (uint32_t line = 0; line < LINES; line++) {
        own += OWN(line);
        add(&s);
        assert_int_equal(s.index.count, own);
        if (line < 40 || line % 500 == 0)
            check_all(&s);
    }
    check_all(&s);
    check_list(&s);
    assert_true(kg_line_index_bytes(&s.index) < own * 10);
    kg_line_index_fini(&s.index);
    kg_dictionary_fini(&s.dictionary);
    kg_lines_fini(&s.lines);
}

/* Room that is made beforehand is enough, and what comes after it is found as well. */
static void test_room_beforehand(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 5, 6, 100, LINES / 3, LINES};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        store s = {0};
        kg_lines_init(&s.lines);
        kg_dictionary_init(&s.dictionary);
        kg_line_index_reserve(&s.index, sizes[i]);
        const uint32_t capacity = s.index.capacity;
        while (s.lines.count < LINES) {
            add(&s);
            if (s.index.count <= sizes[i])
                assert_int_equal(capacity, s.index.capacity);
            if (s.lines.count == LINES / 2)
                kg_line_index_reserve(&s.index, 10 * LINES); /* nothing, once it holds lines */
        }
        check_all(&s);
        check_list(&s);
        assert_true(kg_line_index_bytes(&s.index) < (s.index.count + sizes[i]) * 10 + 100);
        kg_line_index_fini(&s.index);
        kg_dictionary_fini(&s.dictionary);
        kg_lines_fini(&s.lines);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_finds_its_own),
                                       cmocka_unit_test(test_room_beforehand)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
