/* SPDX-License-Identifier: EUPL-1.2 */
#include "helper_broker.h"

#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "proto/memory.h"
#include "proto/settings_file.h"

#define DEADLINE_MS 10000
#define FEED_PAGE 100 /* entries in one answer */

enum { DOCUMENT = 7, CATALOGUE = 8 }; /* ids of answers */

int64_t fake_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- answering ---- */

void fake_document(kg_reply *reply, const char *bytes, size_t count, uint64_t offset)
{
    size_t left = offset < count ? count - (size_t)offset : 0;
    reply->has_page = true;
    reply->document = DOCUMENT;
    reply->total_bytes = count;
    reply->offset = offset;
    reply->head = FAKE_SEQUENCE;
    reply->page_bytes = left < KG_PAGE_BYTES_MAX ? left : KG_PAGE_BYTES_MAX;
    reply->page = kg_alloc(reply->page_bytes + 1, 1);
    if (reply->page_bytes > 0)
        memcpy(reply->page, bytes + offset, reply->page_bytes);
}

static void answer_feed(uint64_t since, uint64_t last, kg_reply *reply)
{
    kg_buffer text;
    kg_buffer_init(&text);
    kg_buffer_format(&text, "[");
    for (uint64_t i = since + 1; i <= last && i <= since + FEED_PAGE; i++)
        kg_buffer_format(&text, "%s{\"number\":%llu,\"detail\":\"entry %llu\"}",
                         i > since + 1 ? "," : "", (unsigned long long)i, (unsigned long long)i);
    kg_buffer_format(&text, "]");
    fake_document(reply, text.bytes, text.count, 0);
    kg_buffer_fini(&text);
}

static bool answer_query(fake_broker *broker, const kg_envelope *envelope, kg_reply *reply)
{
    kg_query query;
    char detail[600];
    kg_status status =
        kg_codec_query_decode(envelope->body, envelope->body_bytes, &query, detail);
    if (status != KG_STATUS_OK)
        atomic_fetch_add(&broker->wrong, 1);
    else if (query.view == KG_VIEW_FEED)
        answer_feed(query.since, atomic_load(&broker->feed), reply);
    else if (query.view == KG_VIEW_CATALOGUE)
        fake_document(reply, broker->catalogue.bytes, broker->catalogue.count, 0);
    else
        fake_document(reply, broker->document.bytes, broker->document.count, 0);
    if (query.view == KG_VIEW_CATALOGUE)
        reply->document = CATALOGUE;
    kg_query_fini(&query);
    return true;
}

static bool answer_page(fake_broker *broker, const kg_envelope *envelope, kg_reply *reply)
{
    kg_page page;
    bool good =
        kg_codec_page_decode(envelope->body, envelope->body_bytes, &page) == KG_STATUS_OK;
    const kg_buffer *document =
        good && page.document == CATALOGUE ? &broker->catalogue : &broker->document;
    if (good && page.offset < document->count) {
        fake_document(reply, document->bytes, document->count, page.offset);
        reply->document = page.document;
    } else {
        atomic_fetch_add(&broker->wrong, 1);
    }
    return true;
}

bool fake_serve(fake_broker *broker, const fake_request *request, kg_reply *reply)
{
    if (request->envelope.kind == KG_KIND_QUERY)
        return answer_query(broker, &request->envelope, reply);
    if (request->envelope.kind == KG_KIND_PAGE)
        return answer_page(broker, &request->envelope, reply);
    reply->has_receipt = true;
    reply->sequence = FAKE_SEQUENCE;
    reply->time_ms = 1798761600000; /* 2027-01-01 */
    memset(reply->chain, 0xab, sizeof reply->chain);
    reply->tree = (kg_tree_head){.size = FAKE_SEQUENCE, .time_ms = reply->time_ms};
    kg_tree_head_sign(&reply->tree, KG_TREE_BROKER, broker->access.deployment, broker->signer);
    kg_text_format(reply->result, sizeof reply->result, "It is done.");
    return true;
}

static void keep_message(fake_broker *broker, uint32_t kind, const kg_net_message *message)
{
    broker->messages = kg_grow(broker->messages, broker->messages_count,
                               &broker->messages_capacity, sizeof *broker->messages);
    fake_message *kept = &broker->messages[broker->messages_count++];
    *kept = (fake_message){kind, kg_alloc(message->count + 1, 1), message->count};
    memcpy(kept->bytes, message->bytes, message->count);
}

static bool is_kept(const kg_envelope *envelope)
{
    kg_query query;
    char detail[600];
    bool kept = envelope->kind == KG_KIND_QUERY &&
                kg_codec_query_decode(envelope->body, envelope->body_bytes, &query, detail) ==
                    KG_STATUS_OK &&
                kg_query_is_kept(&query);
    if (envelope->kind == KG_KIND_QUERY)
        kg_query_fini(&query);
    return kept;
}

/* As the real one: what may be kept is signed. */
static bool is_from_member(const fake_broker *broker, const kg_envelope *envelope,
                           const kg_public_key *key)
{
    uint8_t shared[KG_SHARED_BYTES];
    if (!envelope->tagged)
        return kg_envelope_signed_by(envelope, key->sign);
    return (envelope->kind == KG_KIND_QUERY || envelope->kind == KG_KIND_PAGE) &&
           !is_kept(envelope) && kg_identity_share(broker->signer, false, key->sign, shared) &&
           kg_envelope_tagged_by(envelope, shared);
}

static bool looks_right(const fake_broker *broker, const kg_net_message *message,
                        const kg_envelope *envelope)
{
    kg_public_key key;
    uint8_t key_id[KG_KEY_ID_BYTES];
    kg_identity_public(broker->member, &key);
    kg_key_id(key.sign, key_id);
    return strcmp(message->organisation, FAKE_MEMBER) == 0 &&
           strcmp(envelope->organisation, FAKE_MEMBER) == 0 &&
           envelope->version == KG_PROTOCOL_VERSION &&
           memcmp(envelope->key_id, key_id, sizeof key_id) == 0 &&
           memcmp(envelope->deployment, broker->access.deployment, KG_DEPLOYMENT_BYTES) == 0 &&
           envelope->expires_ms > (int64_t)time(NULL) * 1000 &&
           is_from_member(broker, envelope, &key);
}

static void serve(fake_broker *broker, const kg_net_message *message)
{
    kg_reply reply;
    kg_buffer out;
    fake_request request = {.peer = message->peer, .bytes = message->bytes,
                            .count = message->count};
    if (kg_envelope_open(message->bytes, message->count, &request.envelope) != KG_STATUS_OK ||
        !looks_right(broker, message, &request.envelope)) {
        atomic_fetch_add(&broker->wrong, 1);
        return;
    }
    kg_reply_init(&reply);
    memcpy(reply.request_id, request.envelope.request_id, sizeof reply.request_id);
    pthread_mutex_lock(&broker->mutex);
    bool answer = broker->handler(broker, &request, &reply);
    keep_message(broker, request.envelope.kind, message);
    pthread_mutex_unlock(&broker->mutex);
    if (answer) {
        kg_buffer_init(&out);
        kg_codec_reply_encode(&reply, &out);
        kg_net_reply(broker->net, &message->peer, (uint8_t *)out.bytes, out.count);
    }
    kg_reply_fini(&reply);
}

static void *serve_all(void *argument)
{
    fake_broker *broker = argument;
    kg_net_message messages[16];
    while (!atomic_load(&broker->stopping)) {
        size_t count = kg_net_receive(broker->net, messages, 16, 1000);
        for (size_t i = 0; i < count; i++) {
            serve(broker, &messages[i]);
            free(messages[i].bytes);
        }
    }
    return NULL;
}

/* ---- life ---- */

static void admit(void *context, kg_net *net)
{
    const fake_broker *broker = context;
    kg_public_key key;
    kg_identity_public(broker->member, &key);
    kg_net_admit(net, key.transport, FAKE_MEMBER);
}

void fake_start(fake_broker *broker)
{
    char error[300] = "";
    const kg_net_options options = {
        .requests = broker->access.requests,
        .feeds = broker->access.feeds,
        .transport_public = broker->access.key,
        .transport_secret = kg_identity_transport_secret(broker->keys),
        .admit = admit,
        .context = broker,
    };
    broker->net = kg_net_start(&options, error);
    if (!broker->net)
        fail_msg("%s", error);
    atomic_store(&broker->stopping, false);
    assert_int_equal(pthread_create(&broker->thread, NULL, serve_all, broker), 0);
}

void fake_stop(fake_broker *broker)
{
    if (!broker->net)
        return;
    atomic_store(&broker->stopping, true);
    kg_net_wake(broker->net);
    pthread_join(broker->thread, NULL);
    kg_net_stop(&broker->net);
}

void fake_join(fake_broker *broker, const fake_broker *first)
{
    bool protected;
    fake_stop(broker);
    kg_identity_destroy(&broker->member);
    broker->member = kg_identity_read(first->identity_path, NULL, &protected);
    assert_non_null(broker->member);
    broker->signer = first->signer;
    memcpy(broker->access.deployment, first->access.deployment, sizeof broker->access.deployment);
    memcpy(broker->access.sign, first->access.sign, sizeof broker->access.sign);
    assert_true(kg_broker_access_write(broker->access_path, &broker->access));
    fake_start(broker);
}

static void make_files(fake_broker *broker)
{
    kg_text_format(broker->folder, sizeof broker->folder, "/tmp/kopgroep-client-XXXXXX");
    assert_non_null(mkdtemp(broker->folder));
    kg_text_format(broker->access_path, sizeof broker->access_path, "%s/broker.access",
                   broker->folder);
    kg_text_format(broker->identity_path, sizeof broker->identity_path, "%s/member",
                   broker->folder);
    kg_text_format(broker->plan_path, sizeof broker->plan_path, "%s/plan.csv", broker->folder);
    assert_true(kg_broker_access_write(broker->access_path, &broker->access));
    assert_true(kg_identity_write(broker->member, broker->identity_path, NULL));
}

static void read_catalogue(fake_broker *broker)
{
    char bytes[4096];
    size_t got;
    FILE *file = fopen(KG_SOURCE_DIR "/config/catalogue.conf", "re");
    assert_non_null(file);
    while ((got = fread(bytes, 1, sizeof bytes, file)) > 0)
        kg_buffer_add(&broker->catalogue, bytes, got);
    fclose(file);
}

int fake_setup(void **state)
{
    fake_broker *broker = kg_alloc(1, sizeof *broker);
    kg_public_key key;
    *state = broker;
    pthread_mutex_init(&broker->mutex, NULL);
    kg_buffer_init(&broker->catalogue);
    kg_buffer_init(&broker->document);
    read_catalogue(broker);
    kg_buffer_format(&broker->document, "{\"small\":true}");
    broker->handler = fake_serve;
    broker->keys = kg_identity_generate("BROKER");
    broker->signer = broker->keys;
    broker->member = kg_identity_generate(FAKE_MEMBER);
    kg_identity_public(broker->keys, &key);
    memcpy(broker->access.key, key.transport, sizeof broker->access.key);
    memcpy(broker->access.sign, key.sign, sizeof broker->access.sign);
    kg_random(broker->access.deployment, sizeof broker->access.deployment);
    kg_text_format(broker->access.requests, sizeof broker->access.requests, "tcp://127.0.0.1:*");
    kg_text_format(broker->access.feeds, sizeof broker->access.feeds, "tcp://127.0.0.1:*");
    fake_start(broker);
    kg_text_format(broker->access.requests, sizeof broker->access.requests, "%s",
                   kg_net_requests(broker->net));
    kg_text_format(broker->access.feeds, sizeof broker->access.feeds, "%s",
                   kg_net_feeds(broker->net));
    make_files(broker);
    return 0;
}

int fake_setup_open(void **state)
{
    fake_setup(state);
    fake_open(*state, 30000);
    return 0;
}

static void remove_files(const fake_broker *broker)
{
    char command[128];
    kg_text_format(command, sizeof command, "rm -r '%s'", broker->folder);
    assert_int_equal(system(command), 0);
}

int fake_teardown(void **state)
{
    fake_broker *broker = *state;
    kopgroep_close(&broker->session);
    fake_stop(broker);
    int wrong = atomic_load(&broker->wrong);
    for (size_t i = 0; i < broker->messages_count; i++)
        free(broker->messages[i].bytes);
    free(broker->messages);
    remove_files(broker);
    kg_buffer_fini(&broker->catalogue);
    kg_buffer_fini(&broker->document);
    kg_identity_destroy(&broker->keys);
    kg_identity_destroy(&broker->member);
    pthread_mutex_destroy(&broker->mutex);
    free(broker);
    return wrong;
}

/* ---- what tests ask ---- */

void fake_handle(fake_broker *broker, fake_handler handler)
{
    pthread_mutex_lock(&broker->mutex);
    broker->handler = handler;
    pthread_mutex_unlock(&broker->mutex);
}

void fake_fill_document(fake_broker *broker, size_t count)
{
    pthread_mutex_lock(&broker->mutex);
    kg_buffer_fini(&broker->document);
    kg_buffer_init(&broker->document);
    while (broker->document.count < count)
        kg_buffer_format(&broker->document, "%zu,", broker->document.count);
    broker->document.count = count;
    pthread_mutex_unlock(&broker->mutex);
}

void fake_open(fake_broker *broker, int timeout_ms)
{
    kopgroep_answer answer;
    const kopgroep_options options = {
        .broker = broker->access_path,
        .identity = broker->identity_path,
        .timeout_ms = timeout_ms,
        .keep_heads = broker->keep_heads,
        .keep_receipts = broker->keep_heads,
    };
    broker->session = kopgroep_open(&options, &answer);
    if (!broker->session)
        fail_msg("%s", answer.detail);
    kopgroep_answer_fini(&answer);
}

size_t fake_came(fake_broker *broker, uint32_t kind)
{
    size_t count = 0;
    pthread_mutex_lock(&broker->mutex);
    for (size_t i = 0; i < broker->messages_count; i++)
        count += kind == 0 || broker->messages[i].kind == kind;
    pthread_mutex_unlock(&broker->mutex);
    return count;
}

void fake_await(fake_broker *broker, uint32_t kind, size_t count)
{
    for (int64_t deadline = fake_now_ms() + DEADLINE_MS; fake_came(broker, kind) < count;) {
        if (fake_now_ms() > deadline)
            fail_msg("waited in vain for %zu messages", count);
        poll(NULL, 0, 1);
    }
}

fake_message fake_nth(fake_broker *broker, uint32_t kind, size_t n)
{
    fake_message found = {0};
    pthread_mutex_lock(&broker->mutex);
    for (size_t i = 0; i < broker->messages_count && !found.bytes; i++)
        if ((kind == 0 || broker->messages[i].kind == kind) && n-- == 0)
            found = broker->messages[i];
    pthread_mutex_unlock(&broker->mutex);
    assert_non_null(found.bytes);
    return found;
}

kg_envelope fake_envelope(const fake_message *message)
{
    kg_envelope envelope;
    assert_int_equal(
        kg_envelope_open((const uint8_t *)message->bytes, message->count, &envelope),
        KG_STATUS_OK);
    return envelope;
}

void fake_write_file(const char *path, const char *text, size_t count)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, count, file), count);
    assert_int_equal(fclose(file), 0);
}
