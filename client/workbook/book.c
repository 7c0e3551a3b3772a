/* SPDX-License-Identifier: EUPL-1.2 */
#include "client/workbook/book.h"

#include <stdlib.h>
#include <string.h>

#define RELATIONS_MAX 1000

/* A part that another one names. */
struct relation {
    const char *id, *type, *target;
};

struct relations {
    struct relation items[RELATIONS_MAX]; /* texts in the book's arena */
    size_t count;
    kg_book *book;
};

static const char *keep(kg_book *book, const char *text)
{
    return kg_arena_text(&book->arena, text ? text : "", text ? strlen(text) : 0);
}

/* ---- relations ---- */

static void on_relation(kg_xml *xml, void *context, const char *name, const char **attributes)
{
    struct relations *relations = context;
    if (strcmp(name, "Relationship") != 0)
        return;
    if (relations->count == RELATIONS_MAX) {
        kg_xml_refuse(xml, "The workbook names more than %d parts.", RELATIONS_MAX);
        return;
    }
    const char *type = kg_xml_attribute(attributes, "Type");
    const char *last = type ? strrchr(type, '/') : NULL;
    relations->items[relations->count++] = (struct relation){
        .id = keep(relations->book, kg_xml_attribute(attributes, "Id")),
        .type = keep(relations->book, last ? last + 1 : NULL),
        .target = keep(relations->book, kg_xml_attribute(attributes, "Target")),
    };
}

static bool read_relations(kg_book *book, const char *part, struct relations *out,
                           kg_problems *problems)
{
    const kg_xml_reader reader = {on_relation, NULL, NULL, out};
    *out = (struct relations){.book = book};
    return kg_xml_read(book->package, part, &reader, problems);
}

static const struct relation *find_type(const struct relations *relations, const char *type)
{
    for (size_t i = 0; i < relations->count; i++)
        if (strcmp(relations->items[i].type, type) == 0)
            return &relations->items[i];
    return NULL;
}

static const struct relation *find_id(const struct relations *relations, const char *id)
{
    for (size_t i = 0; i < relations->count; i++)
        if (strcmp(relations->items[i].id, id) == 0)
            return &relations->items[i];
    return NULL;
}

/* The part that `from` names so: absolute with a slash, else beside it. */
static const char *resolve(kg_book *book, const char *from, const char *target)
{
    kg_buffer out;
    const char *slash = strrchr(from, '/');
    if (*target == '/')
        return target + 1;
    kg_buffer_init(&out);
    kg_buffer_format(&out, "%.*s%s", slash ? (int)(slash - from) + 1 : 0, from, target);
    const char *part = kg_arena_text(&book->arena, out.bytes, out.count);
    kg_buffer_fini(&out);
    return part;
}

/* "xl/workbook.xml" to "xl/_rels/workbook.xml.rels". */
static const char *relations_part(kg_book *book, const char *part)
{
    kg_buffer out;
    const char *slash = strrchr(part, '/');
    const char *name = slash ? slash + 1 : part;
    kg_buffer_init(&out);
    kg_buffer_format(&out, "%.*s_rels/%s.rels", (int)(name - part), part, name);
    const char *text = kg_arena_text(&book->arena, out.bytes, out.count);
    kg_buffer_fini(&out);
    return text;
}

/* ---- the workbook's own part ---- */

struct listing {
    kg_book *book;
    const char *part;
    const struct relations *relations;
};

static void add_sheet(kg_xml *xml, const struct listing *listing, const char **attributes)
{
    kg_book *book = listing->book;
    const char *id = kg_xml_attribute(attributes, "id");
    const char *state = kg_xml_attribute(attributes, "state");
    const struct relation *relation = id ? find_id(listing->relations, id) : NULL;
    if (!relation || strcmp(relation->type, "worksheet") != 0)
        return;
    if (book->count == KG_BOOK_SHEETS_MAX) {
        kg_xml_refuse(xml, "The workbook has more than %d sheets.", KG_BOOK_SHEETS_MAX);
        return;
    }
    book->sheets[book->count++] = (kg_book_sheet){
        .name = keep(book, kg_xml_attribute(attributes, "name")),
        .part = resolve(book, listing->part, relation->target),
        .hidden = state && strcmp(state, "visible") != 0,
    };
}

static void on_workbook(kg_xml *xml, void *context, const char *name, const char **attributes)
{
    struct listing *listing = context;
    if (strcmp(name, "workbookPr") == 0)
        listing->book->from_1904 = kg_xml_true(kg_xml_attribute(attributes, "date1904"));
    else if (strcmp(name, "sheet") == 0)
        add_sheet(xml, listing, attributes);
}

/* What cells stand on; a workbook of numbers alone has neither. */
static bool read_shared(kg_book *book, const char *part, const struct relations *relations,
                        kg_problems *problems)
{
    const struct relation *strings = find_type(relations, "sharedStrings");
    const struct relation *styles = find_type(relations, "styles");
    return (!strings || kg_strings_read(&book->strings, book->package,
                                        resolve(book, part, strings->target), problems)) &&
           (!styles || kg_styles_read(&book->styles, book->package,
                                      resolve(book, part, styles->target), problems));
}

/* The name of the part that lists the sheets; NULL with a problem. */
static const char *find_main(kg_book *book, struct relations *relations, kg_problems *problems)
{
    if (!kg_package_has(book->package, "_rels/.rels")) {
        kg_problems_add(problems, KG_STATUS_FILE_SYNTAX, 0, NULL, NULL,
                        "The file is a zip file, but no workbook (.xlsx). An OpenDocument (.ods) "
                        "must be saved as \"Excel workbook (.xlsx)\".");
        return NULL;
    }
    if (!read_relations(book, "_rels/.rels", relations, problems))
        return NULL;
    const struct relation *document = find_type(relations, "officeDocument");
    const char *part = document ? resolve(book, "", document->target) : "xl/workbook.xml";
    if (kg_package_has(book->package, part) &&
        kg_package_has(book->package, relations_part(book, part)))
        return part;
    kg_problems_add(problems, KG_STATUS_FILE_SYNTAX, 0, NULL, NULL,
                    "The file is no workbook (.xlsx): it lists no sheets.");
    return NULL;
}

bool kg_book_open(kg_book *book, const char *path, kg_problems *problems)
{
    *book = (kg_book){0};
    kg_arena_init(&book->arena);
    kg_strings_init(&book->strings);
    book->package = kg_package_open(path, problems);
    if (!book->package)
        return false;
    struct relations *relations = kg_alloc(1, sizeof *relations);
    const char *part = find_main(book, relations, problems);
    struct listing listing = {book, part, relations};
    const kg_xml_reader reader = {on_workbook, NULL, NULL, &listing};
    bool right = part && read_relations(book, relations_part(book, part), relations, problems) &&
                 kg_xml_read(book->package, part, &reader, problems) &&
                 read_shared(book, part, relations, problems);
    free(relations);
    return right;
}

void kg_book_close(kg_book *book)
{
    kg_package_close(&book->package);
    kg_strings_fini(&book->strings);
    kg_styles_fini(&book->styles);
    kg_arena_fini(&book->arena);
}
