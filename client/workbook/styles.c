/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/workbook/styles.h"

#include <stdlib.h>
#include <string.h>

#include "proto/memory.h"

#define ZEROS_MAX 40
#define FORMATS_MAX 1000 /* a spreadsheet program writes at most some 250 */

/* A number format of the workbook's own. */
struct format {
    long id;
    kg_style style;
};

struct reading {
    kg_styles *styles;
    struct format *formats; /* owned */
    size_t count, capacity;
    bool cells; /* within <cellXfs>: the styles that cells name */
};

/* Formats that every workbook has, by number: days (not times) of all languages. */
static bool is_day(long id)
{
    return (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 31) || id == 36 ||
           (id >= 50 && id <= 54) || id == 57 || id == 58;
}

/* Behind a quoted text, a bracket or an escaped character that begins here; `at` where there is
 * none. */
static const char *behind_literal(const char *at)
{
    const char *end = at;
    if (*at == '\\' || *at == '_' || *at == '*')
        return at[1] ? at + 2 : at + 1;
    if (*at == '"')
        end = strchr(at + 1, '"');
    else if (*at == '[')
        end = strchr(at, ']');
    else
        return at;
    return end ? end + 1 : at + strlen(at);
}

kg_style kg_style_of(const char *format)
{
    kg_style style = {0};
    size_t zeros = strspn(format, "0");
    if (zeros > 1 && zeros < ZEROS_MAX && format[zeros] == '\0')
        style.zeros = (unsigned char)zeros;
    if (strcasecmp(format, "General") == 0)
        return style;
    for (const char *at = format; *at && *at != ';';) {
        const char *behind = behind_literal(at);
        if (behind != at) {
            at = behind;
            continue;
        }
        style.date = style.date || strchr("yYdD", *at);
        at++;
    }
    return style;
}

static void add_format(kg_xml *xml, struct reading *reading, const char **attributes)
{
    const char *id = kg_xml_attribute(attributes, "numFmtId");
    const char *code = kg_xml_attribute(attributes, "formatCode");
    if (!id || !code)
        return;
    if (reading->count == FORMATS_MAX)
        kg_xml_refuse(xml, "The workbook has more than %d number formats.", FORMATS_MAX);
    reading->formats =
        kg_grow(reading->formats, reading->count, &reading->capacity, sizeof *reading->formats);
    reading->formats[reading->count++] = (struct format){strtol(id, NULL, 10), kg_style_of(code)};
}

static void add_style(kg_xml *xml, struct reading *reading, const char **attributes)
{
    kg_styles *styles = reading->styles;
    const char *text = kg_xml_attribute(attributes, "numFmtId");
    long id = text ? strtol(text, NULL, 10) : 0;
    kg_style style = {.date = is_day(id)};
    for (size_t i = 0; i < reading->count; i++)
        if (reading->formats[i].id == id)
            style = reading->formats[i].style;
    if (styles->count == KG_STYLES_MAX)
        kg_xml_refuse(xml, "The workbook has more than %d styles.", KG_STYLES_MAX);
    styles->items = kg_grow(styles->items, styles->count, &styles->capacity, sizeof *styles->items);
    styles->items[styles->count++] = style;
}

static void on_start(kg_xml *xml, void *context, const char *name, const char **attributes)
{
    struct reading *reading = context;
    if (strcmp(name, "numFmt") == 0)
        add_format(xml, reading, attributes);
    else if (strcmp(name, "cellXfs") == 0)
        reading->cells = true;
    else if (reading->cells && strcmp(name, "xf") == 0)
        add_style(xml, reading, attributes);
}

static void on_end(kg_xml *xml, void *context, const char *name)
{
    (void)context;
    if (strcmp(name, "cellXfs") == 0)
        kg_xml_stop(xml); /* what follows is not asked */
}

void kg_styles_fini(kg_styles *styles)
{
    free(styles->items);
    *styles = (kg_styles){0};
}

bool kg_styles_read(kg_styles *styles, kg_package *package, const char *part, kg_problems *problems)
{
    struct reading reading = {.styles = styles};
    const kg_xml_reader reader = {on_start, on_end, NULL, &reading};
    bool right = kg_xml_read(package, part, &reader, problems);
    free(reading.formats);
    return right;
}

kg_style kg_styles_at(const kg_styles *styles, size_t index)
{
    return index < styles->count ? styles->items[index] : (kg_style){0};
}
