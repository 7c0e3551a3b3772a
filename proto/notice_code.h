/* SPDX-License-Identifier: EUPL-1.2 */
/* Codes by which a notice says that a criterion is green, follows green procurement criteria, is
 * social or innovative: those of the eForms lists environmental-impact ("green:"), gpp-criteria
 * ("gpp:", without `none`), social-objective ("social:") and innovative-acquisition
 * ("innovation:"), which stand in config/reference. */
#ifndef KG_NOTICE_CODE_H
#define KG_NOTICE_CODE_H

#include <stdbool.h>

#define KG_NOTICE_CODES_MAX 8 /* of one criterion */

/* "green:circ-econ": is it on one of the lists? */
bool kg_notice_code_listed(const char *code);
/* All, separated by spaces, for messages; static. */
const char *kg_notice_code_allowed(void);

#endif
