/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/text.h"

/* The one file of the pure layers that includes stdio.h, for vsnprintf. */
#include <stdio.h>
#include <string.h>

#include "proto/limits.h"

#define MS_PER_DAY 86400000
#define NEAREST_BYTES_MAX 64

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Days since 1970-01-01 of a civil date, in years that begin in March, so that the leap day is a
 * year's last and needs no case of its own; an era is 400 years. */
static int32_t days_of(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = y / 400;
    int year_of_era = y - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static void civil_of(int64_t date, int *year, int *month, int *day)
{
    int64_t z = date + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int day_of_era = (int)(z - era * 146097);
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int m = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * m + 2) / 5 + 1;
    *month = m < 10 ? m + 3 : m - 9;
    *year = (int)(year_of_era + era * 400) + (*month <= 2);
}

static bool digits_at(const char *text, int count, int *out)
{
    *out = 0;
    for (int i = 0; i < count; i++) {
        if (!is_digit(text[i]))
            return false;
        *out = *out * 10 + (text[i] - '0');
    }
    return true;
}

bool kg_date_parse(const char *text, kg_date *out)
{
    int year, month, day;
    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
        return false;
    if (!digits_at(text, 4, &year) || !digits_at(text + 5, 2, &month) ||
        !digits_at(text + 8, 2, &day))
        return false;
    if (year < 1900 || year > 2999 || month < 1 || month > 12 || day < 1)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (day > days[month - 1] + (month == 2 && leap))
        return false;
    *out = days_of(year, month, day);
    return true;
}

void kg_date_write(kg_date date, char out[static KG_DATE_BYTES])
{
    int year, month, day;
    out[0] = '\0';
    if (date == KG_DATE_NONE)
        return;
    civil_of(date, &year, &month, &day);
    kg_text_format(out, KG_DATE_BYTES, "%04d-%02d-%02d", year, month, day);
}

void kg_date_month(kg_date date, int *year, int *month)
{
    int day;
    civil_of(date, year, month, &day);
}

void kg_time_write(int64_t time_ms, char out[static KG_TIME_BYTES])
{
    int64_t day_number = time_ms / MS_PER_DAY, ms = time_ms % MS_PER_DAY;
    int year, month, day;
    if (ms < 0) {
        ms += MS_PER_DAY;
        day_number--;
    }
    civil_of(day_number, &year, &month, &day);
    kg_text_format(out, KG_TIME_BYTES, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", year, month, day,
                   (int)(ms / 3600000), (int)(ms / 60000 % 60), (int)(ms / 1000 % 60),
                   (int)(ms % 1000));
}

bool kg_money_parse(const char *text, int64_t *cents_out)
{
    int64_t units = 0;
    const char *at = text;
    for (; is_digit(*at); at++) {
        units = units * 10 + (*at - '0');
        if (units > KG_VALUE_CENTS_MAX / 100)
            return false;
    }
    if (at == text)
        return false;
    int64_t cents = 0;
    if (*at == '.' || *at == ',') {
        if (!is_digit(at[1]))
            return false;
        cents = (at[1] - '0') * 10;
        at += 2;
        if (is_digit(*at))
            cents += *at++ - '0';
    }
    if (*at != '\0' || units * 100 + cents > KG_VALUE_CENTS_MAX)
        return false;
    *cents_out = units * 100 + cents;
    return true;
}

void kg_money_write(kg_int128 cents, char out[static KG_MONEY_BYTES])
{
    char digits[KG_MONEY_BYTES];
    size_t at = sizeof digits;
    unsigned __int128 left = cents < 0 ? -(unsigned __int128)cents : (unsigned __int128)cents;
    digits[--at] = '\0';
    for (int place = 0; place < 3 || left > 0; place++) {
        if (place == 2)
            digits[--at] = '.';
        uint64_t low = (uint64_t)left; /* all of it nearly always, and much quicker to divide */
        digits[--at] = (char)('0' + (int)(low == left ? low % 10 : left % 10));
        left = low == left ? low / 10 : left / 10;
    }
    if (cents < 0)
        digits[--at] = '-';
    memcpy(out, digits + at, sizeof digits - at);
}

bool kg_integer_parse(const char *text, int64_t min, int64_t max, int64_t *out)
{
    int64_t value = 0;
    if (*text == '\0')
        return false;
    for (const char *at = text; *at; at++) {
        if (!is_digit(*at) || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, *at - '0', &value))
            return false;
    }
    if (value < min || value > max)
        return false;
    *out = value;
    return true;
}

bool kg_id_valid(const char *text)
{
    size_t count = 0;
    for (; text[count]; count++) {
        char c = text[count];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (count == KG_ID_BYTES_MAX || (!letter && !is_digit(c) && !strchr(":._-", c)))
            return false;
    }
    return count > 0;
}

size_t kg_utf8_character(const char *bytes, size_t count)
{
    if (count == 0)
        return 0;
    uint8_t first = (uint8_t)bytes[0];
    if (first < 0x80)
        return 1;
    size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || count < length)
        return 0;
    uint32_t point = first & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        uint8_t next = (uint8_t)bytes[i];
        if ((next & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (next & 0x3fu);
    }
    bool surrogate = point >= 0xd800 && point <= 0xdfff;
    bool overlong = point < (length == 2 ? 0x80u : length == 3 ? 0x800u : 0x10000u);
    return surrogate || overlong || point > 0x10ffff ? 0 : length;
}

/* C0, DEL and C1 (U+0080 to U+009F, in two bytes). */
static bool is_control(const char *character, size_t length)
{
    uint8_t first = (uint8_t)character[0];
    return length == 1 ? first < 0x20 || first == 0x7f
                       : first == 0xc2 && (uint8_t)character[1] < 0xa0;
}

bool kg_text_valid(const char *text, size_t bytes_max)
{
    size_t count = strlen(text);
    if (count == 0 || count > bytes_max)
        return false;
    for (size_t at = 0; at < count;) {
        size_t length = kg_utf8_character(text + at, count - at);
        if (length == 0 || is_control(text + at, length))
            return false;
        at += length;
    }
    return true;
}

size_t kg_text_vformat(char *out, size_t size, const char *format, va_list arguments)
{
    int count = vsnprintf(out, size, format, arguments);
    return count < 0 ? 0 : (size_t)count;
}

void kg_text_format(char *out, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    kg_text_vformat(out, size, format, arguments);
    va_end(arguments);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Least number of letters put in, left out or changed, or of neighbours swapped, that makes the
 * one of the other. Both have at most NEAREST_BYTES_MAX bytes. */
static size_t edits(const char *a, size_t a_count, const char *b, size_t b_count)
{
    size_t rows[3][NEAREST_BYTES_MAX + 1];
    for (size_t j = 0; j <= b_count; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_count; i++) {
        size_t *now = rows[i % 3], *before = rows[(i + 2) % 3], *swapped = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= b_count; j++) {
            char x = lower(a[i - 1]), y = lower(b[j - 1]);
            size_t least = before[j - 1] + (x != y);
            if (before[j] + 1 < least)
                least = before[j] + 1;
            if (now[j - 1] + 1 < least)
                least = now[j - 1] + 1;
            if (i > 1 && j > 1 && x == lower(b[j - 2]) && y == lower(a[i - 2]) &&
                swapped[j - 2] + 1 < least)
                least = swapped[j - 2] + 1;
            now[j] = least;
        }
    }
    return rows[a_count % 3][b_count];
}

const char *kg_text_nearest(const char *text, const char *const *candidates, size_t count)
{
    size_t text_count = strlen(text);
    const char *nearest = NULL;
    size_t fewest = text_count < 3 ? 1 : text_count < 5 ? 2 : 3;
    if (text_count == 0 || text_count > NEAREST_BYTES_MAX)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t candidate_count = strlen(candidates[i]);
        if (candidate_count > NEAREST_BYTES_MAX)
            continue;
        size_t distance = edits(text, text_count, candidates[i], candidate_count);
        if (distance < fewest) {
            fewest = distance;
            nearest = candidates[i];
        }
    }
    return nearest;
}

void kg_hex_write(const uint8_t *bytes, size_t count, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < count; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * count] = '\0';
}

static int hex_digit(char c)
{
    if (is_digit(c))
        return c - '0';
    return lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10 : -1;
}

bool kg_hex_parse(const char *text, uint8_t *out, size_t count)
{
    if (strlen(text) != 2 * count)
        return false;
    for (size_t i = 0; i < count; i++) {
        int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
