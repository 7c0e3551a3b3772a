/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_settings.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

void need_told(const char *name, const kg_problems *problems, const char *expected)
{
    kg_buffer told;
    kg_buffer_init(&told);
    for (size_t i = 0; i < problems->count; i++) {
        const kg_problem *p = &problems->items[i];
        kg_buffer_format(&told, "%s%ld %s %s %s", i ? "\n" : "", p->row, kg_status_name(p->status),
                         p->column ? p->column : "-", p->value ? p->value : "-");
    }
    if (strcmp(told.bytes, expected) != 0)
        fail_msg("%s: told\n%s\nnot\n%s", name, told.bytes, expected);
    kg_buffer_fini(&told);
}

void need_bytes(const char *name, const kg_buffer *a, const kg_buffer *b, int same)
{
    int equal = a->count == b->count && memcmp(a->bytes, b->bytes, a->count) == 0;
    if (equal != same)
        fail_msg("%s: the bytes %s", name, equal ? "agree" : "differ");
}
