/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/csv_file.h"
#include "proto/plan_csv_rows.h"

static void take_field(void *context, const char *bytes, size_t count)
{
    kg_csv_rows_field(context, bytes, count);
}

static void take_end(void *context, bool broken)
{
    kg_csv_rows_end(context, broken);
}

static kg_csv_taker taker_of(kg_csv_rows *rows)
{
    return (kg_csv_taker){.context = rows,
                          .field = take_field,
                          .end = take_end,
                          .row = &rows->row,
                          .stopped = &rows->stopped,
                          .bytes_most = KG_PLAN_FILE_BYTES_MAX,
                          .problems = rows->problems};
}

static bool finish(kg_csv_rows *rows, bool whole, size_t before)
{
    kg_problems *problems = rows->problems;
    if (whole)
        kg_csv_rows_finish(rows);
    kg_csv_rows_fini(rows);
    kg_problems_sort(problems, before);
    return problems->count == before;
}

bool kg_plan_read(const char *path, kg_plan_reading *reading, kg_plan *plan, kg_problems *problems)
{
    kg_csv_rows rows;
    const size_t before = problems->count;
    kg_csv_rows_init(&rows, reading, plan, problems);
    const kg_csv_taker taker = taker_of(&rows);
    return finish(&rows, kg_csv_read(path, &taker), before);
}

bool kg_plan_read_bytes(const char *bytes, size_t count, kg_plan_reading *reading, kg_plan *plan,
                        kg_problems *problems)
{
    kg_csv_rows rows;
    const size_t before = problems->count;
    kg_csv_rows_init(&rows, reading, plan, problems);
    const kg_csv_taker taker = taker_of(&rows);
    return finish(&rows, kg_csv_read_bytes(bytes, count, &taker), before);
}
