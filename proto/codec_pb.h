/* SPDX-License-Identifier: EUPL-1.2 */
/* Inside the codec: the only includer of the generated kopgroep.pb-c.h. A reader takes messages
 * apart into an arena, in bounded memory; its first failure stays, and the calls after it do
 * nothing but give an absent value, so that a message is read from top to bottom and asked once,
 * at the end. Writers fill the generated structs on the stack and pack them. */
#ifndef KG_CODEC_PB_H
#define KG_CODEC_PB_H

#include "kopgroep.pb-c.h"
#include "proto/codec.h"

#define KG_DETAIL_BYTES 600
#define KG_LOT_REFERENCE_BYTES_MAX 160 /* a lot's id: its round's, a category, an area, a number   \
                                        */
#define KG_SUM_MAX 1000000000000000000 /* a sum of quantities or cents, far from overflowing */

typedef struct kg_reader {
    kg_arena *arena;               /* owns all that is read; borrowed */
    const kg_catalogue *catalogue; /* names to indices; may be NULL; borrowed */
    size_t memory_left;            /* bytes that messages may still take */
    bool exhausted;
    kg_status status;
    char *detail; /* KG_DETAIL_BYTES, borrowed */
} kg_reader;

void kg_reader_init(kg_reader *in, kg_arena *arena, const kg_catalogue *catalogue,
                    size_t memory_max, char *detail);
/* Sets the status and "FIELD: sentence", unless something failed before. Gives false. */
__attribute__((format(printf, 4, 5))) bool
kg_reader_fail(kg_reader *in, kg_status status, const char *field, const char *format, ...);
bool kg_reader_good(const kg_reader *in);

/* A message with all that is in it; NULL after MALFORMED, OVERSIZE (memory) or UNKNOWN_FIELD, at
 * any depth. Lives as long as the arena. Each field of type bytes is followed by a NUL. */
const void *kg_reader_message(kg_reader *in, const ProtobufCMessageDescriptor *type,
                              const uint8_t *bytes, size_t count);

/* UTF-8 without a NUL, of any other characters. */
bool kg_reader_utf8(const ProtobufCBinaryData *value);
/* The same of texts that each end with a NUL. */
bool kg_reader_utf8_texts(const ProtobufCBinaryData *value);
/* A text of one line, at most `max` bytes; NULL where absent or empty. */
const char *kg_reader_text(kg_reader *in, const char *field, protobuf_c_boolean has,
                           const ProtobufCBinaryData *value, size_t max);
/* The same; an absent one is MISSING. */
const char *kg_reader_needed(kg_reader *in, const char *field, protobuf_c_boolean has,
                             const ProtobufCBinaryData *value, size_t max);
/* Texts, each needed. */
void kg_reader_texts(kg_reader *in, const char *field, size_t count,
                     const ProtobufCBinaryData *values, size_t count_max, size_t max,
                     kg_texts *out);
/* Exactly `count` bytes; where absent `out` is left. */
void kg_reader_fixed(kg_reader *in, const char *field, protobuf_c_boolean has,
                     const ProtobufCBinaryData *value, uint8_t *out, size_t count);
/* A number from min to max; `absent` where absent. */
int64_t kg_reader_number(kg_reader *in, const char *field, protobuf_c_boolean has, uint64_t value,
                         int64_t min, int64_t max, int64_t absent);
/* A date of the years that texts can name; KG_DATE_NONE where absent. */
kg_date kg_reader_date(kg_reader *in, const char *field, protobuf_c_boolean has, int32_t days);

/* The arguments `has` and `value` of an optional field of a message. */
#define KG_FIELD(message, field) #field, (message)->has_##field, &(message)->field
#define KG_NUMBER(message, field) #field, (message)->has_##field, (message)->field
/* Those of a repeated field. */
#define KG_FIELDS(message, field) #field, (message)->n_##field, (message)->field

/* Sets an optional field of a message that is written. */
#define KG_PUT(message, field, what) ((message)->has_##field = 1, (message)->field = (what))
#define KG_PUT_TEXT(message, field, text)                                                          \
    kg_put_text(&(message)->has_##field, &(message)->field, text)
#define KG_PUT_BYTES(message, field, from, size)                                                   \
    KG_PUT(message, field, ((ProtobufCBinaryData){(size), (uint8_t *)(uintptr_t)(from)}))
#define KG_PUT_DATE(message, field, date)                                                          \
    ((message)->has_##field = (date) != KG_DATE_NONE, (message)->field = (date))
/* Numbers for which a negative value means "none". */
#define KG_PUT_GIVEN(message, field, number)                                                       \
    ((message)->has_##field = (number) >= 0, (message)->field = (uint64_t)(number))
#define KG_PUT_TEXTS(message, field, arena, texts)                                                 \
    ((message)->n_##field = (texts)->count, (message)->field = kg_put_texts(arena, texts))

/* NULL and "" leave the field absent. Borrows the text. */
void kg_put_text(protobuf_c_boolean *has, ProtobufCBinaryData *field, const char *text);
/* In the arena; borrows the texts. */
ProtobufCBinaryData *kg_put_texts(kg_arena *arena, const kg_texts *texts);
/* Appends. */
void kg_pack(const ProtobufCMessage *message, kg_buffer *out);

/* The body of a command of any kind, the broker's own too. `read` needs in->arena to be that of
 * `out`; `write` borrows from the command and takes what it needs from `scratch`. */
typedef struct kg_body {
    kg_kind kind;
    const ProtobufCMessageDescriptor *type;
    void (*read)(kg_reader *in, const void *message, kg_command *out);
    void (*write)(const kg_command *command, const kg_catalogue *catalogue, kg_arena *scratch,
                  kg_buffer *out);
} kg_body;

/* NULL when no command has this kind. */
const kg_body *kg_body_find(uint32_t kind);

#define KG_BODY(name)                                                                              \
    void kg_read_##name(kg_reader *in, const void *message, kg_command *out);                      \
    void kg_write_##name(const kg_command *command, const kg_catalogue *catalogue,                 \
                         kg_arena *scratch, kg_buffer *out)
KG_BODY(submit);        /* codec_line.c */
KG_BODY(withdraw);      /* codec_line.c */
KG_BODY(lot_answer);    /* codec_lot.c */
KG_BODY(call_off);      /* codec_lot.c */
KG_BODY(lot_award);     /* codec_lot.c */
KG_BODY(lot_fail);      /* codec_lot.c */
KG_BODY(lot_offers);    /* codec_offer.c */
KG_BODY(tender_launch); /* codec_lot.c */
KG_BODY(practice);      /* codec_practice.c */
KG_BODY(practice_retire); /* codec_practice.c */
KG_BODY(round);         /* codec_round.c */
KG_BODY(round_step);    /* codec_round.c */
KG_BODY(round_extend);  /* codec_round.c */
KG_BODY(register);      /* codec_member.c */
KG_BODY(key_add);       /* codec_member.c */
KG_BODY(key_revoke);    /* codec_member.c */
KG_BODY(catalogue);     /* codec_member.c */
KG_BODY(volume_publish); /* codec_publication.c */
KG_BODY(lines_read);    /* codec_publication.c */
#undef KG_BODY

/* Levels by name, at most KG_CATEGORY_CRITERIA_MAX, into the arena. codec_lot.c */
void kg_read_level_texts(kg_reader *in, Kopgroep__LevelText *const *from, size_t count,
                         kg_level_text **out, size_t *out_count);
Kopgroep__LevelText **kg_write_level_texts(const kg_level_text *levels, size_t count,
                                           kg_arena *scratch);

/* A whole submission, faster than kg_reader_message and kg_read_submit, with what they would read
 * or refuse. False: it is not for this, and nothing was read. */
bool kg_read_drafts(kg_reader *in, const uint8_t *body, size_t count, kg_command *out);
/* All of a submission but its lines. */
void kg_read_submit_head(kg_reader *in, const Kopgroep__Submit *m, kg_submit *submit);

#endif
