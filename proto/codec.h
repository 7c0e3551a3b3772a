/* SPDX-License-Identifier: EUPL-1.2 */
/* Bodies of messages and journal events, between bytes (kopgroep.proto) and plain values. The
 * only place that knows protobuf. Decoders work in bounded memory on any input, refuse unknown
 * fields, check every text as UTF-8, and never print. */
#ifndef KG_CODEC_H
#define KG_CODEC_H

#include "proto/event.h"
#include "proto/tree_head.h"

/* A reply to a request. */
typedef struct kg_reply {
    uint8_t request_id[KG_REQUEST_ID_BYTES];
    kg_status status;
    char detail[600];          /* a sentence about this case; "" = the status's own text */
    kg_problem *problems;      /* owned; at most KG_PROBLEMS_REPLY_MAX */
    size_t problems_count;
    uint64_t problems_total;
    bool has_receipt;          /* accepted and durable: */
    uint64_t sequence;         /* of the journal */
    int64_t time_ms;           /* when it was decided */
    uint8_t chain[32];         /* chain value of that record */
    uint8_t event_digest[32];  /* of its salt and event (tree_leaf.h) */
    kg_tree_head tree;         /* one in which that record is */
    char leader[256];          /* endpoint of who leads; "" = not said */
    char result[KG_TEXT_BYTES_MAX + 1]; /* a sentence on what changed ("3 lines new, 1 amended") */
    bool has_page;             /* an answer to a query: */
    uint64_t document, total_bytes, offset;
    uint64_t head;             /* journal sequence that it shows, page or not; 0: none */
    uint8_t *page;             /* owned */
    size_t page_bytes;
} kg_reply;

void kg_reply_init(kg_reply *reply);
void kg_reply_fini(kg_reply *reply);
/* Moves problems into the reply, in place of those there, cut at KG_PROBLEMS_REPLY_MAX, with the
 * whole count. Leaves `problems` as kg_problems_fini does. */
void kg_reply_take_problems(kg_reply *reply, kg_problems *problems);

/* Commands from outside (the broker's own kinds are UNKNOWN_KIND). Decode: KG_STATUS_OK, MALFORMED,
 * UNKNOWN_FIELD, UNKNOWN_KIND, OVERSIZE, MISSING or a value's status; `detail` (600 bytes) begins
 * with the field's name, and is "" with OK. The command is initialised in either case; its texts
 * are UTF-8 within limits.h, an empty one is NULL. What is said with more than one field is left
 * to the values' own checks: kg_plan_line_check, kg_round_check, kg_organisation_check. Where
 * `catalogue` is NULL a ROUND_OPEN that names categories cannot be decoded. */
kg_status kg_codec_command_decode(uint32_t kind, const uint8_t *body, size_t count,
                                  const kg_catalogue *catalogue, kg_command *out,
                                  char detail[static 600]);
void kg_codec_command_encode(const kg_command *command, const kg_catalogue *catalogue,
                             kg_buffer *out);
/* Bytes that one draft takes in a SUBMIT body: for filling parts. */
size_t kg_codec_draft_bytes(const kg_line_draft *draft);

kg_status kg_codec_query_decode(const uint8_t *body, size_t count, kg_query *out,
                                char detail[static 600]);
void kg_codec_query_encode(const kg_query *query, kg_buffer *out);
/* A witness's cosignature. */
kg_status kg_codec_cosign_decode(const uint8_t *body, size_t count, kg_tree_head *out);
void kg_codec_cosign_encode(const kg_tree_head *cosigned, kg_buffer *out);
kg_status kg_codec_page_decode(const uint8_t *body, size_t count, kg_page *out);
void kg_codec_page_encode(const kg_page *page, kg_buffer *out);

/* A reply fits in a frame: with as many of its problems as there is room for. What is no text in a
 * sentence (cut, or a control character) is written as "?". */
void kg_codec_reply_encode(const kg_reply *reply, kg_buffer *out);
/* The reply is initialised in either case (kg_reply_fini); false when it is none. */
bool kg_codec_reply_decode(const uint8_t *bytes, size_t count, kg_reply *out);

/* Events. `catalogue` is the one in force before the event (names to indices); NULL before the
 * first. Drafts are not kept, and every line belongs to the actor: decoded, `organisation` points
 * at the event's own. Decode gives NULL on damage, with a sentence in `error` (200 bytes; else "");
 * indices of lines in an outcome are as they were written, for the caller to look at. */
void kg_codec_event_encode(const kg_event *event, const kg_catalogue *catalogue, kg_buffer *out);
kg_event *kg_codec_event_decode(const uint8_t *bytes, size_t count, const kg_catalogue *catalogue,
                                char error[static 200]);
/* For `journal dump`: the event's kind, actor, ids and counts as one line of JSON, without plan
 * contents; needs no catalogue. Returns owned; NULL when the bytes are no event. */
char *kg_codec_event_json(const uint8_t *bytes, size_t count);
/* The version of the library behind it, as it says itself; static. */
const char *kg_codec_library(void);

#endif
