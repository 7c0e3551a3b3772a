/* SPDX-License-Identifier: EUPL-1.2 */
/* The sentence behind kg_journal_error(): what went wrong, where, and how to mend it. */
#ifndef KG_JOURNAL_ERROR_H
#define KG_JOURNAL_ERROR_H

#include <stdbool.h>

/* Sets this thread's sentence, cut at 511 bytes. Always false, so that `return kg_journal_fail()`
 * reads as what it is. */
__attribute__((format(printf, 1, 2))) bool kg_journal_fail(const char *format, ...);

#endif
