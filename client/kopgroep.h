/* SPDX-License-Identifier: EUPL-1.2 */
/* libkopgroep: everything that a client of a Kopgroep broker can do, in plain C types.
 *
 * Open a session with the broker's access file and an identity file, call, look at the answer,
 * close. A session is for one thread. Every call fills a kopgroep_answer, which the caller frees
 * with kopgroep_answer_fini(), whatever the outcome. Texts passed in are borrowed for the call;
 * texts in an answer live until it is freed.
 *
 * A command that was sent but not answered has the outcome KOPGROEP_UNKNOWN: calling
 * kopgroep_resend() on the session is safe; the broker does it at most once. */
#ifndef KOPGROEP_H
#define KOPGROEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The numbers are the exit statuses of the command line client. */
typedef enum kopgroep_outcome {
    KOPGROEP_DONE = 0,
    KOPGROEP_REFUSED = 1,     /* the broker or the rules said no: code, detail, problems */
    KOPGROEP_USAGE = 2,       /* an argument makes no sense */
    KOPGROEP_NOT_REACHED = 3, /* not reached, or not let in: detail says which is likely */
    KOPGROEP_LOCAL = 4,       /* bad input file or local I/O: problems */
    KOPGROEP_UNKNOWN = 5      /* sent, no answer: safe to send again */
} kopgroep_outcome;

typedef struct kopgroep_problem {
    const char *code; /* stable name, "NUTS" */
    const char *file; /* NULL: none */
    long row;         /* 1 = header; 0 = the whole */
    const char *column, *value; /* NULL: none */
    const char *allowed;        /* a sentence: what is allowed */
} kopgroep_problem;

typedef struct kopgroep_answer {
    kopgroep_outcome outcome;
    int code;              /* stable number of the broker's status; 0 = accepted, or none came */
    const char *code_name; /* its name, "LINE_CLAIMED"; NULL = none came */
    char detail[600];      /* one or two sentences on what went wrong and how to mend it */
    bool needs_passphrase; /* the identity cannot be read without its passphrase */
    kopgroep_problem *problems;
    size_t problems_count;
    uint64_t problems_total; /* more than problems_count when the list was cut */
    /* an accepted command: */
    bool has_receipt;
    uint64_t sequence;  /* of the broker's journal */
    char time[25];      /* when it was decided, ISO 8601 UTC */
    char chain[65];     /* the journal's chain value, hexadecimal */
    char result[2001];  /* a sentence on what changed */
    /* an answered question: */
    char *document; /* JSON (the catalogue: text), NUL-ended */
    size_t document_bytes;
    uint64_t head;  /* journal sequence that it shows */
    void *owned;    /* the library's */
} kopgroep_answer;

void kopgroep_answer_fini(kopgroep_answer *answer);

/* The language of the sentences in answers: "nl", "fr", "de" or "en", which it is at first; NULL
 * leaves it to the environment (LANGUAGE, LC_ALL, LC_MESSAGES, LANG). For the whole process: before
 * its first session. False where there is none such, and nothing changes. */
bool kopgroep_language(const char *code);

typedef struct kopgroep_session kopgroep_session;

typedef struct kopgroep_options {
    const char *broker;     /* path of the broker's access file; of several brokers of one
                               deployment "ONE,OTHER,...": the first is used as long as it serves,
                               then the next, where what was not answered goes on */
    const char *identity;   /* path of the identity file */
    const char *passphrase; /* NULL: none */
    bool keep_heads; /* keep the newest head of the broker's history in a file beside the identity,
                        and hold those that come later against it */
    bool keep_receipts; /* keep what kopgroep_receipt_write() writes */
    int timeout_ms; /* for an answer, after which it is asked for once more, as long; 0 = 30,000.
                       Being let in takes at most 5,000 for each broker */
} kopgroep_options;

/* Connects and waits until the broker let this key in, or says within 5 s why not, with the likely
 * cause. Returns owned (kopgroep_close), or NULL with the outcome and detail in `answer`. */
kopgroep_session *kopgroep_open(const kopgroep_options *options, kopgroep_answer *answer);
void kopgroep_close(kopgroep_session **session);
/* The organisation of the session's identity; lives as long as the session. */
const char *kopgroep_organisation(const kopgroep_session *session);
/* Sends the last command again, byte for byte, over a fresh connection, and waits for its receipt.
 * A plan in parts goes on where it stood. */
void kopgroep_resend(kopgroep_session *session, kopgroep_answer *answer);

/* ---- keys (no session needed) ---- */

/* Makes an identity file (mode 0600) and beside it PATH.pub to give to the administrator; both or
 * none. Neither is overwritten. */
void kopgroep_keygen(const char *path, const char *organisation, const char *passphrase,
                     kopgroep_answer *answer);

/* ---- keys of the own organisation; an administrator's also of others ---- */

/* Adds a key of the session's own organisation. `roles` NULL: those of the key that signs, which
 * are also the most that it may give. */
void kopgroep_key_add(kopgroep_session *session, const char *public_key_file, const char *roles,
                      kopgroep_answer *answer);
/* Revokes a key for good. `organisation` NULL: the session's own. `key`: the first digits of its
 * half that signs, at least 8, such as KEYS shows, or the path of its public file. `reason` may be
 * NULL. */
void kopgroep_key_revoke(kopgroep_session *session, const char *organisation, const char *key,
                         const char *reason, kopgroep_answer *answer);

/* ---- administrators ---- */

/* Registers one organisation of an organisations file, or all of them (`id` NULL), one after the
 * other until one is refused. `public_key_file` NULL changes the record only; a key needs an id and
 * `roles`: "organisation coordinator". */
void kopgroep_register(kopgroep_session *session, const char *organisations_file, const char *id,
                       const char *public_key_file, const char *roles, kopgroep_answer *answer);

/* ---- organisations ---- */

typedef struct kopgroep_template_options {
    const char *language;       /* "nl", "fr", "de" or "en"; NULL = nl */
    const char *catalogue_file; /* NULL: the broker's catalogue */
    const char *category;       /* only the criteria of this one; NULL: all */
    const char *nuts;           /* only places that begin so; NULL: all */
} kopgroep_template_options;

/* Makes a workbook (xlsx) to fill in: lists to choose from, hints, instructions. Never over a file
 * that is there. `session` may be NULL where a catalogue file is named. */
void kopgroep_template(kopgroep_session *session, const char *file,
                       const kopgroep_template_options *options, kopgroep_answer *answer);

typedef struct kopgroep_submit_options {
    bool dry_run; /* check all against the broker's catalogue, send nothing */
    bool mark;    /* a refused workbook: write a copy, PLAN.problems.xlsx, with what is wrong beside
                     its rows; never over a file that is there. The detail says so */
    void (*progress)(void *context, size_t lines_taken, size_t lines); /* may be NULL */
    void *context;
} kopgroep_submit_options;

/* The plan is a CSV, or a workbook (xlsx) made by kopgroep_template() or with the same columns.
 * Checks the whole plan file first, and refuses it whole with every problem (KOPGROEP_LOCAL);
 * then sends it, in parts when it is large: all of it counts, or none. */
void kopgroep_submit(kopgroep_session *session, const char *plan_file,
                     const kopgroep_submit_options *options, kopgroep_answer *answer);
void kopgroep_withdraw(kopgroep_session *session, const char *const *lines, size_t count,
                       kopgroep_answer *answer);
/* Own lines in the lot (count 0: all of them). `reason` for a decline; may be NULL. */
void kopgroep_lot_confirm(kopgroep_session *session, const char *lot, const char *const *lines,
                          size_t count, kopgroep_answer *answer);
void kopgroep_lot_decline(kopgroep_session *session, const char *lot, const char *const *lines,
                          size_t count, const char *reason, kopgroep_answer *answer);

/* ---- coordinators ---- */

void kopgroep_round_open(kopgroep_session *session, const char *round_file,
                         kopgroep_answer *answer);
typedef enum kopgroep_round_step {
    KOPGROEP_ROUND_CLOSE,
    KOPGROEP_ROUND_PROPOSE,
    KOPGROEP_ROUND_CONFIRM,
    KOPGROEP_ROUND_CONCLUDE
} kopgroep_round_step;
void kopgroep_round_take(kopgroep_session *session, kopgroep_round_step step, const char *round,
                         kopgroep_answer *answer);
/* ISO dates; NULL leaves one as it is. */
void kopgroep_round_extend(kopgroep_session *session, const char *round, const char *closes,
                           const char *confirm_by, const char *reconfirm_by,
                           const char *award_by, kopgroep_answer *answer);
void kopgroep_round_cancel(kopgroep_session *session, const char *round, const char *reason,
                           kopgroep_answer *answer);
void kopgroep_tender_launch(kopgroep_session *session, const char *tender, const char *title,
                            const char *lead, const char *const *lots, size_t count,
                            kopgroep_answer *answer);
/* `unit_price` in EUR ("812.50") or NULL; `levels` "warranty-years=5" or NULL: as the lot's. */
void kopgroep_lot_award(kopgroep_session *session, const char *lot, const char *supplier,
                        const char *unit_price, const char *levels, const char *evidence,
                        kopgroep_answer *answer);
/* Records the offers of a file (`kopgroep lot offers --help`) in place of those that are there. */
void kopgroep_lot_offers(kopgroep_session *session, const char *lot, const char *file,
                         kopgroep_answer *answer);
/* Awards the lot to a supplier whose offer was recorded: with its price, levels and labels. */
void kopgroep_lot_award_offer(kopgroep_session *session, const char *lot, const char *supplier,
                              kopgroep_answer *answer);
/* `organisation` NULL: the session's own. `quantity` pieces or -1; `value` EUR or NULL. */
void kopgroep_lot_call_off(kopgroep_session *session, const char *lot, const char *organisation,
                           int64_t quantity, const char *value, kopgroep_answer *answer);
void kopgroep_lot_fail(kopgroep_session *session, const char *lot, const char *reason,
                       kopgroep_answer *answer);

/* ---- proof ---- */

/* The broker's records form a Merkle tree, and every receipt comes with a head of it that the
 * broker signed. With keep_heads a later head must continue the earlier ones: if not, a command is
 * KOPGROEP_REFUSED with the code_name HISTORY, HISTORY_SHORTER or HEAD_SIGNATURE, although it was
 * accepted (has_receipt). What could not be asked is only said in `detail`. */

/* Writes the receipts of the last command to a new file (mode 0600), a JSON object a line, a line a
 * message: all that is needed to prove to anybody what the broker accepted. The answer tells of the
 * writing only; a receipt that proves nothing is written too. */
void kopgroep_receipt_write(kopgroep_session *session, const char *path, kopgroep_answer *answer);

/* Who has to have cosigned. */
typedef struct kopgroep_witnesses {
    const char *const *files; /* public key files, made by keygen (FILE.pub) */
    size_t count;
    size_t least; /* so many of them; 0 = all */
    int hours;    /* audit: no longer ago; 0 = 24 */
} kopgroep_witnesses;

/* Does the broker's history continue all that was seen of it, and have witnesses cosigned it?
 * `witnesses` may be NULL. The document says how far it reaches. */
void kopgroep_audit(kopgroep_session *session, const kopgroep_witnesses *witnesses,
                    kopgroep_answer *answer);
/* Proves every receipt of a file: the message is from the member that signed it, is in the history
 * that the broker signed, and that history is still the broker's; witnesses have to have seen one
 * with the record in it. The document has a row a receipt. */
void kopgroep_verify(kopgroep_session *session, const char *receipt_file,
                     const kopgroep_witnesses *witnesses, kopgroep_answer *answer);
/* The same as far as it can be said without the broker; `broker` as in the options. */
void kopgroep_verify_offline(const char *broker, const char *receipt_file,
                             kopgroep_answer *answer);
/* Cosigns the broker's history as it is now, if it continues all that was cosigned before; for a
 * key with the role witness, in a session with keep_heads. */
void kopgroep_witness(kopgroep_session *session, kopgroep_answer *answer);

/* ---- questions ---- */

typedef enum kopgroep_view {
    KOPGROEP_VIEW_STATUS = 1,
    KOPGROEP_VIEW_LINES,
    KOPGROEP_VIEW_EXPLAIN,
    KOPGROEP_VIEW_VOLUME,
    KOPGROEP_VIEW_ROUNDS,
    KOPGROEP_VIEW_ROUND,
    KOPGROEP_VIEW_LOTS,
    KOPGROEP_VIEW_LOT,
    KOPGROEP_VIEW_TENDERS,
    KOPGROEP_VIEW_TENDER,
    KOPGROEP_VIEW_FEED,
    KOPGROEP_VIEW_CATALOGUE,
    KOPGROEP_VIEW_RESULT,
    KOPGROEP_VIEW_ORGANISATIONS,
    KOPGROEP_VIEW_WHAT_IF,
    KOPGROEP_VIEW_KEYS,
    KOPGROEP_VIEW_OFFERS = 20,
    KOPGROEP_VIEW_NOTICE = 21, /* of a lot, or of the round's lots: what a notice tells */
    KOPGROEP_VIEW_PRACTICES = 22, /* fiches and clauses */
    KOPGROEP_VIEW_PRACTICE = 23   /* one of them, whole */
} kopgroep_view;

/* NULL, 0, false = not given. Texts as the user writes them; the library checks them. */
typedef struct kopgroep_question {
    kopgroep_view view;
    const char *round, *lot, *tender, *line;
    const char *organisation;    /* KEYS: of another one (administrators); PRACTICES, PRACTICE:
                                    whose */
    const char *practice;        /* PRACTICE: its name there */
    const char *criterion;       /* PRACTICES */
    bool proposed;               /* RESULT: as proposed, else as it stands */
    const char *category, *cpv, *nuts, *from, *to, *track; /* VOLUME; PRACTICES: category */
    const char *by;              /* VOLUME: "category,month" */
    const char *const *lots;     /* TENDER, without its id: what these would be together */
    size_t lots_count;
    uint64_t since;              /* FEED: entries after this number */
    uint32_t limit;              /* FEED: at most so many */
} kopgroep_question;

/* ---- good practice ---- */

/* Publishes the fiche, or the clause, that a settings file holds (kopgroep-practice(5)), in place
 * of an own one of the same name. */
void kopgroep_practice_publish(kopgroep_session *session, const char *file, bool clause,
                               kopgroep_answer *answer);
/* An own one is no longer shown. */
void kopgroep_practice_retire(kopgroep_session *session, const char *name,
                              kopgroep_answer *answer);

/* The answer's document is the whole JSON, however many pages it took. */
void kopgroep_ask(kopgroep_session *session, const kopgroep_question *question,
                  kopgroep_answer *answer);

/* Follows the session's own feed from `since` on, and calls `each` with every entry's number and
 * JSON, in order, each once, until it returns false. Survives restarts of the broker: reconnects
 * and goes on where it stood. Returns when `each` says so, or with an error that does not pass. */
typedef bool (*kopgroep_each)(void *context, uint64_t number, const char *json);
void kopgroep_watch(kopgroep_session *session, uint64_t since, kopgroep_each each, void *context,
                    kopgroep_answer *answer);
/* Makes kopgroep_watch() return soon; safe in a signal handler and from any thread. */
void kopgroep_interrupt(kopgroep_session *session);

const char *kopgroep_version(void);

#ifdef __cplusplus
}
#endif

#endif
