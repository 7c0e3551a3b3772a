/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/settings_scan_file.h"

#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"

typedef struct scanner {
    char *at; /* in the copy, which is changed in place */
    long row;
    int depth;         /* of sections; the grammar itself is libconfuse's to check */
    bool list;         /* inside { } of a value */
    bool after_equals; /* the last thing seen is an equal sign: a brace opens a list */
    kg_settings_scan *scan;
    kg_problems *problems;
} scanner;

static bool refuse(const scanner *s, long row, const char *value, const char *allowed)
{
    kg_problems_add(s->problems, KG_STATUS_FILE_SYNTAX, row, NULL, value, "%s", allowed);
    return false;
}

static void blank_to_line_end(scanner *s)
{
    while (*s->at && *s->at != '\n')
        *s->at++ = ' ';
}

static bool blank_comment(scanner *s)
{
    long row = s->row;
    s->at[0] = s->at[1] = ' ';
    for (s->at += 2; *s->at; s->at++) {
        if (s->at[0] == '*' && s->at[1] == '/') {
            s->at[0] = s->at[1] = ' ';
            s->at += 2;
            return true;
        }
        if (*s->at == '\n')
            s->row++;
        else
            *s->at = ' ';
    }
    return refuse(s, row, "/*", "The comment that begins here has no end: close it with */.");
}

static bool escape(scanner *s, char quote)
{
    char next = s->at[1];
    if (next == '\n')
        s->row++;
    else if (next != '\\' && next != quote && next != '$')
        return refuse(s, s->row, "\\",
                      "Within a text a backslash stands only before \\, $ or the quote, or at the "
                      "end of a line to go on in the next.");
    s->at += 2;
    return true;
}

static bool quoted(scanner *s)
{
    char quote = *s->at++;
    while (*s->at && *s->at != '\n' && *s->at != quote) {
        if (*s->at == '\\') {
            if (!escape(s, quote))
                return false;
        } else if (quote == '"' && s->at[0] == '$' && s->at[1] == '{') {
            return refuse(s, s->row, "${",
                          "Environment variables are not put into texts: write the value, or \\${ "
                          "for the characters themselves.");
        } else {
            s->at++;
        }
    }
    if (*s->at != quote)
        return refuse(s, s->row, NULL, "The text that begins in this line has no closing quote.");
    s->at++;
    s->after_equals = false;
    return true;
}

/* What ends libconfuse's unquoted words. */
static bool ends_word(char c)
{
    return c == '\0' || strchr(" #\"'\t\n\r={}()+,*", c);
}

static bool word(scanner *s)
{
    if (s->at[0] == '$' && s->at[1] == '{')
        return refuse(s, s->row, "${", "Environment variables are not put in: write the value.");
    while (!ends_word(*s->at))
        s->at++;
    s->after_equals = false;
    return true;
}

static void open_brace(scanner *s)
{
    kg_settings_scan *scan = s->scan;
    if (s->after_equals) {
        s->list = true;
    } else if (s->depth++ == 0) {
        scan->section_rows = kg_grow(scan->section_rows, scan->sections_count,
                                     &scan->sections_capacity, sizeof *scan->section_rows);
        scan->section_rows[scan->sections_count++] = s->row;
    }
    s->after_equals = false;
    s->at++;
}

static void close_brace(scanner *s)
{
    if (s->list)
        s->list = false;
    else
        s->depth--;
    s->at++;
}

/* One thing from the text; false when it is refused. */
static bool step(scanner *s)
{
    char c = s->at[0], next = s->at[1];
    switch (c) {
    case '\n':
        s->row++;
        break;
    case '\r':
        *s->at = ' ';
        break;
    case ' ':
    case '\t':
    case ',':
    case '(':
    case ')':
        break;
    case '=':
        s->after_equals = true;
        break;
    case '+':
        if (next != '=')
            return refuse(s, s->row, "+", "A + stands only before =, to add to a list.");
        break;
    case '*':
        return refuse(s, s->row, "*", "A * stands only in comments and quoted texts.");
    case '{':
        open_brace(s);
        return true;
    case '}':
        close_brace(s);
        return true;
    case '"':
    case '\'':
        return quoted(s);
    case '#':
        blank_to_line_end(s);
        return true;
    default:
        if (c == '/' && next == '*')
            return blank_comment(s);
        if (c != '/' || next != '/')
            return word(s);
        blank_to_line_end(s);
        return true;
    }
    s->at++;
    return true;
}

/* A copy without byte order mark and with LF for CR LF; owned. */
static char *copy(const char *text)
{
    const char *from = strncmp(text, "\xef\xbb\xbf", 3) == 0 ? text + 3 : text;
    char *out = kg_strdup(from);
    char *to = out;
    for (; *from; from++) {
        if (from[0] != '\r' || from[1] != '\n')
            *to++ = *from;
    }
    *to = '\0';
    return out;
}

bool kg_settings_scan_text(const char *text, kg_settings_scan *scan, kg_problems *problems)
{
    memset(scan, 0, sizeof *scan);
    scan->text = copy(text);
    scanner s = {.at = scan->text, .row = 1, .scan = scan, .problems = problems};
    while (*s.at) {
        if (!step(&s))
            return false;
    }
    scan->unclosed = s.depth > 0;
    return true;
}

void kg_settings_scan_fini(kg_settings_scan *scan)
{
    free(scan->text);
    free(scan->section_rows);
}
