/* SPDX-License-Identifier: EUPL-1.2 */
/* One key=value line per event on stderr, with the priority prefix that journald reads. Never
 * plan contents: no titles, quantities, prices. Any thread. */
#ifndef KG_LOG_H
#define KG_LOG_H

typedef enum kg_log_level { KG_LOG_ERROR = 3, KG_LOG_WARNING = 4, KG_LOG_INFO = 6 } kg_log_level;

/* kg_log(KG_LOG_INFO, "accepted", "kind=%s sequence=%llu", ...) writes
 * "<6>2027-01-31T12:00:00.000Z event=accepted kind=... sequence=...". */
__attribute__((format(printf, 3, 4))) void kg_log(kg_log_level level, const char *event,
                                                  const char *format, ...);

/* What was logged as information is written together; errors and warnings at once. */
void kg_log_flush(void);

#endif
