/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

static void arrays_grow(void **state)
{
    int *array = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 1000; i++) {
        array = kg_grow(array, (size_t)i, &capacity, sizeof *array);
        array[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(array[i], i);
    free(array);
    (void)state;
}

static void arenas_give_zeroed_aligned_pieces(void **state)
{
    kg_arena arena;
    char *texts[3000];
    kg_arena_init(&arena);
    for (size_t i = 0; i < 3000; i++) {
        texts[i] = kg_arena_text(&arena, "abcdefgh", i % 9);
        unsigned char *piece = kg_arena_alloc(&arena, i);
        assert_int_equal((uintptr_t)piece % _Alignof(max_align_t), 0);
        for (size_t k = 0; k < i; k++)
            assert_int_equal(piece[k], 0);
        memset(piece, 0xff, i);
    }
    for (size_t i = 0; i < 3000; i++) {
        assert_int_equal(strlen(texts[i]), i % 9);
        assert_memory_equal(texts[i], "abcdefgh", i % 9);
    }
    kg_arena_alloc(&arena, 5000000);
    kg_arena_fini(&arena);
    (void)state;
}

static void copies_are_own(void **state)
{
    char *copy = kg_strdup("abc");
    assert_string_equal(copy, "abc");
    assert_null(kg_strdup(NULL));
    free(copy);
    (void)state;
}

static void a_product_that_overflows_ends_the_process(void **state)
{
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGABRT, SIG_DFL);
        close(STDERR_FILENO);
        kg_realloc(NULL, SIZE_MAX / 2, 3);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_grow),
        cmocka_unit_test(arenas_give_zeroed_aligned_pieces),
        cmocka_unit_test(copies_are_own),
        cmocka_unit_test(a_product_that_overflows_ends_the_process),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
