/* SPDX-License-Identifier: EUPL-1.2 */
/* What an eForms notice needs and nobody has told: every business term at once. */
#ifndef KOPGROEP_NOTICE_NEED_H
#define KOPGROEP_NOTICE_NEED_H

#include "client/notice/notice.h"
#include "proto/sink.h"

/* A line each: "BT-506-Organization-Company Organisation Contact Email Address: BE-1 has none:
 * contact_email". `text` is NUL-ended once there is one. */
typedef struct kg_needs {
    kg_buffer text;
    size_t count;
} kg_needs;

void kg_needs_init(kg_needs *needs);
void kg_needs_fini(kg_needs *needs);
/* Everything that the notice's subtype must have: absent, or not as the rules write it. */
void kg_notice_needs(const kg_notice *notice, kg_needs *out);

/* For the two parts of kg_notice_needs(): `format` says whose, and which key tells it. */
__attribute__((format(printf, 3, 4))) void kg_need_add(kg_needs *needs, const char *term,
                                                       const char *format, ...);
/* What an organisation must have; `buyer` false for a review organisation. */
void kg_need_organisation(const kg_notice *notice, const json_t *record, bool buyer,
                          kg_needs *needs);

#endif
