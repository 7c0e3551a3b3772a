/* SPDX-License-Identifier: EUPL-1.2 */
/* How long a lot lasts, and how long a framework agreement may. */
#ifndef KOPGROEP_NOTICE_DURATION_H
#define KOPGROEP_NOTICE_DURATION_H

#include "client/notice/notice.h"

/* Years that the notice's directive allows without a reason: 4, 8 (utilities) or 7 (defence). */
int kg_notice_framework_years(const kg_notice *notice);
/* Is the lot one of a framework agreement that lasts longer than that? */
bool kg_notice_long_framework(const kg_notice *notice, const json_t *lot);
/* Is this one (subtypes 7 to 9) of a framework agreement? */
bool kg_notice_is_framework(const kg_notice *notice);

#endif
