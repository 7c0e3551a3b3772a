/* SPDX-License-Identifier: EUPL-1.2 */
/* access ACCESS, with the identities in the folder $ACCESS_KEYS: asks a broker, which access.sh has
 * prepared, every row of the table in every role, and once with a key that is not registered. Where
 * that broker follows one that was asked the same before, $ACCESS_FOLLOWS is the record that it
 * must have read. Exit 0 when each answer was as the table says, nothing in any of them tells of
 * others, and every kind and view has a row. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access_table.h"
#include "raw.h"

static const char *const lines[OBJECTS] = {"L-1", "M-4", "none", "L-1"};
static const char *const rounds[OBJECTS] = {"own", "foreign", "none", "own"};
static const char *const lots[OBJECTS] = {"own/laptop/BE2/1", "foreign/monitor/BE2/1",
                                          "own/laptop/BE2/9", "own/laptop/BE2/1"};
static const char *const tenders[OBJECTS] = {"own-tender", "foreign-tender", "none", "own-tender"};
static const char *const organisations[OBJECTS] = {NULL, "T-4", "NOBODY", "T-2"};
static const char *const askers[ROLES] = {"T-1", "T-C", "T-R", "T-A", "T-W"};
static const uint32_t roles[ROLES] = {KG_ROLE_ORGANISATION, KG_ROLE_COORDINATOR, KG_ROLE_READER,
                                      KG_ROLE_ADMINISTRATOR, KG_ROLE_WITNESS};
static const uint64_t records[OBJECTS] = {1, 2, 1000000, 1};
/* What no answer may hold: what another's plan says, and anybody's price ceiling. */
static const char *const secrets[] = {"M-4", "\"T-4\"", "777.77"};

typedef struct access {
    kg_broker_access broker;
    kg_identity *identity, *stranger; /* of one organisation; the second is not registered */
    kg_client_transport *transport;
    access_role role;
    uint64_t document; /* of another key's answer */
    uint64_t follows; /* the broker asked is not the leader, and shows this record; 0: it leads */
    int failures;
} access;

static bool ask(access *a, const kg_identity *signer, kg_kind kind, const kg_buffer *body,
                kg_reply *reply)
{
    kg_buffer message;
    kg_envelope envelope = raw_envelope(&a->broker, signer, kind, body);
    kg_buffer_init(&message);
    kg_envelope_seal(&envelope, signer, &message);
    bool good = raw_ask(a->transport, &message, reply);
    kg_buffer_fini(&message);
    return good;
}

static bool holds(const kg_reply *reply, const char *text)
{
    return (reply->has_page && memmem(reply->page, reply->page_bytes, text, strlen(text))) ||
           strstr(reply->detail, text) || strstr(reply->result, text);
}

/* An administrator may see who is registered, and keys. */
static void look_for_secrets(access *a, const char *what, const kg_reply *reply)
{
    for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
        if (holds(reply, secrets[i]) && (a->role != ROLE_A || i != 1)) {
            printf("%s by %s tells of %s\n", what, askers[a->role], secrets[i]);
            a->failures++;
        }
}

/* What a follower says in place of it: it leaves to the leader what changes anything, what is
 * journalled before it is shown, and what is known to that one alone. */
static kg_status of_follower(const access *a, kg_kind kind, int view, kg_status expected)
{
    const bool good = expected == KG_STATUS_OK, of_lines = view == KG_VIEW_LINES ||
                      view == KG_VIEW_LOT || view == KG_VIEW_RESULT;
    const bool of_tree = view == KG_VIEW_TREE_HEAD || view == KG_VIEW_INCLUSION ||
                         view == KG_VIEW_CONSISTENCY;
    if (!a->follows || kind == KG_KIND_PAGE || (of_tree && expected == KG_STATUS_ROLE))
        return expected;
    if (kind == KG_KIND_COSIGN)
        return expected == KG_STATUS_ROLE ? expected : KG_STATUS_NOT_LEADER;
    if (kind != KG_KIND_QUERY || of_tree)
        return KG_STATUS_NOT_LEADER;
    return good && of_lines && a->role == ROLE_C ? KG_STATUS_NOT_LEADER : expected;
}

static void expect(access *a, const char *what, kg_kind kind, int view, const kg_buffer *body,
                   kg_status expected)
{
    kg_reply reply;
    bool answered = ask(a, a->identity, kind, body, &reply);
    expected = of_follower(a, kind, view, expected);
    if (!answered || reply.status != expected) {
        printf("%s by %s: %s, not %s. %s\n", what, askers[a->role],
               answered ? kg_status_name(reply.status) : "no answer", kg_status_name(expected),
               reply.detail);
        a->failures++;
    }
    look_for_secrets(a, what, &reply);
    kg_reply_fini(&reply);
    answered = ask(a, a->stranger, kind, body, &reply);
    if (!answered || reply.status != KG_STATUS_UNKNOWN_KEY) {
        printf("%s by an unregistered key of %s: %s\n", what, askers[a->role],
               answered ? kg_status_name(reply.status) : "no answer");
        a->failures++;
    }
    kg_reply_fini(&reply);
}

/* ---- what is asked ---- */

static void set_record(kg_command *command, const char *id, bool orphan)
{
    kg_organisation *record = &command->record;
    kg_text_format(record->id, sizeof record->id, "%s", id);
    free(record->name);
    record->name = kg_strdup(id);
    strcpy(record->nuts.code, "BE211");
    record->languages = 1;
    if (orphan)
        strcpy(record->parent, "NO-PARENT");
}

static void set_round(kg_command *command, access_object object)
{
    kg_round *round = &command->round_rules;
    kg_date today = (kg_date)(raw_wall_ms() / 86400000);
    kg_text_format(round->id, sizeof round->id, "%s", rounds[object]);
    round->delivery_from = today + 200;
    round->delivery_to = today + 300;
    round->opens = today;
    round->closes = today + 10;
    round->confirm_by = today + 20;
    round->reconfirm_by = today + 30;
    round->award_by = today + 40;
    round->bodies_min = 2;
}

/* A fresh key; for FOREIGN one that another organisation has. */
static void set_key(const access *a, access_object object, kg_command *command)
{
    char path[300], organisation[KG_ID_BYTES_MAX + 1];
    kg_random(&command->key, sizeof command->key);
    if (object == FOREIGN && command->kind == KG_KIND_KEY_ADD) {
        kg_text_format(path, sizeof path, "%s/T-4.key.pub", getenv("ACCESS_KEYS"));
        kg_public_key_read(path, organisation, &command->key);
    }
    command->key.roles = roles[a->role];
    command->has_key = command->kind == KG_KIND_KEY_ADD;
}

/* All that any kind says: the codec writes what is the kind's. */
static void write_command(const access *a, const access_row *row, kg_buffer *body)
{
    kg_command command;
    kg_line_draft draft = {0};
    const char *key = lines[row->object], *lot = lots[row->object];
    kg_command_init(&command, (kg_kind)row->what);
    draft.text[KG_COLUMN_LINE] = "N-1";
    draft.text[KG_COLUMN_CATEGORY] = "laptop";
    draft.text[KG_COLUMN_QUANTITY] = "10";
    draft.text[KG_COLUMN_DELIVERY_FROM] = "2027-03-01";
    draft.text[KG_COLUMN_DELIVERY_TO] = "2027-06-30";
    draft.text[KG_COLUMN_NUTS] = "BE211";
    command.submit = (kg_submit){.part = 1, .parts = 1, .drafts = &draft, .count = 1};
    command.round = rounds[row->object];
    command.lot = lot;
    command.tender = "fresh";
    command.lead = "T-2";
    command.organisation = organisations[row->object];
    if (row->what == KG_KIND_LOT_CALL_OFF && row->object != OTHER)
        command.organisation = NULL;
    command.catalogue = "text";
    command.practice = (kg_practice){.key = "fresh", .category = "laptop", .lot = lot};
    command.practice.texts[KG_NAME_EN] = (kg_practice_text){"Title", {"How", "What", "Why"}};
    command.keys = (kg_texts){&key, row->what == KG_KIND_WITHDRAW};
    command.lots = (kg_texts){&lot, 1};
    command.quantity = 1;
    command.award.supplier = "Computers NV";
    command.dates.closes = (kg_date)(raw_wall_ms() / 86400000) + 60;
    command.publication = (kg_publication){5, 60, 80, 15};
    if (row->what == KG_KIND_REGISTER)
        set_record(&command, row->object == OWN ? askers[a->role] : organisations[row->object],
                   row->object == ABSENT);
    else
        set_key(a, row->object, &command);
    set_round(&command, row->object);
    kg_codec_command_encode(&command, NULL, body);
    kg_command_fini(&command);
}

static void write_query(const access *a, const access_row *row, kg_buffer *body)
{
    kg_query query;
    kg_query_init(&query, (kg_view)row->what);
    query.line = lines[row->object];
    query.round = rounds[row->object];
    query.lot = lots[row->object];
    query.tender = tenders[row->object];
    query.practice = "fresh";
    query.organisation = organisations[row->object];
    query.sequence = query.old_tree_size = records[row->object];
    query.seen = a->follows;
    kg_codec_query_encode(&query, body);
    kg_query_fini(&query);
}

static void try_commands(access *a)
{
    static const char *const names[OBJECTS] = {"own", "foreign", "absent", "for another"};
    for (size_t i = 0; i < access_commands_count; i++) {
        const access_row *row = &access_commands[i];
        const kg_page page = {row->object == FOREIGN ? a->document : 12345, 0};
        char what[60];
        kg_buffer body;
        kg_buffer_init(&body);
        if (row->what == KG_KIND_PAGE)
            kg_codec_page_encode(&page, &body);
        else if (row->what == KG_KIND_COSIGN)
            kg_codec_cosign_encode(&(kg_tree_head){.size = 1}, &body);
        else
            write_command(a, row, &body);
        kg_text_format(what, sizeof what, "%s %s", kg_kind_name((kg_kind)row->what),
                       names[row->object]);
        expect(a, what, (kg_kind)row->what, 0, &body, row->expected[a->role]);
        kg_buffer_fini(&body);
    }
}

static void try_views(access *a)
{
    for (size_t i = 0; i < access_views_count; i++) {
        const access_row *row = &access_views[i];
        char what[60];
        kg_buffer body;
        kg_buffer_init(&body);
        write_query(a, row, &body);
        kg_text_format(what, sizeof what, "view %d of object %d", row->what, (int)row->object);
        expect(a, what, KG_KIND_QUERY, row->what, &body, row->expected[a->role]);
        kg_buffer_fini(&body);
    }
}

/* ---- the table is whole ---- */

static bool has_row(const access_row *rows, size_t count, int what)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].what == what)
            return true;
    return false;
}

static bool view_known(int view)
{
    kg_buffer body;
    kg_query query, got;
    char detail[600];
    kg_buffer_init(&body);
    kg_query_init(&query, (kg_view)view);
    kg_codec_query_encode(&query, &body);
    kg_status status = kg_codec_query_decode((const uint8_t *)body.bytes, body.count, &got, detail);
    kg_query_fini(&got);
    kg_query_fini(&query);
    kg_buffer_fini(&body);
    return status == KG_STATUS_OK;
}

static int count_missing(void)
{
    int missing = 0;
    for (int what = 1; what < 1000; what++) {
        const char *kind = what == KG_KIND_QUERY ? NULL : kg_kind_name((kg_kind)what);
        if (kind && !has_row(access_commands, access_commands_count, what)) {
            printf("the table has no row of the kind %s\n", kind);
            missing++;
        }
        if (view_known(what) && !has_row(access_views, access_views_count, what)) {
            printf("the table has no row of view %d\n", what);
            missing++;
        }
    }
    return missing;
}

/* ---- */

static kg_identity *read_identity(const char *name)
{
    char path[300];
    bool needs;
    kg_text_format(path, sizeof path, "%s/%s.key", getenv("ACCESS_KEYS"), name);
    kg_identity *identity = kg_identity_read(path, NULL, &needs);
    if (!identity) {
        printf("%s\n", kg_identity_error());
        exit(2);
    }
    return identity;
}

static void leave_document(access *a)
{
    kg_buffer body;
    kg_query query;
    kg_reply reply;
    kg_buffer_init(&body);
    kg_query_init(&query, KG_VIEW_STATUS);
    kg_codec_query_encode(&query, &body);
    if (ask(a, a->identity, KG_KIND_QUERY, &body, &reply))
        a->document = reply.document;
    kg_reply_fini(&reply);
    kg_query_fini(&query);
    kg_buffer_fini(&body);
}

static bool play(access *a, access_role role, const char *name)
{
    char detail[KG_CLIENT_DETAIL_BYTES];
    a->role = role;
    a->identity = read_identity(name);
    a->stranger = kg_identity_generate(name);
    a->transport = kg_client_transport_new(&a->broker, a->identity);
    bool in = kg_client_transport_connect(a->transport, false, kg_client_now_ms() + RAW_ANSWER_MS,
                                          detail) == KG_CLIENT_LET_IN;
    if (!in) {
        printf("%s is not let in: %s\n", name, detail);
        a->failures++;
    } else if (role == ROLES) {
        leave_document(a);
    } else {
        try_commands(a);
        try_views(a);
    }
    kg_client_transport_destroy(&a->transport);
    kg_identity_destroy(&a->identity);
    kg_identity_destroy(&a->stranger);
    return in;
}

int main(int argc, char **argv)
{
    access a = {0};
    kg_problems problems;
    kg_problems_init(&problems, "access");
    if (argc != 2 || !getenv("ACCESS_KEYS") ||
        !kg_broker_access_read(argv[1], &a.broker, &problems))
        return 2;
    if (getenv("ACCESS_FOLLOWS"))
        a.follows = strtoull(getenv("ACCESS_FOLLOWS"), NULL, 10);
    a.failures = count_missing();
    play(&a, ROLES, "T-2"); /* whose answer the others ask for */
    for (int role = 0; role < ROLES; role++)
        play(&a, (access_role)role, askers[role]);
    kg_problems_fini(&problems);
    printf("%zu rows, %d roles: %d wrong\n", access_commands_count + access_views_count, ROLES,
           a.failures);
    return a.failures ? 1 : 0;
}
