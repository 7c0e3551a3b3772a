/* SPDX-License-Identifier: EUPL-1.2 */
/* Every bound of the protocol and of the values, with its unit in the name. */
#ifndef KG_LIMITS_H
#define KG_LIMITS_H

#define KG_FRAME_BYTES_MAX 65536        /* one message on the wire, in either direction */
#define KG_BODY_BYTES_MAX 61440         /* body of one envelope */
#define KG_PAGE_BYTES_MAX 57344         /* document bytes in one reply */
#define KG_DOCUMENT_BYTES_MAX 268435456 /* one whole answer to a query, before paging */
#define KG_PROTOBUF_BYTES_MAX 16777216  /* memory that decoding one body may take */

#define KG_ID_BYTES_MAX 64        /* organisation, round, tender, category, criterion, profile */
#define KG_LINE_KEY_BYTES_MAX 64  /* an organisation's own key of a line */
#define KG_TITLE_BYTES_MAX 300    /* a title or a name */
#define KG_TEXT_BYTES_MAX 2000    /* a reason, an address, a piece of evidence */
#define KG_PRACTICE_BYTES_MAX 2000 /* a part of a fiche, the words of a clause, in a language */
#define KG_PRACTICE_CRITERIA_MAX 32
#define KG_PRACTICES_MAX 1000     /* fiches and clauses of one organisation */
#define KG_NUTS_CHARS_MAX 5
#define KG_REQUEST_ID_BYTES 16

#define KG_SCALE_LEVELS_MAX 64       /* levels of one criterion */
#define KG_CATEGORY_CRITERIA_MAX 32  /* criteria of one category */
#define KG_CATALOGUE_CRITERIA_MAX 256
#define KG_CATALOGUE_CATEGORIES_MAX 256
#define KG_CATEGORY_CPV_MAX 64       /* CPV codes of one category */
#define KG_ROUND_SCOPE_MAX 256       /* categories, CPV prefixes or NUTS codes of a round */

#define KG_SUBMIT_LINES_MAX 1000        /* lines in one envelope; KG_BODY_BYTES_MAX binds too */
#define KG_PLAN_PARTS_MAX 10000         /* envelopes of one plan */
#define KG_PLAN_FILE_BYTES_MAX 4294967296 /* a plan file */
#define KG_TENDER_LOTS_MAX 1000
#define KG_PROBLEMS_REPLY_MAX 200       /* problems named in one reply; the count is always whole */

#define KG_QUANTITY_MAX 1000000000        /* pieces of one line */
#define KG_VALUE_CENTS_MAX 1000000000000  /* value of one line: 10 thousand million EUR */
#define KG_LIFETIME_YEARS_MAX 50

_Static_assert(KG_BODY_BYTES_MAX + 2048 <= KG_FRAME_BYTES_MAX, "an envelope must fit in a frame");
_Static_assert(KG_PAGE_BYTES_MAX + 2048 <= KG_FRAME_BYTES_MAX, "a page must fit in a frame");

#endif
