/* SPDX-License-Identifier: EUPL-1.2 */
#include "broker/metrics/http.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

typedef struct server {
    kg_http *http;
    kg_address address;
    int asked; /* on the server's thread; read once it has stopped */
} server;

static unsigned page(void *context, const char *path, kg_buffer *body, const char **type)
{
    server *self = context;
    self->asked++;
    if (strcmp(path, "/page") != 0)
        return 404;
    *type = "text/x-page";
    kg_buffer_format(body, "the page\n");
    return 200;
}

static int begin(void **state)
{
    server *self = calloc(1, sizeof *self);
    char why[200], text[64];
    kg_address any;
    kg_address_parse("127.0.0.1:*", &any);
    self->http = kg_http_listen(&any, why);
    assert_non_null(self->http);
    kg_http_address(self->http, text);
    assert_true(kg_address_parse(text, &self->address));
    assert_true(kg_http_start(self->http, page, self, why));
    *state = self;
    return 0;
}

static int end(void **state)
{
    server *self = *state;
    kg_http_stop(&self->http);
    free(self);
    return 0;
}

static int reach(const server *self)
{
    int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(
        connect(connection, (const struct sockaddr *)&self->address.bytes, self->address.count), 0);
    return connection;
}

/* Sends a request, and reads until the server has nothing more to say. */
static void ask(const server *self, const char *request, char answer[static 2000])
{
    int connection = reach(self);
    size_t count = 0;
    ssize_t got;
    assert_int_equal(write(connection, request, strlen(request)), strlen(request));
    while ((got = read(connection, answer + count, 1999 - count)) > 0)
        count += (size_t)got;
    answer[count] = '\0';
    close(connection);
}

#define REQUEST(method, path) method " " path " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"

static void pages_are_served(void **state)
{
    char answer[2000];
    ask(*state, REQUEST("GET", "/page") "\r\n", answer);
    assert_int_equal(strncmp(answer, "HTTP/1.1 200 ", 13), 0);
    assert_non_null(strstr(answer, "Content-Type: text/x-page\r\n"));
    assert_non_null(strstr(answer, "\r\n\r\nthe page\n"));
    ask(*state, REQUEST("HEAD", "/page") "\r\n", answer);
    assert_int_equal(strncmp(answer, "HTTP/1.1 200 ", 13), 0);
    assert_non_null(strstr(answer, "Content-Length: 9\r\n"));
    assert_null(strstr(answer, "the page"));
    ask(*state, REQUEST("GET", "/else") "\r\n", answer);
    assert_int_equal(strncmp(answer, "HTTP/1.1 404 ", 13), 0);
    assert_non_null(strstr(answer, "Content-Type: text/plain; charset=utf-8\r\n"));
}

static void only_reading_is_allowed(void **state)
{
    static const char *const requests[] = {
        REQUEST("POST", "/page") "Content-Length: 3\r\n\r\nabc", REQUEST("PUT", "/page") "\r\n",
        REQUEST("DELETE", "/page") "\r\n", REQUEST("OPTIONS", "/page") "\r\n"};
    char answer[2000];
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        ask(*state, requests[i], answer);
        assert_int_equal(strncmp(answer, "HTTP/1.1 405 ", 13), 0);
        assert_non_null(strstr(answer, "Allow: GET, HEAD\r\n"));
    }
}

static void nonsense_is_survived(void **state)
{
    char answer[2000], *much = calloc(1, 20001);
    ask(*state, "\x16\x03\x01 nonsense\r\n\r\n", answer);
    memset(much, 'a', 20000); /* more than a connection may hold; it may be cut */
    int connection = reach(*state);
    ssize_t sent = send(connection, much, 20000, MSG_NOSIGNAL);
    assert_true(sent != 0);
    close(connection);
    free(much);
    ask(*state, REQUEST("GET", "/page") "Content-Length: 3\r\n\r\nabc", answer);
    assert_int_equal(strncmp(answer, "HTTP/1.1 200 ", 13), 0);
}

static void silent_connections_hold_nobody_up(void **state)
{
    int silent[8];
    char answer[2000];
    for (int i = 0; i < 8; i++)
        silent[i] = reach(*state);
    ask(*state, REQUEST("GET", "/page") "\r\n", answer);
    assert_int_equal(strncmp(answer, "HTTP/1.1 200 ", 13), 0);
    for (int i = 0; i < 8; i++)
        close(silent[i]);
}

static void address_is_ones_own_until_the_end(void **state)
{
    server *self = *state;
    char why[200];
    assert_null(kg_http_listen(&self->address, why));
    assert_non_null(strstr(why, "cannot listen on 127.0.0.1:"));
    int open = reach(self); /* a connection that stands does not keep it from stopping */
    kg_http_stop(&self->http);
    close(open);
    self->http = kg_http_listen(&self->address, why);
    assert_non_null(self->http);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pages_are_served, begin, end),
        cmocka_unit_test_setup_teardown(only_reading_is_allowed, begin, end),
        cmocka_unit_test_setup_teardown(nonsense_is_survived, begin, end),
        cmocka_unit_test_setup_teardown(silent_connections_hold_nobody_up, begin, end),
        cmocka_unit_test_setup_teardown(address_is_ones_own_until_the_end, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
