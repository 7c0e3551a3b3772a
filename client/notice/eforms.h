/* SPDX-License-Identifier: EUPL-1.2 */
/* A planning notice of subtypes 4 to 9: eForms SDK 1.15, UBL 2.3. */
#ifndef KOPGROEP_NOTICE_EFORMS_H
#define KOPGROEP_NOTICE_EFORMS_H

#include "client/notice/notice.h"
#include "proto/sink.h"

/* Adds the XML. The notice needs nothing more (need.h). */
void kg_eforms_write(const kg_notice *notice, kg_buffer *out);

#endif
