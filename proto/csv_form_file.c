/* SPDX-License-Identifier: EUPL-1.2 */
#include "proto/csv_file.h"

#include <stdint.h>
#include <string.h>

#include "proto/text.h"

struct mark {
    const char *bytes;
    size_t count;
    kg_status status;
    const char *allowed;
};

static const char not_utf8[] =
    KG_SAY("The file is not in UTF-8 (it looks like UTF-16 or UTF-32). Save it as \"CSV UTF-8\".");
static const char workbook[] = KG_SAY(
    "The file is a workbook, not a CSV. Save it as \"CSV UTF-8\" in the spreadsheet program.");

static const struct mark marks[] = {
    {"\xff\xfe", 2, KG_STATUS_ENCODING, not_utf8},
    {"\xfe\xff", 2, KG_STATUS_ENCODING, not_utf8},
    {"\0\0\xfe\xff", 4, KG_STATUS_ENCODING, not_utf8},
    {"PK\x03\x04", 4, KG_STATUS_FILE_SYNTAX, workbook},
    {"\xd0\xcf\x11\xe0", 4, KG_STATUS_FILE_SYNTAX, workbook},
    {"%PDF-", 5, KG_STATUS_FILE_SYNTAX, KG_SAY("The file is a PDF, not a CSV.")},
};

static void refuse(kg_problems *problems, kg_status status, const char *allowed)
{
    kg_problems_add(problems, status, 0, NULL, NULL, "%s", allowed);
}

static bool has_foreign_mark(const char *bytes, size_t count, kg_problems *problems)
{
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (count >= marks[i].count && memcmp(bytes, marks[i].bytes, marks[i].count) == 0) {
            refuse(problems, marks[i].status, marks[i].allowed);
            return true;
        }
    }
    /* ASCII letters in UTF-16 without a mark: every other byte is NUL. */
    if (count >= 4 && ((!bytes[0] && bytes[1] && !bytes[2] && bytes[3]) ||
                       (bytes[0] && !bytes[1] && bytes[2] && !bytes[3]))) {
        refuse(problems, KG_STATUS_ENCODING, not_utf8);
        return true;
    }
    return false;
}

struct header_counts {
    size_t commas, semicolons, tabs, controls;
};

/* Up to the first line end outside quotes, empty lines before it apart. */
static struct header_counts count_header(const char *bytes, size_t count)
{
    struct header_counts out = {0};
    bool quoted = false, begun = false;
    for (size_t i = 0; i < count; i++) {
        char c = bytes[i];
        bool line_end = c == '\r' || c == '\n';
        if (line_end && begun && !quoted)
            break;
        begun = begun || !(line_end || c == ' ');
        quoted = quoted != (c == '"');
        out.commas += c == ',' && !quoted;
        out.semicolons += c == ';' && !quoted;
        out.tabs += c == '\t' && !quoted;
        out.controls += ((unsigned char)c < 0x20 && !line_end && c != '\t') || c == 0x7f;
    }
    return out;
}

bool kg_csv_form_find(const char *bytes, size_t count, kg_csv_form *out, kg_problems *problems)
{
    if (has_foreign_mark(bytes, count, problems))
        return false;
    out->skip = count >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    struct header_counts header = count_header(bytes + out->skip, count - out->skip);
    out->separator = header.semicolons > header.commas ? ';' : ',';
    if (header.controls > 0) {
        refuse(problems, KG_STATUS_FILE_SYNTAX,
               "The file is not a CSV: its first line has bytes that are no text.");
        return false;
    }
    if (header.tabs > 0 && header.commas == 0 && header.semicolons == 0) {
        refuse(problems, KG_STATUS_FILE_SYNTAX,
               "The columns must be separated by commas or semicolons, not by tabs.");
        return false;
    }
    return true;
}

static bool is_utf8(const char *bytes, size_t count)
{
    for (size_t at = 0; at < count;) {
        uint64_t eight;
        if (at + sizeof eight <= count) {
            memcpy(&eight, bytes + at, sizeof eight);
            if ((eight & 0x8080808080808080u) == 0) {
                at += sizeof eight;
                continue;
            }
        }
        size_t length = kg_utf8_character(bytes + at, count - at);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

const char *kg_csv_text_fault(const char *bytes, size_t count)
{
    if (memchr(bytes, '\0', count))
        return KG_SAY("The text has a NUL byte.");
    return is_utf8(bytes, count)
               ? NULL
               : KG_SAY("The text is not valid UTF-8. Save the file as \"CSV UTF-8\".");
}
