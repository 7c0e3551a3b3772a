/* SPDX-License-Identifier: EUPL-1.2 */
/* How the published versions of the volume follow each other, so that nothing can be learnt by
 * comparing them.
 *
 * Lines that were counted in the same cells of the same versions, all their life, are one class:
 * whoever subtracts and adds published figures, of any cells and versions, ends with sums of whole
 * classes, present and past. So every class passes the rules of disclosure.h by itself, always:
 * - Lines that come are put into a new class of the finest cell in which those that come together
 *   pass; what does not pass there tries the parent. Where a cell has been published already, they
 *   wait in it for others: else everything late would end in the widest cell.
 * - Lines that were withdrawn, or changed in value and quantity both, leave their class when those
 *   that leave together pass and those that stay pass, or all leave. Until then they are counted
 *   as they were. A line that was changed then comes like a new one.
 * - Lines that were changed otherwise are known again by the amount that is the same. They move to
 *   a class of their own, of the cell of the same level in which they are now, when those of one
 *   class that move there together pass by their old and their new amounts, and those that stay
 *   pass. Until then they are counted as and where they were.
 * - A line that left comes back only with other amounts.
 * What is in a cell thus passes too (sums of what passes do), and no cell holds what another does.
 * A cell tells nothing of what waits, nor whether anything does.
 *
 * Pure: the same lines at the same versions give the same cells. */
#ifndef KG_DISCLOSURE_HISTORY_H
#define KG_DISCLOSURE_HISTORY_H

#include "broker/query/disclosure.h"
#include "broker/query/disclosure_version.h"
#include "proto/archive.h"

/* A line as it is now. */
typedef struct kg_counted_line {
    bool live; /* false: withdrawn; then only `holding` and `member` are set */
    uint32_t holding, member;
    kg_cell_key key;
    int64_t value_cents, quantity;
} kg_counted_line;

/* Where the lines are read; borrowed for one call. A line keeps its place and its member. */
typedef struct kg_line_source {
    void *context;
    size_t count;   /* of lines; never fewer than before */
    size_t members; /* members and holdings are numbers below this */
    void (*read)(void *context, size_t line, kg_counted_line *out);
    uint32_t (*holding)(void *context, size_t line); /* the same as read() says */
} kg_line_source;

typedef struct kg_disclosure_history kg_disclosure_history;

kg_disclosure_history *kg_disclosure_history_new(void);
void kg_disclosure_history_destroy(kg_disclosure_history **history);
/* The number that stands for a category in keys: the same name, the same number. */
uint32_t kg_disclosure_history_category(kg_disclosure_history *history, const char *name);
/* The next version, made on this day. Returns owned. */
kg_version *kg_disclosure_history_next(kg_disclosure_history *history,
                                       const kg_line_source *source,
                                       const kg_disclosure_rules *rules, kg_date today);
/* Writes a history into an archive, or makes a fresh one what the archive holds. */
void kg_disclosure_history_archive(kg_disclosure_history *history, const kg_archive *archive);

/* For tests: the class in which a line is counted, or 0; the cell of a class. */
uint32_t kg_disclosure_history_class(const kg_disclosure_history *history, size_t line);
void kg_disclosure_history_cell(const kg_disclosure_history *history, uint32_t class,
                                kg_cell_key *at, int *level);

#endif
