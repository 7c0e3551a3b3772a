/* SPDX-License-Identifier: EUPL-1.2 */
/* What a member may ask, as values: commands (journalled when accepted) and queries. Texts are
 * borrowed from an arena that lives as long as the command. */
#ifndef KG_COMMAND_H
#define KG_COMMAND_H

#include "proto/organisation.h"
#include "proto/plan_line.h"
#include "proto/round.h"

/* Kind of a message: travels in the envelope, never changes its meaning. */
typedef enum kg_kind {
    KG_KIND_NONE = 0,
    /* commands of organisations */
    KG_KIND_SUBMIT = 1,
    KG_KIND_WITHDRAW = 2,
    KG_KIND_LOT_CONFIRM = 3,
    KG_KIND_LOT_DECLINE = 4,
    KG_KIND_LOT_CALL_OFF = 5, /* coordinators too */
    KG_KIND_PRACTICE_PUBLISH = 6, /* likewise */
    KG_KIND_PRACTICE_RETIRE = 7,  /* likewise */
    /* commands of coordinators */
    KG_KIND_ROUND_OPEN = 20,
    KG_KIND_ROUND_CLOSE = 21,
    KG_KIND_ROUND_EXTEND = 22,
    KG_KIND_ROUND_PROPOSE = 23,
    KG_KIND_ROUND_CONFIRM = 24,
    KG_KIND_ROUND_CONCLUDE = 25,
    KG_KIND_ROUND_CANCEL = 26,
    KG_KIND_LOT_AWARD = 27,
    KG_KIND_LOT_FAIL = 28,
    KG_KIND_TENDER_LAUNCH = 29,
    KG_KIND_LOT_OFFERS = 30,
    /* commands of administrators */
    KG_KIND_REGISTER = 40,
    /* keys: everybody's own, administrators' also of others */
    KG_KIND_KEY_ADD = 41,
    KG_KIND_KEY_REVOKE = 42,
    /* the broker's own: never accepted from outside */
    KG_KIND_CATALOGUE = 60,   /* the catalogue in force, as text */
    KG_KIND_ROUND_START = 61, /* a draft round's opens has come */
    KG_KIND_LOTS_EXPIRE = 62, /* a round's award_by has passed */
    KG_KIND_VOLUME_PUBLISH = 63, /* readers get a new version of the volume */
    KG_KIND_LINES_READ = 64,     /* a coordinator is shown members' lines */
    /* queries */
    KG_KIND_QUERY = 80,
    KG_KIND_PAGE = 81, /* the next piece of an answer */
    /* a witness's, kept in memory only */
    KG_KIND_COSIGN = 82
} kg_kind;

const char *kg_kind_name(kg_kind kind); /* "round-open"; static; NULL when unknown */

typedef struct kg_submit {
    uint8_t plan_id[KG_REQUEST_ID_BYTES]; /* the same in all parts of a plan */
    uint32_t part, parts;                 /* 1 of 1 when it fits in one envelope */
    kg_line_draft *drafts;                /* as written */
    size_t count;
    kg_plan_line *lines; /* owned; what kg_submit_read() made of the drafts; NULL: nothing */
    const kg_catalogue *read_by; /* with lines */
} kg_submit;

typedef struct kg_texts {
    const char **items;
    size_t count;
} kg_texts;

typedef struct kg_round_dates { /* KG_DATE_NONE: leave as it is */
    kg_date closes, confirm_by, reconfirm_by, award_by;
} kg_round_dates;

typedef struct kg_level_text {
    const char *criterion, *level;
} kg_level_text;

typedef struct kg_award {
    const char *supplier;
    int64_t unit_price_cents; /* -1: none (a lot without quantities) */
    kg_level_text *levels;    /* delivered levels; those not named are taken as the lot's */
    size_t levels_count;
    const char *evidence; /* labels, certificates, reports */
} kg_award;

/* What a supplier offers, of one piece (proto/offer.h says what is allowed). */
typedef struct kg_offer {
    const char *supplier;
    int64_t unit_price_cents, installation_cents;
    int64_t energy_hundredths; /* of a kWh, a year */
    int64_t service_cents;     /* a year */
    int64_t lifetime_years;    /* of use */
    int64_t residual_cents;    /* its worth at the end */
    int64_t take_back_cents;   /* what taking it back costs; 0: it is free of charge */
    kg_level_text *levels;     /* offered */
    size_t levels_count;
    kg_texts labels;           /* that prove them */
} kg_offer;

/* A fiche of good practice: how something was bought, what came of it and what is to be learned; or
 * a clause, ready for use (proto/practice.h says what is allowed). */
enum { KG_PART_APPROACH, KG_PART_RESULT, KG_PART_LESSON, KG_FICHE_PARTS };
enum { KG_PART_WORDS, KG_CLAUSE_PARTS };

typedef struct kg_practice_text {
    const char *title; /* NULL: it is not in this language */
    const char *parts[KG_FICHE_PARTS];
} kg_practice_text;

typedef struct kg_practice {
    const char *key; /* the organisation's own */
    bool clause;
    const char *category;
    kg_texts criteria;
    const char *lot; /* that a fiche tells of; NULL: none */
    int type;        /* kg_criterion_type of a clause */
    kg_practice_text texts[KG_NAMES];
} kg_practice;

/* The rules of disclosure that a published version is made by. */
typedef struct kg_publication {
    int organisations_min, largest_percent, two_percent, p_percent;
} kg_publication;

typedef struct kg_command {
    kg_kind kind;
    const char *round;        /* id: ROUND_* but OPEN; LINES_READ, or its lot */
    const char *lot;          /* id: LOT_*; LINES_READ */
    const char *tender;       /* id: TENDER_LAUNCH */
    const char *title;        /* TENDER_LAUNCH */
    const char *lead;         /* TENDER_LAUNCH: organisation id */
    const char *organisation; /* LOT_CALL_OFF: for whom, when a coordinator records it; KEY_REVOKE:
                                 whose key; NULL: the one that speaks */
    const char *reason;       /* DECLINE, CANCEL, FAIL, KEY_REVOKE */
    const char *catalogue;    /* CATALOGUE: the file's text */
    kg_submit submit;         /* SUBMIT */
    kg_texts keys;            /* WITHDRAW: line keys; CONFIRM, DECLINE: line keys, none = all own */
    kg_texts lots;            /* TENDER_LAUNCH: lot ids */
    kg_round round_rules;     /* ROUND_OPEN; owned: kg_command_fini */
    kg_round_dates dates;     /* ROUND_EXTEND */
    kg_award award;           /* LOT_AWARD */
    kg_offer *offers;         /* LOT_OFFERS */
    size_t offers_count;
    int64_t quantity;         /* CALL_OFF; -1: none */
    int64_t value_cents;      /* CALL_OFF; -1: none */
    kg_practice practice;       /* PRACTICE_PUBLISH; RETIRE: only its key */
    kg_publication publication; /* VOLUME_PUBLISH */
    kg_organisation record;   /* REGISTER; owned */
    kg_public_key key;        /* REGISTER, KEY_ADD; KEY_REVOKE: only its half that signs */
    bool has_key;             /* REGISTER: false = only the record changes */
    kg_arena arena;           /* owns the texts */
} kg_command;

/* Says nothing yet: texts NULL, numbers and dates "none", part 1 of 1, default rules; `record` has
 * its empty texts only where the kind is REGISTER. */
void kg_command_init(kg_command *command, kg_kind kind);
void kg_command_fini(kg_command *command);
/* Checks a submission's lines by the catalogue, all that can be without knowing whose they are: a
 * line that names no languages has none in `lines`. Those stay NULL where anything is wrong or an
 * organisation is named, for who knows the member to say so. */
void kg_submit_read(kg_command *command, const kg_catalogue *catalogue);

/* What a query asks. */
typedef enum kg_view {
    KG_VIEW_STATUS = 1,     /* the broker: version, deployment, head, counts */
    KG_VIEW_LINES = 2,      /* own lines and where each stands; coordinators: those that an own
                               round has claimed */
    KG_VIEW_EXPLAIN = 3,    /* one own line: why it is where it is */
    KG_VIEW_VOLUME = 4,     /* aggregated volume */
    KG_VIEW_ROUNDS = 5,
    KG_VIEW_ROUND = 6,
    KG_VIEW_LOTS = 7,       /* lots of a round (or of all) that the asker may see */
    KG_VIEW_LOT = 8,
    KG_VIEW_TENDERS = 9,
    KG_VIEW_TENDER = 10,
    KG_VIEW_FEED = 11,      /* own feed from a number on */
    KG_VIEW_CATALOGUE = 12, /* the catalogue's text */
    KG_VIEW_RESULT = 13,    /* DESIGN's result form of a round: coordinators */
    KG_VIEW_ORGANISATIONS = 14, /* administrators: records and key ids */
    KG_VIEW_WHAT_IF = 15, /* one own line: what it would join if its round were grouped now */
    KG_VIEW_KEYS = 16, /* keys of the own organisation; administrators: of any */
    KG_VIEW_TREE_HEAD = 17,  /* the journal's tree: signed head, cosignatures */
    KG_VIEW_INCLUSION = 18,  /* proof that a record is in the tree */
    KG_VIEW_CONSISTENCY = 19, /* proof that the tree continues an older one */
    KG_VIEW_OFFERS = 20, /* offers for a lot, ranked by their cost over the whole life */
    KG_VIEW_NOTICE = 21, /* what a notice tells of a lot, or of a round's lots: its coordinator,
                            and the lead buyer of what is launched */
    KG_VIEW_PRACTICES = 22, /* fiches and clauses, of a category, criterion, lot, organisation */
    KG_VIEW_PRACTICE = 23   /* one, whole: `organisation` and `practice` */
} kg_view;

#define KG_VOLUME_DIMENSIONS 5
typedef enum kg_dimension {
    KG_BY_CATEGORY, KG_BY_CPV, KG_BY_NUTS, KG_BY_MONTH, KG_BY_TRACK
} kg_dimension;
int kg_dimension_find(const char *name); /* "category" "cpv" "nuts" "month" "track"; -1 */
const char *kg_dimension_name(kg_dimension dimension);

typedef struct kg_query {
    kg_view view;
    const char *round, *lot, *tender, *line; /* NULL = not given */
    const char *organisation; /* KEYS: of another organisation; PRACTICES, PRACTICE: whose */
    const char *practice;     /* PRACTICE: its key */
    const char *criterion;    /* PRACTICES */
    bool proposed;        /* RESULT: as proposed; else as it stands now */
    kg_texts lots;        /* TENDER, without an id: what these would be together */
    /* VOLUME */
    const char *category; /* name; PRACTICES too */
    const char *cpv;      /* prefix of digits */
    const char *nuts;     /* prefix */
    kg_date from, to;     /* delivery window meets [from, to]; KG_DATE_NONE = open */
    int track;            /* kg_track or -1 */
    kg_dimension by[KG_VOLUME_DIMENSIONS];
    size_t by_count;
    /* FEED */
    uint64_t since; /* entries with a greater number */
    uint32_t limit; /* at most so many; 0 = the broker's choice */
    /* INCLUSION, CONSISTENCY */
    uint64_t sequence;      /* INCLUSION */
    uint64_t tree_size;     /* 0 = as it is now */
    uint64_t old_tree_size; /* CONSISTENCY */
    uint64_t seen; /* any view: shows this record, at least */
    kg_arena arena;
} kg_query;

void kg_query_init(kg_query *query, kg_view view);
/* May the question be kept, since it shows members' lines to a coordinator? Then it has to be
 * signed, and a tag is not enough. */
bool kg_query_is_kept(const kg_query *query);
void kg_query_fini(kg_query *query);

typedef struct kg_page {
    uint64_t document; /* which answer */
    uint64_t offset;   /* bytes already had */
} kg_page;

#endif
