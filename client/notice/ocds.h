/* SPDX-License-Identifier: EUPL-1.2 */
/* An OCDS 1.1 release package with the extensions lots, techniques and sustainability: a release a
 * lot, whose ocid is the same through the lot's life. */
#ifndef KOPGROEP_NOTICE_OCDS_H
#define KOPGROEP_NOTICE_OCDS_H

#include "client/notice/notice.h"
#include "proto/sink.h"

/* Adds the package. Tags: planning until the lot is launched, then tender, then award; a lot whose
 * award_by passed is an update. */
void kg_ocds_write(const kg_notice *notice, kg_buffer *out);

#endif
