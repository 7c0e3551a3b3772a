/* SPDX-License-Identifier: EUPL-1.2 */
/* Texts, dates, money: parsing and writing, without locale, clock or I/O. Parsers take NUL-ended
 * text, return false when it is not wholly what they read, and never print. */
#ifndef KG_TEXT_H
#define KG_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Days since 1970-01-01, proleptic Gregorian. */
typedef int32_t kg_date;
#define KG_DATE_NONE INT32_MIN

#define KG_DATE_BYTES 11    /* "2027-01-31" and a NUL */
#define KG_MONEY_BYTES 48   /* a 128-bit number of cents as a decimal, and a NUL */
#define KG_TIME_BYTES 25    /* "2027-01-31T12:00:00.000Z" and a NUL */

__extension__ typedef __int128 kg_int128;

/* ISO 8601, "2027-01-31"; the day must exist; years 1900 to 2999. */
bool kg_date_parse(const char *text, kg_date *out);
/* KG_DATE_NONE gives "". */
void kg_date_write(kg_date date, char out[static KG_DATE_BYTES]);
/* Year and month 1-12 of a date. */
void kg_date_month(kg_date date, int *year, int *month);
/* Milliseconds since 1970-01-01T00:00Z as ISO 8601 UTC. */
void kg_time_write(int64_t time_ms, char out[static KG_TIME_BYTES]);

/* "800", "800.5", "800.00" and, with a decimal comma, "800,00": cents, at most two decimals, no
 * sign, no thousands separator, no more than KG_VALUE_CENTS_MAX. */
bool kg_money_parse(const char *text, int64_t *cents_out);
void kg_money_write(kg_int128 cents, char out[static KG_MONEY_BYTES]);

/* Decimal digits only, from min to max. */
bool kg_integer_parse(const char *text, int64_t min, int64_t max, int64_t *out);

/* 1-64 of [A-Za-z0-9:._-]. */
bool kg_id_valid(const char *text);
/* Well-formed UTF-8 without control characters, 1 to bytes_max bytes. */
bool kg_text_valid(const char *text, size_t bytes_max);
/* Bytes of the well-formed UTF-8 character at the start of `count` bytes, control characters and
 * NUL too; 0 when there is none (overlong, surrogate, above U+10FFFF, cut). */
size_t kg_utf8_character(const char *bytes, size_t count);

/* snprintf for the pure layers, which do not include stdio.h. Cuts, always NUL-ended. */
__attribute__((format(printf, 3, 4))) void kg_text_format(char *out, size_t size,
                                                          const char *format, ...);
/* The same with a list of arguments; returns the bytes that the whole text takes, without its NUL,
 * so that `out` NULL and size 0 measure. */
__attribute__((format(printf, 3, 0))) size_t kg_text_vformat(char *out, size_t size,
                                                             const char *format, va_list arguments);
/* Marks a sentence for people, or a part of one, where it is not given to a function that
 * client/language/messages.sh knows: the client has its translations. */
#define KG_SAY(text) text
/* The candidate that a mistyped text was meant to be: two letters put in, left out, changed or
 * swapped at most, one where the text has under five, none under three; case apart; the nearest,
 * of equals the first. NULL when there is none. Borrows from `candidates`. */
const char *kg_text_nearest(const char *text, const char *const *candidates, size_t count);
/* Lower-case hexadecimal; out holds 2 * count + 1. */
void kg_hex_write(const uint8_t *bytes, size_t count, char *out);
bool kg_hex_parse(const char *text, uint8_t *out, size_t count);

#endif
