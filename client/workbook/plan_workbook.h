/* SPDX-License-Identifier: EUPL-1.2 */
/* A plan out of a workbook: the same rows, checks and messages as those of a plan CSV. */
#ifndef KG_WORKBOOK_PLAN_WORKBOOK_H
#define KG_WORKBOOK_PLAN_WORKBOOK_H

#include "proto/plan.h"

/* Does the file begin like a workbook (xlsx, or one that is encrypted or of the old form)? */
bool kg_workbook_is(const char *path);
/* As kg_plan_read(). Rows have the numbers that the spreadsheet program shows. A problem of one
 * level names its column as "criteria:warranty-years". */
bool kg_workbook_read(const char *path, kg_plan_reading *reading, kg_plan *plan,
                      kg_problems *problems);

#endif
